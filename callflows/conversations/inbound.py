"""A patient calls the practice."""

from __future__ import annotations

from callflows.conversations.kept import keep_for_clinician
from callflows.conversations.symptom import symptom
from callflows.dialogues.dial_in import DIALLED_IN, DialledIn, dial_in
from callflows.dialogues.emergency_911 import emergency_words
from callflows.dialogues.fallback import taken_over, to_fallback
from callflows.dialogues.identity import need_nobody_ill, verify
from callflows.dialogues.illness import make_sure_of_errand
from callflows.dialogues.people import handled, reach_agent
from callflows.dialogues.promises import NoNumber, keep_promise, leave_message
from callflows.dialogues.questions import STAR, TOLD, SymptomHeard, WantsPerson, choose_language, judge_language
from callflows.dialogues.reasons import reason
from callflows.dialogues.talking import ClinicianAsked
from callflows.prompts import own_words
from callflows.values import Call, Service
from callflows.vocabulary import Answer, Dialogue, Do, Fact, Flow, NoteCall, Outcome, Say, StartRecording, TakenOver
from callflows.vocabulary.hearing import ILL


def inbound(call: Call) -> Flow:
    """Say the emergency words, ask for the language and the reason, then find the right person or make a promise."""
    yield Say("emergency", emergency_words(call.practice.languages))
    try:
        return (yield from supervised(call.speaking(call.practice.languages[0])))
    except ClinicianAsked as asked:
        kept = asked
    return (yield from keep_for_clinician(kept))


def supervised(call: Call) -> Flow:
    """Serve the caller, unless a supervisor takes over. Returns the outcome."""
    try:
        call, answer = yield from choose_language(call)
        return (yield from helped(call, answer))
    except TakenOver:
        return (yield from taken_over(call, "takeover"))


def helped(call: Call, answer: Answer) -> Flow:
    """Serve the caller; an illness goes first whenever one is heard. Returns the outcome.

    ``answer`` is what was said when the caller was asked for the language.
    """
    words, danger, help_line, noticed = "", TOLD, "", False
    try:
        judge_language(call, answer)
        yield Do("language/note", NoteCall(language=call.language))
        done = yield from star_at_greeting(call, answer)
        if done is None:
            noticed = True
            done = yield from served(call)
        if isinstance(done, Outcome):
            return done
        call = call.caring(done)
    except DialledIn:
        return Outcome(DIALLED_IN)
    except SymptomHeard as heard:
        words, danger, help_line = heard.words, heard.danger, heard.help_line
    except NoNumber:
        return (yield from to_fallback(call, "unreachable"))
    return (yield from cared_for(call, words, danger, noticed, help_line))


def cared_for(call: Call, words: str, danger: str, noticed: bool, help_line: str) -> Flow:
    """Care for whoever told of an illness. Where only the ear says so, it may be an errand. Returns the outcome.

    ``noticed``: the caller was told of recordings.
    """
    try:
        if danger == ILL:
            return (yield from errand(call, words, noticed))
    except SymptomHeard as heard:
        words, danger, help_line = heard.words, heard.danger, heard.help_line
    except NoNumber:
        return (yield from to_fallback(call, "errand/unreachable"))
    return (yield from symptom(call, words, danger, noticed, help_line))


def errand(call: Call, words: str, noticed: bool) -> Flow:
    """Bring whoever says that nobody is ill to a person. Returns the outcome; raises SymptomHeard where one may be."""
    yield from make_sure_of_errand(call, "errand", words)
    if noticed:
        yield Do("errand/record", StartRecording())
    return (yield from reach_agent(call, call.practice.any_service(), key="errand"))


def star_at_greeting(call: Call, answer: Answer) -> Dialogue:
    """Let whoever pressed star when asked for the language dial in. Raises DialledIn and SymptomHeard.

    Returns the outcome where they want a person instead, who is brought to one unrecorded: they have heard no notice.
    """
    if answer != STAR:
        return None
    try:
        yield from dial_in(call, "dial-in")
    except WantsPerson:
        return (yield from reach_agent(call, call.practice.any_service(), key="dial-in/person"))
    return None


def served(call: Call) -> Dialogue:
    """Serve the caller, or find a person as soon as they ask for one.

    Returns the outcome, or the service that was chosen where it is clinical. Raises DialledIn.
    """
    try:
        service = yield from reason(call)
        if service.clinical:
            return service
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
    """Handle what is not clinical: learn who is calling, whether we are open, and who takes it. Returns the outcome.

    Raises SymptomHeard where somebody is ill after all.
    """
    identity = yield from verify(call, service)
    if identity == "failed":
        yield from need_nobody_ill(call)
    if identity == "new" and service.new_patients != "agent":
        return (yield from newcomer(call, service))
    opening = yield Fact("office/opening", "opening")
    if opening.get("closure"):
        yield Say("office/closure", (own_words(opening["closure"], call.language),))
    return (yield from handled(call, service, is_open=opening["open"] == "yes"))
