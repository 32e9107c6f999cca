"""A professional calls: hospital, laboratory or pharmacy, straight to the clinician on call."""

from __future__ import annotations

from callflows.conversations.symptom import emergency, page_clinician, urgent_callback
from callflows.dialogues.emergency_911 import emergency_words
from callflows.dialogues.fallback import taken_over
from callflows.dialogues.questions import Option, SymptomHeard, WantsPerson, choose_language, free_words, menu
from callflows.dialogues.red_flags import raises
from callflows.values import Call
from callflows.vocabulary import Dialogue, Do, Flow, HungUp, NoteCall, Outcome, Say, StartRecording, TakenOver

CALLERS = (
    Option("1", "hospital", ("hospital",)),
    Option("2", "laboratory", ("lab*",)),
    Option("3", "pharmacy", ("pharmacy", "farmacia")),
)
UNKNOWN = "professional"


def backline(call: Call) -> Flow:
    """Ask who calls and about what, then page whoever is on call. A dropped line does not end the page."""
    yield Say("emergency", emergency_words(call.practice.languages))
    try:
        call = yield from choose_language(call)
        return (yield from supervised(call))
    except HungUp:
        yield Do("backline/dropped", urgent_callback(call))
        return Outcome("hung up, care goes on")


def supervised(call: Call) -> Flow:
    """Handle the professional's matter, unless a supervisor takes over. Returns the outcome."""
    try:
        return (yield from professional(call))
    except TakenOver:
        return (yield from taken_over(call, "takeover"))


def professional(call: Call) -> Flow:
    """Take the matter in a few words and page. Returns the outcome."""
    yield Say("backline/notice", call.lines("notice"))
    source, said = yield from who_calls(call)
    yield Do(
        "backline/note", NoteCall(language=call.language, service=f"backline-{source}", urgency="urgent", symptom=True)
    )
    yield Do("backline/record", StartRecording())
    words = yield from matter(call, source, said)
    yield Do("backline/complaint", NoteCall(complaint=words))
    try:
        if raises(words, call.practice.protocol.red_flags):
            raise SymptomHeard(words)
        return (yield from page_clinician(call, "urgent", "backline"))
    except SymptomHeard:
        return (yield from emergency(call))


def who_calls(call: Call) -> Dialogue:
    """Returns the kind of professional, and what they said where that stayed unclear: it must not hold up a result."""
    try:
        source = yield from menu(call, "backline/who", call.lines("backline.who"), CALLERS)
    except SymptomHeard as heard:
        return UNKNOWN, heard.words
    except WantsPerson:
        return UNKNOWN, ""
    return source, ""


def matter(call: Call, source: str, said: str) -> Dialogue:
    """Returns what the call is about. Callers who were not understood, or want a person, are asked nothing more."""
    if said or source == UNKNOWN:
        return said
    try:
        return (yield from free_words(call, "backline/words", call.lines("backline.reason")))
    except WantsPerson:
        return ""
