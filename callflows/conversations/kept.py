"""Whoever is left by the person who asked for a clinician is kept for that clinician, and is put in line for nobody.

They are told, and wait as everybody does for whom a clinician is paged: with the same words and keys, whether they say
anything or not. The ladder goes on whoever leaves.
"""

from __future__ import annotations

from callflows.conversations.symptom import emergency, stay_until_reached
from callflows.dialogues.fallback import taken_over
from callflows.dialogues.promises import urgent_callback
from callflows.dialogues.questions import SymptomHeard
from callflows.dialogues.screening import WARNED
from callflows.dialogues.talking import ClinicianAsked
from callflows.values import Call
from callflows.vocabulary import (
    Dialogue,
    Do,
    Flow,
    HungUp,
    NoteCall,
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
    try:
        done = yield from _supervised(call, urgency, key, "person.left" if asked.left else "person.cut")
    except HungUp:
        yield Do(f"{key}/dropped", urgent_callback(call, urgency))
        return reached
    return reached if done == WITH_CLINICIAN else done


def _supervised(call: Call, urgency: str, key: str, how: str) -> Flow:
    """Keep the caller, unless a supervisor takes over. Returns the outcome."""
    try:
        return (yield from _stay(call, urgency, key, how))
    except TakenOver:
        return (yield from taken_over(call, f"{key}/takeover"))


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
