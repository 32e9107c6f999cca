"""What is asked for widens while a caller waits. Licence and policy never do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from routing.agents import Need

Give = Literal["level", "interpreter", "edges", "overflow"]


@dataclass(frozen=True, slots=True)
class Widening:
    """After this wait, give up one thing.

    "level" asks one level less, never under 1; "interpreter" takes any language with an interpreter; "edges" takes
    pools near the end of their shift; "overflow" takes other pools than the practice's own.
    """

    after: timedelta
    give: Give


Schedule = tuple[Widening, ...]

USUAL: Schedule = (
    Widening(timedelta(seconds=20), "level"),
    Widening(timedelta(seconds=40), "level"),
    Widening(timedelta(seconds=60), "interpreter"),
    Widening(timedelta(seconds=90), "edges"),
    Widening(timedelta(seconds=120), "overflow"),
)
"""The schedule of a service that states none."""


def widened(need: Need, waited: timedelta, schedule: Schedule = USUAL) -> Need:
    """The need after a wait. Whoever was eligible stays so.

    Overflow also happens at the need's own ``overflow_after``. A need with pools and no ``overflow_after`` is a policy
    of the practice: no wait opens it to other pools.
    """
    for step in _steps(need, schedule):
        if step.after <= waited:
            need = _GIVE[step.give](need)
    return need


def next_widening(need: Need, waited: timedelta, schedule: Schedule = USUAL) -> timedelta | None:
    """The wait, counted from arrival, at which the need next changes; None when it never does again."""
    now = widened(need, waited, schedule)
    later = sorted(step.after for step in _steps(need, schedule) if step.after > waited)
    return next((after for after in later if widened(need, after, schedule) != now), None)


def _steps(need: Need, schedule: Schedule) -> Schedule:
    own = () if need.overflow_after is None else (Widening(need.overflow_after, "overflow"),)
    return schedule + own


def _less_level(need: Need) -> Need:
    return replace(need, level=max(1, need.level - 1))


def _any_language(need: Need) -> Need:
    return replace(need, interpreter=True)


def _any_hour(need: Need) -> Need:
    return replace(need, edge_margin=timedelta())


def _any_pool(need: Need) -> Need:
    return need if need.overflow_after is None else replace(need, pools=None)


_GIVE: Mapping[Give, Callable[[Need], Need]] = MappingProxyType(
    {"level": _less_level, "interpreter": _any_language, "edges": _any_hour, "overflow": _any_pool}
)
