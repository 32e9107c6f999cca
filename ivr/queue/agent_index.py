"""Idle agents in Redis, filed so that the best for a call is found without looking at the others.

Redis only names somebody, and keeps them from being named to others for a moment; whether they get the call is decided
in SQL. Where Redis cannot be had, SQL names them too, by looking at everybody who may take the call.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from redis import Redis
from sqlalchemy import select

from ivr.core.services import Services
from ivr.core.unit_of_work import Work
from ivr.queue import agent_states, index_scripts
from ivr.queue.index_rebuilding import InForce, idle_in, in_force, rebuild
from ivr.queue.tables import agent_state
from routing.agents import Need
from routing.crew import Crew
from routing.filing import Tier, ceiling
from routing.prefer import order

CLAIM = timedelta(seconds=10)
"""How long whoever was named is named to others only where nobody else is there, unless :func:`settle` ends it sooner:
longer than any transaction."""

STALE = timedelta(seconds=60)
"""How old indexes may be that name nobody; older ones are filled anew and asked again, in case they missed news."""


def nominate(work: Work, crew: Crew, need: Need, passed: Collection[str]) -> str | None:
    """The best idle agent who may take the call and is none of the ``passed``; None where there is none."""
    named = work.services.fast.attempt(lambda redis: _from_redis(redis, work, crew, need, passed))
    return _from_sql(work, crew, need, passed) if named is None else named or None


def settle(services: Services, names: Collection[str]) -> None:
    """File agents by what SQL says they do now; whoever named them to offer them a call is done with them."""
    if names:
        with services.database.read() as connection:
            of = in_force(services, connection)
            told = connection.execute(select(agent_state).where(agent_state.c.agent_id.in_(names)))
            rows = {row.agent_id: row for row in told}
        for name in names:
            _file(services, of, name, rows.get(name))


def _file(services: Services, of: InForce, name: str, row: Any) -> None:
    cells = [index_scripts.CELLS + filed.cell for filed in of.filing.of(name)]
    keys = (index_scripts.NEWS, index_scripts.BUILT, index_scripts.VERSIONS, index_scripts.CLAIMS, *cells)
    scores = [at for _, at in idle_in(of, name, row)]
    services.fast.attempt(
        lambda redis: index_scripts.settle(redis, keys, of.mark, name, row.version if row else 0, *scores)
    )


def _from_redis(redis: Redis, work: Work, crew: Crew, need: Need, passed: Collection[str]) -> str:
    of = in_force(work.services, work.connection)
    tiers = of.filing.tiers(crew, need, work.at)
    if not tiers:
        return ""
    found = ask(redis, of.mark, work.at.timestamp(), tiers, need.level, passed)
    if found is None or (not found[0] and _is_old(found[1], work.at.timestamp())):
        rebuild(work.services, work.connection)
        found = ask(redis, of.mark, work.at.timestamp(), tiers, need.level, passed)
    return found[0] if found else ""


def ask(
    redis: Redis, mark: str, now: float, tiers: Sequence[Tier], level: int, passed: Collection[str] = ()
) -> tuple[str, float] | None:
    """One decision of the index: the agent it names and claims, or "" and when it was filled; None: it is not there.

    ``now`` and the time of filling are in seconds since 1970.
    """
    keys = [index_scripts.BUILT, index_scripts.CLAIMS, index_scripts.FILLED]
    keys += [index_scripts.CELLS + cell for tier in tiers for cell in tier]
    excluded = f",{','.join(sorted(passed))}," if passed else ""
    sizes = [len(tier) for tier in tiers]
    found = index_scripts.nominate(redis, keys, mark, now, CLAIM.seconds, ceiling(level), excluded, *sizes)
    if isinstance(found, bytes):
        return found.decode(), 0.0
    return None if found is None else ("", float(found[1]))


def _is_old(filled: float, now: float) -> bool:
    # Of a clock that was set back nothing is known: better too often than not at all.
    return not 0 <= now - filled < STALE.seconds


def _from_sql(work: Work, crew: Crew, need: Need, passed: Collection[str]) -> str | None:
    there = agent_states.doing(work, crew.able(need, work.at))
    idle = [one for one in there if one.doing == "idle" and one.agent.id not in passed]
    best = order(idle, need, work.at)
    return best[0].id if best else None
