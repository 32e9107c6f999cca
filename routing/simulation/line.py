"""Waiting calls, in lines of those that ask for the same: whoever stands further back never asks for less."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from routing.agents import Available, Need
from routing.crew import Crew
from routing.decide import Known, Question
from routing.relax import USUAL, Schedule


@dataclass(frozen=True, slots=True)
class Caller:
    """A call that comes ``at`` seconds after the start and hangs up after ``patience`` seconds of waiting.

    ``urgency`` is a priority class of :mod:`routing.queue_order`, ``boost`` how much earlier they count as having come;
    ``number`` is for whoever plays to know them by. ``schedule`` is what the need gives up. ``crew`` are all who may be
    asked, by default everybody who plays. ``known`` spoke to them lately.
    """

    at: float
    need: Need
    patience: float
    urgency: str = "routine"
    number: int = 0
    schedule: Schedule = USUAL
    crew: Crew | None = None
    known: Known | None = None
    boost: timedelta = timedelta()


@dataclass(slots=True, eq=False)
class Waiting:
    """A caller who waits ``since`` an instant: the place, who was offered the call, whether a phone rings for it.

    ``looks`` counts the decisions about the caller, of which only the last says when the next is due.
    """

    caller: Caller
    crew: Crew
    since: datetime
    place: float
    here: bool = True
    offered: str | None = None
    already_offered: tuple[str, ...] = ()
    looks: int = 0
    asks_for: tuple[object, ...] = field(init=False)

    def __post_init__(self) -> None:
        caller = self.caller
        self.asks_for = (caller.need, caller.urgency, caller.schedule, self.crew)

    def question(self, at: datetime, candidates: Sequence[Available] = ()) -> Question:
        """What is decided now, of whom it is looked at."""
        asks = self.caller
        return Question(asks.need, at - self.since, self.crew, candidates, asks.schedule, asks.known)


_Line = OrderedDict[Waiting, None]


@dataclass(slots=True)
class Lines:
    """Everybody who waits. Whoever is offered to somebody keeps the place, and is passed over meanwhile."""

    _lines: dict[tuple[object, ...], _Line] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._lines)

    def join(self, waiting: Waiting) -> None:
        """Stand behind whoever came before and asks for the same."""
        self._lines.setdefault(waiting.asks_for, OrderedDict())[waiting] = None

    def leave(self, waiting: Waiting) -> None:
        """Stand nowhere any more."""
        line = self._lines[waiting.asks_for]
        del line[waiting]
        if not line:
            del self._lines[waiting.asks_for]

    def everybody(self) -> Iterator[Waiting]:
        """Whoever waits, line by line."""
        return chain.from_iterable(self._lines.values())

    def unlike(self) -> Iterator[Waiting]:
        """Whoever is searched for, but for whoever may be offered to nobody who could not be offered one of these."""
        for line in self._lines.values():
            seen = set[object]()
            for one in line:
                alike = one.caller.known, one.already_offered
                if one.offered is None and alike not in seen:
                    seen.add(alike)
                    yield one

    def in_turn(self, skills: Container[str]) -> Iterator[Iterator[Waiting]]:
        """The lines that ask for one of the skills, by the places of their first; each from its first on."""
        lines = (line for line in self._lines.values() if next(iter(line)).caller.need.skill in skills)
        fronts = [(first.place, first.caller.at, line) for line in lines if (first := _first(line))]
        return (_from_the_first(line) for _, _, line in sorted(fronts, key=_by_place))


def _by_place(front: tuple[float, float, _Line]) -> tuple[float, float]:
    return front[:2]


def _first(line: _Line) -> Waiting | None:
    return next((one for one in line if one.offered is None), None)


def _from_the_first(line: _Line) -> Iterator[Waiting]:
    first = _first(line)
    if first is not None:
        yield first
        # Mostly the first takes the agent, and nobody else is looked at.
        yield from [one for one in line if one is not first and one.offered is None]
