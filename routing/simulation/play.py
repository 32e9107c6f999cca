"""A discrete-event simulation of the router: calls come, people answer, callers lose patience, shifts begin.

Nothing of the router is imitated: who is offered a call and when it is looked again is :mod:`routing.decide`, the order
of callers :mod:`routing.queue_order`, what follows an offer that is missed :mod:`routing.offering`. Arrivals, patience,
handling times and how phones are answered are given, so that the same dice give the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count, repeat
from math import inf
from typing import NamedTuple

from routing.agents import Agent
from routing.decide import Choice
from routing.eligible import is_eligible
from routing.offering import all_were_offered, next_match_after
from routing.queue_order import priority
from routing.simulation.line import Caller, Lines, Waiting
from routing.simulation.staff import Staff
from routing.zones import as_utc

Event = Callable[[float], None]

WEEK = 7 * 86400.0
"""Seconds; whoever has waited for so long is given up, however patient."""


class Ring(NamedTuple):
    """How an offer goes: after so many seconds it is accepted, or counts as missed."""

    seconds: float = 0.0
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went for a caller: seconds waited, and who answered; nobody where they hung up, or nobody was awake."""

    caller: Caller
    waited: float
    agent: str | None
    nobody_awake: bool = False


@dataclass(slots=True)
class Play:
    """One run. ``handling`` gives the seconds that the next answered call keeps its agent, wrap-up included.

    They are tied to the order in which calls are answered, not to callers: then no router can do better than one pool
    without skills on the same dice, and how far it falls behind is exact (reference: Kiefer and Wolfowitz, 1955).
    ``rings`` says how the next offer goes; by default it is accepted at once.
    """

    agents: tuple[Agent, ...]
    handling: Iterator[float]
    start: datetime
    rings: Iterator[Ring] = field(default_factory=lambda: repeat(Ring()))
    staff: Staff = field(init=False)
    lines: Lines = field(default_factory=Lines)
    ended: list[Outcome] = field(default_factory=list)
    _events: list[tuple[float, float, int, Event]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.start = as_utc(self.start)
        self.staff = Staff(self.agents, self.start)

    def run(self, callers: Iterable[Caller]) -> Iterator[tuple[float, Outcome]]:
        """Play calls that come in order; yields when each call began or was given up, in seconds, and how it went."""
        for now in self.events(callers):
            told, self.ended = self.ended, []
            for outcome in told:
                yield now, outcome

    def events(self, callers: Iterable[Caller]) -> Iterator[float]:
        """Play calls that come in order; yields every second at which something happened, once all of it has.

        Who is ended by then is in ``ended``.
        """
        for caller in callers:
            yield from self._until(caller.at)
            self._arrive(caller)
            yield caller.at
        while self.lines and self._events:
            yield from self._until(self._events[0][0])

    def at(self, seconds: float) -> datetime:
        """The instant so many seconds after the start."""
        return self.start + timedelta(seconds=seconds)

    def overlooked(self, seconds: float) -> tuple[tuple[Waiting, Agent], ...]:
        """Callers in line whom somebody idle could serve now. That there are none is what the router is for.

        But for a caller whom everybody missed: the next round of offers begins after a pause.
        """
        at = self.at(seconds)
        found = ((one, self.staff.overlooked(one, at)) for one in self.lines.unlike())
        return tuple((one, agent) for one, agent in found if agent is not None)

    def _until(self, seconds: float) -> Iterator[float]:
        while self._events and self._events[0][0] <= seconds:
            now, _, _, happen = heappop(self._events)
            happen(now)
            if not self._events or self._events[0][0] > now:
                yield now

    def _later(self, seconds: float, happen: Event, place: float = -inf) -> None:
        heappush(self._events, (seconds, place, next(self._numbers), happen))

    def _arrive(self, caller: Caller) -> None:
        since = self.at(caller.at)
        placed = priority(since, caller.urgency, {"routine": caller.boost})
        waiting = Waiting(caller, caller.crew or self.staff.crew, since, placed)
        self.lines.join(waiting)
        self._look(waiting, caller.at)
        if waiting.here:
            self._later(caller.at + min(caller.patience, WEEK), lambda now: self._give_up(waiting, now))

    def _look(self, waiting: Waiting, now: float, also: Iterable[str] = ()) -> Choice:
        """Decide about one caller, as the queue does."""
        at = self.at(now)
        made = self.staff.choose(waiting, at, also)
        waiting.looks += 1
        if made.chosen is not None:
            self._offer(waiting, made.chosen.id, now)
        elif not made.awake:
            self._leave(waiting, now, None, nobody_awake=True)
        else:
            if all_were_offered(made.awake, waiting.already_offered):
                waiting.already_offered = ()
            self._look_later(waiting, next_match_after(at - waiting.since, made.until))
        return made

    def _look_later(self, waiting: Waiting, waited: timedelta) -> None:
        number = waiting.looks

        def again(now: float) -> None:
            if waiting.here and waiting.looks == number:
                self._look(waiting, now)

        self._later((waiting.since + waited - self.start).total_seconds(), again, waiting.place)

    def _offer(self, waiting: Waiting, agent: str, now: float) -> None:
        ring = next(self.rings)
        if ring == (0.0, True):
            self._answer(waiting, agent, now)
            return
        waiting.offered, waiting.already_offered = agent, (*waiting.already_offered, agent)
        self.staff.does(agent, "offered", self.at(now))
        self._later(now + ring.seconds, lambda then: self._rung(waiting, agent, ring.answered, then))

    def _rung(self, waiting: Waiting, agent: str, answered: bool, now: float) -> None:
        if not waiting.here:
            return  # the caller hung up meanwhile, and the agent was freed
        if answered:
            self._answer(waiting, agent, now)
            return
        until = self.staff.misses(agent, self.at(now))
        self._later((until - self.start).total_seconds(), lambda then: self._free(agent, then))
        waiting.offered = None
        self._look(waiting, now)

    def _answer(self, waiting: Waiting, agent: str, now: float) -> None:
        waiting.offered = None
        self._leave(waiting, now, agent)
        self.staff.does(agent, "busy", self.at(now))
        self._later(now + next(self.handling), lambda done: self._free(agent, done))

    def _free(self, agent: str, now: float) -> None:
        """Somebody can be asked again: whoever stands first of those for whom they are chosen is offered to them."""
        at = self.at(now)
        self.staff.does(agent, "idle", at)
        who = self.staff.people[agent].agent
        for line in self.lines.in_turn(who.skills):
            for waiting in line:
                made = self._look(waiting, now, (agent,))
                if agent not in self.staff.idle:
                    return
                if not is_eligible(who, made.standing.need, at):
                    break  # nor may they take anything further back in this line

    def _leave(self, waiting: Waiting, now: float, agent: str | None, *, nobody_awake: bool = False) -> None:
        waiting.here = False
        self.lines.leave(waiting)
        self.ended.append(Outcome(waiting.caller, now - waiting.caller.at, agent, nobody_awake))

    def _give_up(self, waiting: Waiting, now: float) -> None:
        if not waiting.here:
            return
        ringing, waiting.offered = waiting.offered, None
        self._leave(waiting, now, None)
        if ringing is not None:
            self._free(ringing, now)
