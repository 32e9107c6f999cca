"""Talking in the call's conference, with what people are told meanwhile of others who were to come into the talk."""

from __future__ import annotations

from callflows.prompts import Line
from callflows.vocabulary import Dialogue, NobodyCame, Say, WithPerson

NO_INTERPRETER = NobodyCame("no-interpreter")
"""The answer to a talk for which no interpreter could be had, or not another one."""
CLINICIAN_LOST = NobodyCame("clinician-lost")
"""The answer to a talk into which a clinician was to come, whose line broke first: one is paged again."""
LOST = range(3)
"""How often people in a talk are told that the clinician who was to come into it was lost."""


def talk_on(person: str, sorry: tuple[Line, ...], key: str = "", lost: tuple[Line, ...] = ()) -> Dialogue:
    """Talk, and go back to it after word that no interpreter came, or that a clinician was ``lost``, in any order.

    Returns how it ended.
    """
    answer = yield from _talk(person, sorry, key)
    for turn in LOST:
        if answer != CLINICIAN_LOST:
            break
        yield Say(f"{key}clinician-lost/{turn}", lost)
        answer = yield from _talk(person, sorry, key, f"/lost/{turn}")
    return answer


def _talk(person: str, sorry: tuple[Line, ...], key: str, turn: str = "") -> Dialogue:
    answer = yield WithPerson(f"{key}talk{turn}", person)
    if answer == NO_INTERPRETER:
        yield Say(f"{key}no-interpreter{turn}", sorry)
        answer = yield WithPerson(f"{key}talk{turn}/again", person)
    return answer
