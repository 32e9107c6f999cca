"""Idle agents in the index, filed so that the best for a call is found without looking at the others.

Redis only names somebody, and keeps them from being named to others for a moment; whether they get the call is decided
in SQL. Where Redis cannot be had, SQL names them too, by looking at everybody who may take the call.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from redis import Redis
from sqlalchemy import select

from ivr.core.services import Services
from ivr.core.unit_of_work import Work
from ivr.queue import agent_states
from ivr.queue.index import scripts
from ivr.queue.index.lines import InForce, idle_cells, read_in_force
from ivr.queue.index.rebuilding import ask_index
from ivr.queue.tables import agent_state
from routing.agents import Need
from routing.crew import Crew
from routing.filing import Tier, ceiling
from routing.prefer import order

CLAIM = timedelta(seconds=10)
"""How long an agent who was claimed is named to others only where nobody else is idle: longer than any transaction.
:func:`reindex_agents` ends a claim sooner."""

STALE = timedelta(seconds=60)
"""How old an index may be that names nobody; an older one is rebuilt and asked again, in case it missed news."""


def claim_best_agent(work: Work, crew: Crew, need: Need, passed: Collection[str]) -> str | None:
    """Claim the best idle agent who may take the call and is none of the ``passed``; None where there is none."""
    now = work.at.timestamp()

    @cache
    def filed() -> tuple[str, tuple[Tier, ...]]:
        of = read_in_force(work.services, work.connection)
        return of.mark, of.filing.tiers(crew, need, work.at)

    def claim(redis: Redis) -> tuple[str, float] | None:
        mark, tiers = filed()
        return claim_best(redis, mark, now, tiers, need.level, passed) if tiers else ("", now)

    found = ask_index(work.services, work.connection, claim, lambda made: not made[0] and _is_old(made[1], now))
    return _best_in_sql(work, crew, need, passed) if found is None else found[0] or None


def reindex_agents(services: Services, names: Collection[str]) -> None:
    """File agents by what SQL says they do now, and end the claims on them."""
    if names:
        with services.database.read() as connection:
            of = read_in_force(services, connection)
            found = connection.execute(select(agent_state).where(agent_state.c.agent_id.in_(names)))
            rows = {row.agent_id: row for row in found}
        for name in names:
            _file(services, of, name, rows.get(name))


def claim_best(
    redis: Redis, mark: str, now: float, tiers: Sequence[Tier], level: int, passed: Collection[str] = ()
) -> tuple[str, float] | None:
    """One decision of Redis: the agent whom it claims, or "" and when it was filled; None where the index is not there.

    ``now`` and the time of filling are in seconds since 1970.
    """
    keys = [scripts.BUILT, scripts.CLAIMS, scripts.FILLED]
    keys += [scripts.CELLS + cell for tier in tiers for cell in tier]
    excluded = f",{','.join(sorted(passed))}," if passed else ""
    sizes = [len(tier) for tier in tiers]
    found = scripts.claim_best(redis, keys, mark, now, CLAIM.seconds, ceiling(level), excluded, *sizes)
    if isinstance(found, bytes):
        return found.decode(), 0.0
    return None if found is None else ("", float(found[1]))


def _file(services: Services, of: InForce, name: str, row: Any) -> None:
    cells = [scripts.CELLS + filed.cell for filed in of.filing.of(name)]
    keys = (scripts.NEWS, scripts.BUILT, scripts.VERSIONS, scripts.CLAIMS, *cells)
    scores = [at for _, at in idle_cells(of, name, row)]
    services.fast.attempt(lambda redis: scripts.reindex(redis, keys, of.mark, name, row.version if row else 0, *scores))


def _is_old(filled: float, now: float) -> bool:
    # Nothing is known about a clock that was set back: better too often than not at all.
    return not 0 <= now - filled < STALE.seconds


def _best_in_sql(work: Work, crew: Crew, need: Need, passed: Collection[str]) -> str | None:
    available = agent_states.read_availability(work, crew.able(need, work.at))
    idle = [one for one in available if one.doing == "idle" and one.agent.id not in passed]
    best = order(idle, need, work.at)
    return best[0].id if best else None
