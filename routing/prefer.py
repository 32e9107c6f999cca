"""Who of the eligible is asked first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from routing.agents import Agent, Available, Need
from routing.eligible import is_eligible
from routing.hours import Calendar
from routing.minute import minute_of
from routing.shifts import depth
from routing.sites import Pool
from routing.zones import to_local

EDGE = timedelta(hours=1)
"""How long after its beginning and before its end a shift counts as being at its edge."""

DAYLIGHT = range(7, 19)
"""The local hours that count as daytime."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An eligible agent and what they are ranked by: see :func:`rank`."""

    agent: Agent
    known: bool
    speaks: bool
    shift_penalty: int
    level: int
    idle_since: datetime


def order(candidates: Iterable[Available], need: Need, at: datetime, *, known: str | None = None) -> tuple[Agent, ...]:
    """The eligible candidates, best first; see :func:`rank`."""
    eligible = (one for one in candidates if is_eligible(one.agent, need, at))
    return tuple(one.agent for one in rank(eligible, need, at, known=known))


def rank(eligible: Iterable[Available], need: Need, at: datetime, *, known: str | None = None) -> tuple[Ranked, ...]:
    """Those who may take the call, best first.

    The ``known`` agent, who spoke to the patient lately, comes before everyone; then whoever speaks the language
    before those who need an interpreter, then pools by :func:`shift_penalty`, then the better level in the skill, then
    the longest idle, then the id, so that the same question has one answer.
    """
    penalties: dict[str, int] = {}
    found = []
    for one in eligible:
        agent, pool = one.agent, one.agent.pool
        if pool.id not in penalties:
            penalties[pool.id] = shift_penalty(pool, at)
        level, speaks = agent.skills.get(need.skill, 0), need.language in agent.languages
        found.append(Ranked(agent, agent.id == known, speaks, penalties[pool.id], level, one.idle_since))
    return tuple(sorted(found, key=_best_first))


def _best_first(one: Ranked) -> tuple[bool, bool, int, int, datetime, str]:
    return not one.known, not one.speaks, one.shift_penalty, -one.level, one.idle_since, one.agent.id


def shift_penalty(pool: Pool, at: datetime) -> int:
    """0 in daylight at the middle of the shift, 1 in daylight at its edge, 2 and 3 the same at night."""
    return _shift_penalty(pool.calendar, pool.site.zone, minute_of(at))


@lru_cache(maxsize=1 << 10)
def _shift_penalty(calendar: Calendar, zone: str, minute: datetime) -> int:
    """Asked about a few pools by every decision of the minute, in which it does not change."""
    here = depth(calendar, minute)
    at_edge = here is None or here.since < EDGE or here.left <= EDGE
    at_night = to_local(minute, zone).hour not in DAYLIGHT
    return 2 * at_night + at_edge
