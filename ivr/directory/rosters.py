"""The agents of one organisation as routing asks for them: crews, and where the idle are filed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime

from routing.agents import Agent, as_anybody
from routing.crew import Crew
from routing.filing import Filing
from routing.zones import to_local


class Rosters:
    """Of ``agents`` by id; ``kinds`` are the licences that services ask for."""

    def __init__(self, agents: Mapping[str, Agent], kinds: Iterable[str]) -> None:
        self._agents = agents
        self._kinds = frozenset(kinds)
        self._skills = {(agent.pool.id, skill) for agent in agents.values() for skill in agent.skills}
        self._crews: dict[Hashable, Crew] = {}
        self._filing: tuple[date, Filing] | None = None

    def has(self, pool: str, skill: str) -> bool:
        """Whether somebody in the pool has the skill."""
        return (pool, skill) in self._skills

    def crew(self, name: Hashable, agents: Callable[[], Iterable[Agent]]) -> Crew:
        """The crew of this name; ``agents`` gives its people."""
        if name not in self._crews:
            self._crews[name] = Crew(agents())
        return self._crews[name]

    def anybody(self, pools: tuple[str, ...] | None) -> Crew:
        """Everybody in the pools, or everybody, for calls for which whoever is at work will do."""
        chosen = (agent for agent in self._agents.values() if pools is None or agent.pool.id in pools)
        return self.crew(pools, lambda: [as_anybody(agent) for agent in chosen])

    def filing(self, at: datetime) -> Filing:
        """How idle agents are filed on the day of the instant, by UTC."""
        day, kept = to_local(at, "UTC").date(), self._filing
        if kept is None or kept[0] != day:
            self._filing = kept = (day, Filing(self._agents.values(), self._kinds, at))
        return kept[1]
