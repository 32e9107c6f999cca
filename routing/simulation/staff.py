"""Everybody who answers calls in a run: what they are doing, and who of them a caller is offered to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from routing.agents import Agent, Available, Doing
from routing.cells import Cells
from routing.crew import Crew
from routing.decide import Choice, choose, stand
from routing.filing import Filing
from routing.offering import not_ready_for
from routing.simulation.line import Waiting


class Staff:
    """All idle at the start. The instants that it is told never go back."""

    def __init__(self, agents: Iterable[Agent], start: datetime) -> None:
        self.crew = Crew(agents)
        self.people = {agent.id: Available(agent, start) for agent in self.crew.agents}
        self.idle = dict(self.people)
        self._misses = dict.fromkeys(self.people, 0)
        self._kinds = frozenset(licence.kind for agent in self.crew.agents for licence in agent.licences)
        self._refile(start)

    def does(self, agent: str, doing: Doing, at: datetime) -> None:
        """An agent begins something, or nothing."""
        before = self.people[agent]
        # Whoever comes back from a rest was without a call all the while.
        since = before.idle_since if before.doing == "resting" else at
        self.people[agent] = after = Available(before.agent, since, doing)
        if doing == "idle":
            self.idle[agent] = after
            self._cells.put(agent, since)
        elif self.idle.pop(agent, None):
            self._cells.take(agent)
        if doing == "busy":
            self._misses[agent] = 0

    def misses(self, agent: str, at: datetime) -> datetime:
        """An offer was not answered; until when the agent is left alone."""
        self._misses[agent] += 1
        self.does(agent, "resting", at)
        return at + not_ready_for(self._misses[agent])

    def choose(self, waiting: Waiting, at: datetime, also: Iterable[str] = ()) -> Choice:
        """What is decided about a caller now, ``also`` being candidates besides the best who is idle."""
        if at.date() != self._day:
            self._refile(at)
        need = stand(waiting.question(at), at).need
        tiers, passed = self._filing.tiers(waiting.crew, need, at), set(waiting.already_offered)
        while True:
            best = self._cells.best(tiers, need.level, passed)
            made = choose(waiting.question(at, self._candidates(waiting, best, also)), at)
            if made.chosen is not None or best is None or any(agent.id == best for agent in made.awake):
                return made
            passed.add(best)  # whose training lapsed today, while the filing is the day's

    def overlooked(self, waiting: Waiting, at: datetime) -> Agent | None:
        """Who would be chosen if everybody idle were a candidate, cells or not."""
        skilled = [name for name, one in self.idle.items() if waiting.caller.need.skill in one.agent.skills]
        return choose(waiting.question(at, self._candidates(waiting, None, skilled)), at).chosen if skilled else None

    def _candidates(self, waiting: Waiting, best: str | None, also: Iterable[str]) -> list[Available]:
        known = waiting.caller.known
        names = dict.fromkeys((best, *also, known.agent if known else None))
        return [_after(self.people[name], waiting.already_offered) for name in names if name in self.people]

    def _refile(self, at: datetime) -> None:
        # Whoever holds the same kinds of licences in the same states may take the same calls, whichever is asked for.
        self._day, self._filing = at.date(), Filing(self.crew.agents, self._kinds, at)
        self._cells = Cells(self._filing)
        for name, one in self.idle.items():
            self._cells.put(name, one.idle_since)


def _after(one: Available, already_offered: Collection[str]) -> Available:
    return replace(one, doing="asked") if one.doing == "idle" and one.agent.id in already_offered else one
