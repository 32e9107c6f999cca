"""Who of the eligible is asked first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from routing.agents import Agent, Available, Need
from routing.eligible import is_eligible
from routing.shifts import depth
from routing.sites import Pool
from routing.zones import to_local

EDGE = timedelta(hours=1)
"""How long after its beginning and before its end a shift counts as being at its edge."""

DAYLIGHT = range(7, 19)
"""The local hours that count as daytime."""


def order(candidates: Iterable[Available], need: Need, at: datetime, *, known: str | None = None) -> tuple[Agent, ...]:
    """The eligible candidates, best first.

    The ``known`` agent, who spoke to the patient lately, comes before everyone; then pools by :func:`weariness`, then
    the better level in the skill, then the longest idle, then the id, so that the same question has one answer.
    """
    eligible = [one for one in candidates if is_eligible(one.agent, need, at)]
    pools = {one.agent.pool.id: one.agent.pool for one in eligible}
    weary = {name: weariness(pool, at) for name, pool in pools.items()}

    def key(one: Available) -> tuple[bool, int, int, datetime, str]:
        agent = one.agent
        return agent.id != known, weary[agent.pool.id], -agent.skills.get(need.skill, 0), one.idle_since, agent.id

    return tuple(one.agent for one in sorted(eligible, key=key))


def weariness(pool: Pool, at: datetime) -> int:
    """0 in daylight at the middle of the shift, 1 in daylight at its edge, 2 and 3 the same at night."""
    here = depth(pool.calendar, at)
    at_edge = here is None or here.since < EDGE or here.left <= EDGE
    at_night = to_local(at, pool.site.zone).hour not in DAYLIGHT
    return 2 * at_night + at_edge
