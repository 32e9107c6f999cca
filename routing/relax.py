"""What is asked for widens while a caller waits. Licence and policy never do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from routing.agents import Need

Give = Literal["level", "interpreter", "edges", "overflow"]


class Widening(NamedTuple):
    """After this wait, give up one thing.

    "level" asks one level less, never under 1; "interpreter" takes any language with an interpreter, where one can be
    had (:func:`without_interpreter`); "edges" takes pools near the end of their shift; "overflow" takes other pools
    than the practice's own.
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


@dataclass(frozen=True, slots=True)
class RelaxationStep:
    """What is asked for from a wait on, counted from arrival, until the next step's."""

    after: timedelta
    need: Need


@dataclass(frozen=True, slots=True)
class Standing:
    """The step a caller stands on, by its ``number`` from 0, and the wait at which it expires (None: never)."""

    number: int
    need: Need
    until: timedelta | None


def without_interpreter(schedule: Schedule) -> Schedule:
    """What is left of a schedule for a language that nobody interprets: an agent who does not speak it is no help."""
    return tuple(step for step in schedule if step.give != "interpreter")


@lru_cache(maxsize=1 << 12)
def relaxation_steps(need: Need, schedule: Schedule = USUAL) -> tuple[RelaxationStep, ...]:
    """Every step that asks for something else than the one before it, from the need itself on.

    Overflow also happens at the need's own ``overflow_after``. A need with pools and no ``overflow_after`` is a policy
    of the practice: no wait opens it to other pools.
    """
    own = () if need.overflow_after is None else (Widening(need.overflow_after, "overflow"),)
    steps = [RelaxationStep(timedelta(), need)]
    for step in sorted((*schedule, *own), key=lambda step: step.after):
        wider = _GIVE[step.give](steps[-1].need)
        if wider == steps[-1].need:
            continue
        if step.after <= steps[-1].after:
            steps.pop()
        steps.append(RelaxationStep(step.after, wider))
    return tuple(steps)


def standing(need: Need, waited: timedelta, schedule: Schedule, anyone: Callable[[Need], bool]) -> Standing:
    """Where a caller stands after a wait. ``anyone`` tells whether somebody in shift could serve a need.

    A step on which there is nobody to wait for is not waited on: the caller stands on the next one with somebody at
    once, or on the last. Expiries are counted from arrival, so a step passed early keeps its own time.
    """
    steps = relaxation_steps(need, schedule)
    reached = bisect_right(steps, waited, key=_after) - 1
    peopled = (number for number in range(reached, len(steps)) if anyone(steps[number].need))
    number = next(peopled, len(steps) - 1)
    later = steps[number + 1 :]
    return Standing(number, steps[number].need, later[0].after if later else None)


def widened(need: Need, waited: timedelta, schedule: Schedule = USUAL) -> Need:
    """The need after a wait, whoever there is. Whoever was eligible stays so."""
    return standing(need, waited, schedule, _everybody).need


def _after(step: RelaxationStep) -> timedelta:
    return step.after


def _everybody(_need: Need) -> bool:
    return True


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
