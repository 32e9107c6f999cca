"""Waiting calls in the order of their places, grouped by what they ask for, so that each need is looked at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import heappop, heappush

from routing.agents import Agent, Need
from routing.eligible import is_eligible
from routing.relax import USUAL, Schedule, next_widening, widened

Rung = tuple[float, Need]
"""Seconds of waiting, and what is asked for from then on."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A call that comes ``at`` seconds after the start and hangs up after ``patience`` seconds of waiting.

    ``schedule`` is what is given up while they wait, ``urgency`` a priority class of :mod:`routing.queue_order`;
    ``number`` is for whoever plays to know them by.
    """

    at: float
    need: Need
    patience: float
    urgency: str = "routine"
    number: int = 0
    schedule: Schedule = USUAL


@dataclass(slots=True, eq=False)
class Waiting:
    """A caller in line: the place, what is asked for by now with whom else, and the rungs still to come."""

    caller: Caller
    place: float
    need: Need
    rungs: tuple[Rung, ...]
    here: bool = True
    group: list[tuple[float, int, Waiting]] | None = None


@dataclass(slots=True)
class Line:
    """Everybody who waits. Whoever left or asks for something else by now is passed over when their turn comes."""

    _groups: dict[Need, list[tuple[float, int, Waiting]]] = field(default_factory=dict)
    _joined: int = 0

    def join(self, caller: Caller, place: float) -> Waiting:
        """Give a caller a place."""
        first, *later = rungs(caller.need, caller.schedule)
        waiting = Waiting(caller, place, first[1], tuple(later))
        self._put(waiting)
        return waiting

    def widen(self, waiting: Waiting) -> None:
        """The wait has reached the next rung; the place stays."""
        (_, waiting.need), *later = waiting.rungs
        waiting.rungs = tuple(later)
        self._put(waiting)

    def first_for(self, agent: Agent, at: datetime) -> Waiting | None:
        """Whoever waits in front among those whom the agent may take; still in line."""
        fronts = self._fronts()
        takes = [(place, number, one) for place, number, one in fronts if is_eligible(agent, one.need, at)]
        return min(takes)[2] if takes else None

    def _put(self, waiting: Waiting) -> None:
        self._joined += 1
        waiting.group = self._groups.setdefault(waiting.need, [])
        heappush(waiting.group, (waiting.place, self._joined, waiting))

    def _fronts(self) -> Iterator[tuple[float, int, Waiting]]:
        for group in self._groups.values():
            while group and not (group[0][2].here and group[0][2].group is group):
                heappop(group)
            if group:
                yield group[0]


@lru_cache(maxsize=1 << 12)
def rungs(need: Need, schedule: Schedule) -> tuple[Rung, ...]:
    """What is asked for from the arrival on, one rung a change."""
    found: list[Rung] = [(0.0, widened(need, timedelta(), schedule))]
    after = next_widening(need, timedelta(), schedule)
    while after is not None:
        found.append((after.total_seconds(), widened(need, after, schedule)))
        after = next_widening(need, after, schedule)
    return tuple(found)
