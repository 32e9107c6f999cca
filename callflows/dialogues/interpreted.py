"""What whoever talks with the help of an interpreter is told about them."""

from __future__ import annotations

from callflows.prompts import Line
from callflows.vocabulary import Dialogue, NobodyCame, Say, WithPerson

NO_INTERPRETER = NobodyCame("no-interpreter")
"""The answer to a talk for which no interpreter could be had, or not another one."""


def talk_on(person: str, sorry: tuple[Line, ...]) -> Dialogue:
    """Talk in the call's conference; who hears in between that no interpreter came goes back to it. How it ended."""
    answer = yield WithPerson("talk", person)
    if answer == NO_INTERPRETER:
        yield Say("no-interpreter", sorry)
        answer = yield WithPerson("talk/again", person)
    return answer
