"""The listed number of an organisation rings, because somebody who gave its code asked to be rung back there.

Only the key proves that somebody is there: greetings of machines and switchboards say yes, and sure, and hold. An
illness in words is heard all the same. Nothing is recorded here: the notice was heard on another line. The page has
gone on meanwhile, and so has the promise of the line before, whatever comes of this one.
"""

from __future__ import annotations

from callflows.conversations.kept import keep_for_clinician
from callflows.conversations.symptom import emergency, stay_until_reached
from callflows.dialogues.emergency_911 import red_flag_words
from callflows.dialogues.fallback import taken_over
from callflows.dialogues.listed import PROVED
from callflows.dialogues.questions import SymptomHeard, danger_of
from callflows.dialogues.talking import ClinicianAsked
from callflows.values import Call, more_urgent
from callflows.vocabulary import (
    Answer,
    Ask,
    ConfirmCallBack,
    Dialogue,
    Do,
    Fact,
    Flow,
    HungUp,
    NoteCall,
    Outcome,
    Pressed,
    ResumeEscalation,
    Say,
    Spoke,
    TakenOver,
)
from callflows.vocabulary.hearing import CALM, GRAVE, NO

TRIES = range(3)
"""A greeting takes the first: whoever picks up says who they are before they have heard what is asked."""
KEY = Pressed("1")
REFUSALS = (Pressed("2"), Pressed("0"))
CONFIRMED = "confirmed"
ALARMED = "alarmed"
"""Somebody told of an emergency and did not press the key: they are cared for, and nothing is proved."""


def listed_number(call: Call) -> Flow:
    """Say nothing but who rings before a key is pressed. Returns the outcome."""
    call = call.in_care()
    try:
        return (yield from supervised(call))
    except HungUp:
        return Outcome("hung up, care goes on")
    except ClinicianAsked as asked:
        kept = asked
    return (yield from keep_for_clinician(kept))


def supervised(call: Call) -> Flow:
    """Bring whoever is there to the clinician, unless a supervisor takes over. Returns the outcome."""
    try:
        known = yield Fact("urgency", "call_urgency")
        there, urgency = yield from somebody_there(call, more_urgent("urgent", known["urgency"]))
        if not there:
            yield Say("goodbye", call.lines("farewell"))
            return Outcome("not reached")
        if there == CONFIRMED:
            yield from note_reached(call, urgency)
        return (yield from stay(call, urgency))
    except TakenOver:
        return (yield from taken_over(call, "takeover"))


def somebody_there(call: Call, urgency: str) -> Dialogue:
    """Who is there, with the urgency from now on: CONFIRMED where the key was pressed, ALARMED or else "".

    Greetings of machines name 911 too, so that such words raise the page, and the question is asked once more. Whoever
    told of an emergency is kept, whatever they do next.
    """
    alarmed = ""
    lines = (call.line("listed.called", practice=call.practice.name), *call.lines("listed.press"))
    for attempt in TRIES:
        answer = yield Ask(f"ready/{attempt}", lines, speech=True, timeout=6, language=call.language)
        if answer == KEY:
            return CONFIRMED, urgency
        if is_refusal(answer):
            break
        if isinstance(answer, Spoke) and danger_of(answer) in call.alarms:
            alarmed, urgency = ALARMED, "emergent"
            yield from raise_page(call, f"ready/{attempt}", danger_of(answer))
    return alarmed, urgency


def is_refusal(answer: Answer) -> bool:
    """Whether whoever is there wants no call: nobody asks them again."""
    said_no = isinstance(answer, Spoke) and (answer.reply, danger_of(answer)) == (NO, CALM)
    return answer in REFUSALS or said_no


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
