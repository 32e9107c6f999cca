"""A discrete-event simulation of the router: calls come, people answer, callers lose patience, shifts begin.

Nothing of the router is imitated. Who may take a call is :mod:`routing.eligible`, who is asked first
:mod:`routing.prefer`, the order of callers :mod:`routing.queue_order`, what widens :mod:`routing.relax`. The ringing is
left out: an agent who is offered a call takes it. Arrivals, patience and handling times are given, so that the
same dice give the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from routing.agents import Agent, Available, Need
from routing.hours import Calendar, open_spans
from routing.prefer import order
from routing.queue_order import place
from routing.simulation.line import Caller, Line, Waiting

Event = Callable[[float], None]

WEEK = 7 * 86400.0
"""Seconds; whoever has waited for so long has seen every shift begin and is given up, however patient."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went for a caller: seconds waited, and who answered; nobody where they hung up, or nobody ever came."""

    caller: Caller
    waited: float
    agent: str | None


@dataclass(slots=True)
class Play:
    """One run. ``handling`` gives the seconds that the next answered call keeps its agent, wrap-up included.

    They are tied to the order in which calls are answered, not to callers: then no router can do better than one pool
    without skills on the same dice, and how far it falls behind is exact (reference: Kiefer and Wolfowitz, 1955).
    """

    agents: tuple[Agent, ...]
    handling: Iterator[float]
    start: datetime
    idle: dict[str, Available] = field(default_factory=dict)
    line: Line = field(default_factory=Line)
    ended: list[Outcome] = field(default_factory=list)
    _events: list[tuple[float, int, Event]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    waiting: set[Waiting] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.idle = {agent.id: Available(agent, self.start) for agent in self.agents}
        for calendar in dict.fromkeys(agent.calendar for agent in self.agents):
            self._expect(calendar, 0.0)

    def run(self, callers: Iterable[Caller]) -> Iterator[tuple[float, Outcome]]:
        """Play calls that come in order; yields when each call began or was given up, in seconds, and how it went."""
        for caller in callers:
            yield from self._until(caller.at)
            self._arrive(caller)
            yield from self._told(caller.at)
        while self.waiting and self._events:
            yield from self._until(self._events[0][0])

    def at(self, seconds: float) -> datetime:
        """The instant so many seconds after the start."""
        return self.start + timedelta(seconds=seconds)

    def overlooked(self, seconds: float) -> tuple[tuple[Need, Agent], ...]:
        """Needs in line that somebody idle could serve now. Always empty: it is what the router is for."""
        idle, at = tuple(self.idle.values()), self.at(seconds)
        needs = {one.need for one in self.waiting} if idle else ()
        found = ((need, order(idle, need, at)) for need in needs)
        return tuple((need, able[0]) for need, able in found if able)

    def _until(self, seconds: float) -> Iterator[tuple[float, Outcome]]:
        while self._events and self._events[0][0] <= seconds:
            now, _, happen = heappop(self._events)
            happen(now)
            yield from self._told(now)

    def _told(self, now: float) -> Iterator[tuple[float, Outcome]]:
        told, self.ended = self.ended, []
        return ((now, outcome) for outcome in told)

    def _later(self, seconds: float, happen: Event) -> None:
        heappush(self._events, (seconds, next(self._numbers), happen))

    def _arrive(self, caller: Caller) -> None:
        at = self.at(caller.at)
        waiting = self.line.join(caller, place(at, caller.urgency, {}))
        self.waiting.add(waiting)
        if not self._seek(waiting, caller.at):
            self._later(caller.at + min(caller.patience, WEEK), lambda now: self._give_up(waiting, now))
            self._expect_widening(waiting)

    def _seek(self, waiting: Waiting, now: float) -> bool:
        """Whether somebody idle took the call."""
        able = order(self.idle.values(), waiting.need, self.at(now)) if self.idle else ()
        if able:
            self._answer(waiting, able[0], now)
        return bool(able)

    def _answer(self, waiting: Waiting, agent: Agent, now: float) -> None:
        self._leave(waiting, now, agent.id)
        self.idle.pop(agent.id)
        self._later(now + next(self.handling), lambda done: self._free(agent, done))

    def _free(self, agent: Agent, now: float) -> None:
        at = self.at(now)
        self.idle[agent.id] = Available(agent, at)
        self._serve(agent, now, at)

    def _serve(self, agent: Agent, now: float, at: datetime) -> None:
        first = self.line.first_for(agent, at)
        if first is not None:
            self._answer(first, agent, now)

    def _leave(self, waiting: Waiting, now: float, agent: str | None) -> None:
        waiting.here = False
        self.waiting.discard(waiting)
        self.ended.append(Outcome(waiting.caller, now - waiting.caller.at, agent))

    def _give_up(self, waiting: Waiting, now: float) -> None:
        if waiting.here:
            self._leave(waiting, now, None)

    def _expect_widening(self, waiting: Waiting) -> None:
        if waiting.rungs:
            self._later(waiting.caller.at + waiting.rungs[0][0], lambda now: self._widen(waiting, now))

    def _widen(self, waiting: Waiting, now: float) -> None:
        if waiting.here:
            self.line.widen(waiting)
            if not self._seek(waiting, now):
                self._expect_widening(waiting)

    def _expect(self, calendar: Calendar, after: float) -> None:
        """Wait for the next time that people come to work; whoever never leaves needs no waking."""
        if (opens := _next_opening(calendar, self.at(after))) is not None:
            self._later((opens - self.start).total_seconds(), lambda now: self._begin(calendar, now))

    def _begin(self, calendar: Calendar, now: float) -> None:
        at = self.at(now)
        for one in [one for one in self.idle.values() if one.agent.calendar == calendar]:
            self._serve(one.agent, now, at)
        self._expect(calendar, now)


def _next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The first instant after ``at`` at which it opens, within a week."""
    spans = open_spans(calendar, at, at + timedelta(seconds=WEEK))
    return next((span.start for span in spans if span.start > at), None)
