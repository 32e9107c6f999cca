"""Dialled numbers: each leads to one place only."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory.checks.names import repeated
from ivr.directory.draft import OPERATOR, Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile
from ivr.directory.yaml_reader import Place


def problems(draft: Draft) -> Iterator[Problem]:
    """A number that two lines share, or that would ring ourselves."""
    owners: dict[str, str] = {}
    for name, practice in draft.practices.items():
        places = list(_dialled(practice))
        for place, number in repeated(places):
            yield draft.problem(file_of("practices", name), place, f"{number} is listed twice", "keep one of the two")
        for place, number in places:
            if (owner := owners.setdefault(number, name)) != name:
                what = f"{number} already belongs to {owner}"
                yield draft.problem(file_of("practices", name), place, what, "give each practice its own numbers")
    yield from _loops(draft, owners)


def _dialled(practice: PracticeFile) -> Iterator[tuple[Place, str]]:
    for name, location in practice.locations.items():
        for index, number in enumerate(location.numbers):
            yield ("locations", name, "numbers", index), number
    for index, number in enumerate(practice.backline.numbers if practice.backline else ()):
        yield ("backline", "numbers", index), number


def _loops(draft: Draft, owners: dict[str, str]) -> Iterator[Problem]:
    operator = draft.operator
    mend = "write the number of a person's own phone"
    if operator.fallback.number in owners:
        what = f"the fallback number {operator.fallback.number} is one that patients dial"
        yield draft.problem(OPERATOR, ("fallback", "number"), what, "write a number that does not lead back here")
    for index, agent in enumerate(operator.agents):
        if agent.contact in owners:
            what = f"{agent.contact} is a number that patients dial"
            yield draft.problem(OPERATOR, ("agents", index, "contact"), what, mend)
    for index, interpreter in enumerate(operator.interpreters):
        if interpreter.number in owners:
            what = f"{interpreter.number} is a number that patients dial"
            mend = "write the number at which the interpreter is reached"
            yield draft.problem(OPERATOR, ("interpreters", index, "number"), what, mend)
