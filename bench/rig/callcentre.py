"""A centre with six kinds of calls, as in published studies of skills (Wallace and Whitt, 2005).

Agents are at home in one kind, as many in each, and know some more, spread over all kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice
from math import inf
from random import Random
from typing import NamedTuple

from ivr.workforce.random_arrivals import arrivals
from routing.agents import Agent, Need
from routing.hours import WeeklyHours, parse_weekly
from routing.simulation.line import Caller
from routing.sites import Pool, Site

AT = datetime(2026, 11, 3, tzinfo=UTC)
KINDS = "ABCDEF"
NEEDS = tuple(Need("maple", kind, kind) for kind in KINDS)
ALWAYS = parse_weekly({"mon-sun": ["00:00-24:00"]})


class Spread(NamedTuple):
    """So many skills an agent, the second ones at ``level``, in one pool or two of which one is at night."""

    skills: int
    level: int = 5
    pools: int = 1


def team(spread: Spread, size: int) -> tuple[Agent, ...]:
    """Agents who are always there."""
    zones = ("UTC", "Pacific/Auckland")[: spread.pools]
    pools = [Pool(zone.lower(), Site(zone.lower(), zone, "US", "IL"), ALWAYS) for zone in zones]
    return tuple(_agent(number, spread, pools[number // 6 % spread.pools], None) for number in range(size))


def on_shifts(spread: Spread, shifts: list[WeeklyHours]) -> tuple[Agent, ...]:
    """An agent for each shift, by UTC. The first three know all kinds between them where each knows two."""
    pool = Pool("utc", Site("utc", "UTC", "US", "IL"), ALWAYS)
    numbers = (number // 6 * 6 + (0, 2, 4, 1, 3, 5)[number % 6] for number in count())
    return tuple(_agent(number, spread, pool, shift) for number, shift in zip(numbers, shifts, strict=False))


def callers(seed: int, load: float, handling: float, calls: int) -> Iterator[Caller]:
    """Calls of all kinds by turns of chance, ``load`` erlangs of them, who never hang up."""
    dice = Random(f"kinds {seed}")
    times = islice(arrivals(f"arrivals {seed}", [load] * (2 * int(calls / load) + 9), handling), calls)
    return (Caller(at, dice.choice(NEEDS), inf, number=number) for number, at in enumerate(times))


def _agent(number: int, spread: Spread, pool: Pool, shift: WeeklyHours | None) -> Agent:
    home, turn = number % len(KINDS), number // len(KINDS)
    more = [KINDS[(home + 1 + (turn + one) % 5) % len(KINDS)] for one in range(spread.skills - 1)]
    skills = {KINDS[home]: 5, **dict.fromkeys(more, spread.level)}
    return Agent(f"agent-{number:02}", pool, f"client:{number}", frozenset({"en-US"}), skills, shift=shift)
