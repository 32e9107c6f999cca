"""The house is rung because no clinician has reached a patient: why, an accept key, and only then the patient.

Whoever picks up there may be anybody, so nothing about the patient is said before the key; a voicemail presses none.
"""

from __future__ import annotations

from callflows.conversations.agent_offer import ending
from callflows.dialogues.accepting import accept_key, refusal
from callflows.dialogues.talking import talk_on
from callflows.prompts import line
from callflows.values import Page
from callflows.vocabulary import AcceptHouse, CallPatient, Do, Flow, Outcome, Pressed, Say

DECLINED = {"declined": "declined", "unaccepted": "not reached"}
"""How the conversation ended, by why the patient was not taken: a voicemail leaves a key unpressed."""


def house_call(house: Page) -> Flow:
    """Say that a patient must be called back, and ring them once somebody has pressed the key. Returns the outcome."""
    owed = line("house.owed", house.language, practice=house.practice)
    answer = yield from accept_key((owed, line("house.accept", house.language)), timeout=8, language=house.language)
    if answer != Pressed("1"):
        yield Say("declined", (line("farewell", house.language),))
        return Outcome(DECLINED[refusal(answer)])
    granted = yield Do("accept", AcceptHouse())
    if not granted.won:
        yield Say("gone", (line("house.gone", house.language), line("farewell", house.language)))
        return Outcome("gone")
    yield Do("ring-patient", CallPatient())
    yield Say("joining", (line("offer.joining", house.language),))
    ended = yield from talk_on("caller", (line("offer.no_interpreter", house.language),))
    yield Say("ended", ending(ended, house.language))
    return Outcome("done")
