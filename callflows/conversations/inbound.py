"""A patient calls the practice."""

from __future__ import annotations

from callflows.conversations.symptom import symptom
from callflows.dialogues.emergency_911 import emergency_words
from callflows.dialogues.fallback import taken_over, to_fallback
from callflows.dialogues.identity import feels_ill, verify
from callflows.dialogues.people import handled, reach_agent
from callflows.dialogues.promises import NoNumber, keep_promise, leave_message
from callflows.dialogues.questions import SymptomHeard, WantsPerson, choose_language
from callflows.dialogues.reasons import reason
from callflows.prompts import own_words
from callflows.values import Call, Service
from callflows.vocabulary import Do, Fact, Flow, NoteCall, Say, StartRecording, TakenOver


def inbound(call: Call) -> Flow:
    """Say the emergency words, ask for the language and the reason, then find the right person or make a promise."""
    yield Say("emergency", emergency_words(call.practice.languages))
    try:
        call = yield from choose_language(call)
        yield Do("language/note", NoteCall(language=call.language))
        return (yield from helped(call))
    except TakenOver:
        return (yield from taken_over(call, "takeover"))


def helped(call: Call) -> Flow:
    """Serve the caller; a symptom goes first whenever one is heard. Returns the outcome."""
    try:
        return (yield from served(call))
    except SymptomHeard as heard:
        return (yield from symptom(call, heard.words))
    except NoNumber:
        return (yield from to_fallback(call, "unreachable"))


def served(call: Call) -> Flow:
    """Serve the caller, or find a person as soon as they ask for one. Returns the outcome."""
    try:
        service = yield from reason(call)
        if service.clinical:
            return (yield from symptom(call.caring(service)))
        return (yield from office(call, service))
    except WantsPerson:
        yield Do("person/record", StartRecording())
        return (yield from reach_agent(call, call.practice.any_service(), key="person"))


def newcomer(call: Call, service: Service) -> Flow:
    """Serve somebody who is no patient yet as the practice wants, at any hour. Returns the outcome."""
    if service.new_patients == "message":
        return (yield from leave_message(call, service, "office/new/message"))
    return (yield from keep_promise(call, service, "office/new/promise"))


def office(call: Call, service: Service) -> Flow:
    """Handle what is not clinical: learn who is calling, whether we are open, and who takes it. Returns the outcome."""
    identity = yield from verify(call, service)
    if identity == "failed":
        ill = yield from feels_ill(call)
        if ill:
            return (yield from symptom(call))
    if identity == "new" and service.new_patients != "agent":
        return (yield from newcomer(call, service))
    opening = yield Fact("office/opening", "opening")
    if opening.get("closure"):
        yield Say("office/closure", (own_words(opening["closure"], call.language),))
    return (yield from handled(call, service, is_open=opening["open"] == "yes"))
