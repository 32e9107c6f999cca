"""Whoever is left by the person who asked for a clinician is kept for that clinician, and is put in line for nobody.

They are told, and wait as everybody does for whom a clinician is paged: with the same words and keys, whether they say
anything or not. The ladder goes on whoever leaves.
"""

from __future__ import annotations

from callflows.conversations.symptom import emergency, stay_until_reached
from callflows.dialogues.emergency_911 import red_flag_words
from callflows.dialogues.fallback import taken_over
from callflows.dialogues.promises import urgent_callback
from callflows.dialogues.questions import SymptomHeard
from callflows.dialogues.screening import WARNED
from callflows.dialogues.talking import CALL_BACK, WORSE, ClinicianAsked, have_left, talk_through
from callflows.values import Call
from callflows.vocabulary import (
    CutShort,
    Dialogue,
    Do,
    Fact,
    Flow,
    HoldCaller,
    HungUp,
    NoteCall,
    OpenPromise,
    Outcome,
    ResumeEscalation,
    Say,
    TakenOver,
)
from callflows.vocabulary.hearing import GRAVE

WITH_CLINICIAN = Outcome("with a clinician")


def keep_for_clinician(asked: ClinicianAsked, key: str = "kept") -> Flow:
    """Keep a caller for the clinician who was asked for. Returns the outcome.

    A call that reached somebody has that outcome, whether the clinician comes or not: they brought the clinician in. A
    caller whose line is over before that is called back.
    """
    call, urgency, reached = asked.call, asked.urgency, asked.reached
    if asked.gone:
        yield Do(f"{key}/dropped", urgent_callback(call, urgency))
        return reached
    if asked.tells == CALL_BACK:
        yield from _owe(call, urgent_callback(call, urgency), key)
        return reached
    try:
        done = yield from _supervised(asked, key)
    except HungUp:
        yield Do(f"{key}/dropped", urgent_callback(call, urgency))
        return reached
    return reached if done == WITH_CLINICIAN else done


def _owe(call: Call, owed: OpenPromise, key: str) -> Dialogue:
    """Promise a call-back to whoever would rather not hold. The page goes on, and whoever accepts rings them."""
    yield Do(f"{key}/promise", owed)
    due = yield Fact(f"{key}/due", "promise_due")
    promised = call.line("hold.promised", time=due["spoken"])
    yield Say(f"{key}/promised", (promised, *call.lines("wait.emergency", "farewell")))


def _supervised(asked: ClinicianAsked, key: str) -> Flow:
    """Keep the caller, unless a supervisor takes over. Returns the outcome."""
    call, urgency = asked.call, asked.urgency
    how = "person.left" if asked.left else "person.cut"
    try:
        if asked.tells:
            met, how = yield from _talk_on(call, asked.reached, asked.tells == WORSE, f"{key}/worse")
            if met:
                return asked.reached
        return (yield from _stay(call, urgency, key, how))
    except TakenOver:
        return (yield from taken_over(call, f"{key}/takeover"))


def _talk_on(call: Call, reached: Outcome, says_911: bool, key: str) -> Dialogue:
    """Raise the page for a caller to whom it got worse on hold, and bring them back at once to whoever held them.

    Returns whether they have talked with a clinician by the end of that, and the prompt that says how it ended.
    """
    yield Do(f"{key}/note", NoteCall(symptom=True, urgency="emergent"))
    if says_911:
        yield Say(f"{key}/911", red_flag_words(call))
    yield Do(f"{key}/page", ResumeEscalation("emergent"))
    yield Do(f"{key}/back", HoldCaller(False))
    try:
        ended = yield from talk_through(call, reached, f"{key}/", heeds=False)
    except HungUp:
        known = yield Fact(f"{key}/gone/asked", "asked_clinician")
        if known["urgency"]:
            raise
        return True, ""
    known = yield Fact(f"{key}/asked", "asked_clinician")
    met = not (known["urgency"] or isinstance(ended, CutShort))
    return met, "person.left" if have_left(ended) else "person.cut"


def _stay(call: Call, urgency: str, key: str, how: str) -> Flow:
    """Tell the caller, and wait with them for the clinician. Returns the outcome."""
    yield from _tell(call, urgency, key, how)
    try:
        return (yield from stay_until_reached(call, urgency, key))
    except SymptomHeard as heard:
        warned = heard.danger in (WARNED, GRAVE)
    return (yield from emergency(call, warned, key=f"{key}/emergency"))


def _tell(call: Call, urgency: str, key: str, how: str) -> Dialogue:
    yield Do(f"{key}/note", NoteCall(symptom=True))
    yield Do(f"{key}/page", ResumeEscalation(urgency))
    yield Say(f"{key}/told", call.lines(how, "person.kept"))
