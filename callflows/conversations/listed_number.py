"""The listed number of an organisation rings, because somebody who gave its code asked to be rung back there.

Only whoever presses 1, or says as much, proves that they are there: no machine does, and no switchboard. The page has
gone on meanwhile, and so has the promise of the line before, whatever comes of this one.
"""

from __future__ import annotations

from callflows.conversations.symptom import emergency, stay_until_reached
from callflows.dialogues.emergency_911 import red_flag_words
from callflows.dialogues.fallback import taken_over
from callflows.dialogues.listed import PROVED
from callflows.dialogues.questions import SymptomHeard, WantsPerson, reply_of
from callflows.values import Call
from callflows.vocabulary import (
    Ask,
    ConfirmCallBack,
    Dialogue,
    Do,
    Flow,
    HungUp,
    NoteCall,
    Outcome,
    ResumeEscalation,
    Say,
    StartRecording,
    TakenOver,
)
from callflows.vocabulary.hearing import GRAVE, YES

TRIES = range(2)
ALARMED = "alarmed"
"""Somebody told of an emergency to the end and pressed nothing: they are cared for, and nothing is proved."""


def listed_number(call: Call) -> Flow:
    """Say nothing but who rings before a key is pressed. Returns the outcome."""
    call = call.in_care()
    try:
        return (yield from supervised(call))
    except HungUp:
        return Outcome("hung up, care goes on")


def supervised(call: Call) -> Flow:
    """Bring whoever is there to the clinician, unless a supervisor takes over. Returns the outcome."""
    try:
        there, urgency = yield from somebody_there(call)
        if not there:
            return Outcome("not reached")
        if there == YES:
            yield from note_reached(call, urgency)
        return (yield from stay(call, urgency))
    except TakenOver:
        return (yield from taken_over(call, "takeover"))


def somebody_there(call: Call) -> Dialogue:
    """Who is there, with the urgency: YES where a key was pressed or as much was said, ALARMED or else "".

    Greetings of machines name 911 too, so that such words raise the page, and the question is asked once more.
    """
    urgency = "urgent"
    for attempt in TRIES:
        danger = ""
        lines = (call.line("listed.called", practice=call.practice.name), *call.lines("notice", "listed.press"))
        answer = yield Ask(f"ready/{attempt}", lines, speech=True, timeout=6, language=call.language)
        try:
            if reply_of(call, answer) == YES:
                return YES, urgency
        except WantsPerson:
            continue
        except SymptomHeard as heard:
            danger = heard.danger
        if danger:
            urgency = "emergent"
            yield from raise_page(call, f"ready/{attempt}", danger)
    return ALARMED if danger else "", urgency


def raise_page(call: Call, key: str, danger: str) -> Dialogue:
    """Page as for an emergency, and say the 911 words, unless what was heard was signed without them."""
    yield Do(f"{key}/note", NoteCall(urgency="emergent"))
    if danger != GRAVE:
        yield Say(f"{key}/911", red_flag_words(call))
    yield Do(f"{key}/page", ResumeEscalation("emergent"))


def note_reached(call: Call, urgency: str) -> Dialogue:
    """Note that they were reached at the listed number, unless its code was withdrawn meanwhile."""
    confirmed = yield Do("confirmed", ConfirmCallBack())
    yield Do("reached", NoteCall(language=call.language, caller_level=PROVED if confirmed.won else None))
    yield Do("record", StartRecording())
    yield Say("told", call.lines("listed.reached" if confirmed.won else "listed.stay"))
    yield Do("page", ResumeEscalation(urgency))


def stay(call: Call, urgency: str) -> Flow:
    """Wait with them for the clinician. Returns the outcome."""
    if urgency == "emergent":
        return (yield from stay_until_reached(call.in_emergency(), urgency, "emergency"))
    try:
        return (yield from stay_until_reached(call, urgency, "clinician"))
    except SymptomHeard as heard:
        words, danger = heard.words, heard.danger
    yield Do("worse", NoteCall(symptom=True, urgency="urgent", complaint=words))
    return (yield from emergency(call, danger == GRAVE))
