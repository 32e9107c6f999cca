"""Whom to page, in order, until somebody answers: a page is never left without a next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from routing.errors import RoutingError
from routing.licences import Licence, may_prescribe
from routing.rota import Rota, next_on_call, on_call

Channel = Literal["voice", "sms"]


class LadderError(RoutingError):
    """A step that cannot be carried out; the text names it and the mend."""


@dataclass(frozen=True, slots=True)
class Step:
    """Page somebody, wait for the answer, perhaps again.

    ``page`` is "on_call", "next_on_call", "medical_director" or the id of a person.
    """

    page: str
    by: tuple[Channel, ...]
    wait: timedelta
    times: int = 1

    def __post_init__(self) -> None:
        if not self.by or self.times < 1 or self.wait <= timedelta():
            raise LadderError(f"step {self.page!r} pages nobody; give by, a wait above zero and times of at least 1")


@dataclass(frozen=True, slots=True)
class HouseFallback:
    """The last step: the fallback pool of the operator, where somebody is always awake."""


HOUSE_FALLBACK = HouseFallback()


@dataclass(frozen=True, slots=True)
class Rung:
    """One page to send: to ``person`` (None: the house fallback) and how long to wait before the next rung."""

    person: str | None
    by: tuple[Channel, ...]
    wait: timedelta


_GROUND = Rung(None, ("voice",), timedelta())


def rungs(
    steps: Sequence[Step | HouseFallback],
    rota: Rota,
    directors: Sequence[str],
    at: datetime,
    *,
    licences: Mapping[str, Sequence[Licence]] | None = None,
    state: str | None = None,
) -> tuple[Rung, ...]:
    """The ladder as it stands at ``at``, to be stored with the page so that a later change does not alter it.

    The house fallback is always the last rung, and whatever follows it is left out. A step is also left out when

    * it means nobody, such as "next_on_call" on a rota of one;
    * it means somebody whom a step of another name already pages: waiting for them again only keeps the caller from
      someone new (naming the same step twice does page twice).

    Where ``licences`` and ``state`` are given (clinical duty), whoever may practise in that state is paged before
    whoever may not, each in the order of the steps, and a medical director is the first of ``directors`` who may.
    Nobody is left out for want of a licence: a patient far from home is not left to the house alone.
    """
    found: dict[bool, list[Rung]] = {True: [], False: []}
    paged: dict[str, str] = {}
    for step in steps:
        if isinstance(step, HouseFallback):
            break
        people = _people(step, rota, directors, at)
        person = next((one for one in people if _may(one, licences, state, at)), next(iter(people), None))
        if person is not None and paged.setdefault(person, step.page) == step.page:
            found[_may(person, licences, state, at)] += [Rung(person, step.by, step.wait)] * step.times
    return (*found[True], *found[False], _GROUND)


def _people(step: Step, rota: Rota, directors: Sequence[str], at: datetime) -> Sequence[str]:
    if step.page == "on_call":
        return (on_call(rota, at),)
    if step.page == "next_on_call":
        following = next_on_call(rota, at)
        return () if following is None else (following,)
    return directors if step.page == "medical_director" else (step.page,)


def _may(person: str, licences: Mapping[str, Sequence[Licence]] | None, state: str | None, at: datetime) -> bool:
    if licences is None or state is None:
        return True
    return may_prescribe(licences.get(person, ()), state, at)
