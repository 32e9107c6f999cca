"""What people who talk with the help of an interpreter are told about them."""

from __future__ import annotations

from callflows.prompts import Line
from callflows.vocabulary import Dialogue, NobodyCame, Say, WithPerson

NO_INTERPRETER = NobodyCame("no-interpreter")
"""The answer to a talk for which no interpreter could be had, or not another one."""


def talk_on(person: str, sorry: tuple[Line, ...], key: str = "") -> Dialogue:
    """Talk in the call's conference, and go back to it after word that no interpreter came. Returns how it ended."""
    answer = yield WithPerson(f"{key}talk", person)
    if answer == NO_INTERPRETER:
        yield Say(f"{key}no-interpreter", sorry)
        answer = yield WithPerson(f"{key}talk/again", person)
    return answer
