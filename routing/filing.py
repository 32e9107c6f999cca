"""Where idle agents are filed, so that the best for a call is found without looking at the others.

A *cell* holds the idle agents of one team who have one skill and speak one language, in the order of
:func:`routing.prefer.rank` within the team: the better level, then the longest idle. A *team* works the same hours in
one pool and holds licences that reach the same states, so that all of it may take a call or none; only whose training
lapsed during the day is still filed. Looking for an agent is looking at the heads of a few cells, tier by tier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from routing.agents import ANY_LANGUAGE, ANYBODY, Agent, Need
from routing.crew import Crew
from routing.licences import COMPACT_STATES, licensed
from routing.prefer import shift_penalty

EVERY_LANGUAGE = "*"
"""The language under which everybody is filed, for calls that an interpreter joins."""

_HIGHEST = 5
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_BAND = float(1 << 31)
# Some 68 years in seconds: no idle time crosses it, and with five levels a double still tells two microseconds apart.

Tier = tuple[str, ...]
"""Cells of which the best head is the best agent."""


class Filed(NamedTuple):
    """A cell in which an agent is filed, and the agent's level in its skill."""

    cell: str
    level: int


class Filing:
    """The cells of all ``agents`` on the day of ``at``, by UTC. ``kinds`` are the licences that services ask for."""

    def __init__(self, agents: Iterable[Agent], kinds: Iterable[str], at: datetime) -> None:
        everybody, asked = tuple(agents), tuple(sorted(kinds))
        numbers: dict[tuple[object, ...], int] = {}
        keys = ((agent, (agent.pool.id, agent.calendar, _reach(agent, asked, at))) for agent in everybody)
        self._teams = {agent.id: numbers.setdefault(key, len(numbers)) for agent, key in keys}
        self._cells = {agent.id: tuple(self._filed(agent)) for agent in everybody}

    def of(self, agent: str) -> tuple[Filed, ...]:
        """Every cell of an agent, who is filed there while idle; none for whom the filing does not know."""
        return self._cells.get(agent, ())

    def tiers(self, crew: Crew, need: Need, at: datetime) -> tuple[Tier, ...]:
        """Where to look for whom of the crew may take the call, the best tier first."""
        return crew.minutely(self, need, at, lambda: self._tiers(crew.able(need, at), need, at))

    def _tiers(self, able: Iterable[Agent], need: Need, at: datetime) -> tuple[Tier, ...]:
        # Thousands of agents are some dozens of teams, and a team is in one pool.
        alike = {(self._teams[agent.id], need.language not in agent.languages): agent.pool for agent in able}
        found: dict[tuple[bool, int], dict[str, None]] = {}
        for (team, foreign), pool in alike.items():
            cell = _name(need.skill, EVERY_LANGUAGE if foreign else need.language, team)
            found.setdefault((foreign, shift_penalty(pool, at)), {})[cell] = None
        return tuple(tuple(found[rank]) for rank in sorted(found))

    def _filed(self, agent: Agent) -> Iterator[Filed]:
        team = self._teams[agent.id]
        for skill, level in agent.skills.items():
            for language in (*sorted(agent.languages), EVERY_LANGUAGE):
                yield Filed(_name(skill, language, team), level)
        yield Filed(_name(ANYBODY, ANY_LANGUAGE, team), 1)


def score(level: int, idle_since: datetime) -> float:
    """The place in a cell; the smallest is the best."""
    return (_HIGHEST - level) * _BAND + (idle_since - _EPOCH) / timedelta(seconds=1)


def ceiling(level: int) -> float:
    """The score that whoever has at least ``level`` stays under."""
    return (_HIGHEST - level + 1) * _BAND


def _reach(agent: Agent, kinds: Iterable[str], at: datetime) -> frozenset[tuple[str, str]]:
    if not agent.licences:
        return frozenset()
    states = {licence.state for licence in agent.licences} | COMPACT_STATES
    return frozenset((kind, one) for kind in kinds for one in states if licensed(agent.licences, kind, one, at))


def _name(skill: str, language: str, team: int) -> str:
    return f"{skill}/{language}/{team}"
