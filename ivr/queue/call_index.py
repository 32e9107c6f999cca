"""The waiting room's order in Redis: fast and forgettable. SQL decides, and everything here is rebuilt from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from redis import Redis
from sqlalchemy import Connection

from ivr.core.services import Services
from ivr.queue import index_scripts
from ivr.queue.index_rebuilding import WHO_WAITS, InForce, in_force, line_of, rebuild, skill_of
from ivr.queue.tables import waiting

PAGE = 100
"""How deep a line is looked into for a free agent whom only some of its callers are for (a license, a payer)."""

TOLD = (index_scripts.NEWS, index_scripts.PLACES, index_scripts.LINE_OF)
"""The keys of what is told about calls."""


@dataclass(frozen=True, slots=True, order=True)
class Front:
    """A line, by the place of whoever stands first in it."""

    place: float
    line: str


def put(services: Services, connection: Connection, call_id: str) -> bool:
    """Give a waiting call its place, and whoever is searched for a place in line; False where it does not wait."""
    row = connection.execute(WHO_WAITS.where(waiting.c.call_id == call_id)).first()
    if row is None:
        drop(services, call_id)
        return False
    line = line_of(in_force(services, connection), row)
    told = (index_scripts.LINES, index_scripts.FRONTS, call_id, row.place, line, int(row.state == "searching"))
    services.fast.attempt(lambda redis: index_scripts.put(redis, TOLD, *told))
    return True


def drop(services: Services, call_id: str) -> None:
    """Take a call out."""
    told = (index_scripts.LINES, index_scripts.FRONTS, call_id)
    services.fast.attempt(lambda redis: index_scripts.drop(redis, TOLD, *told))


def is_first(services: Services, call_id: str) -> bool:
    """Whether nobody stands before the call in its line; also where that cannot be known."""
    front = services.fast.attempt(lambda redis: _front(redis, call_id))
    return not front or front[0] == call_id


def next_in_line(services: Services, call_id: str) -> str | None:
    """Who stands right behind the call that is first in its line; None where it is not, or that cannot be known."""
    front = services.fast.attempt(lambda redis: _front(redis, call_id)) or ()
    return front[1] if len(front) > 1 and front[0] == call_id else None


def position(services: Services, connection: Connection, call_id: str) -> int | None:
    """How many wait before this call, plus one; None when it does not wait."""
    rank = services.fast.attempt(lambda redis: _rank(services, redis, connection, call_id))
    if rank is not None:
        return rank or None
    calls = [row.call_id for row in connection.execute(WHO_WAITS)]
    return calls.index(call_id) + 1 if call_id in calls else None


def fronts(services: Services, connection: Connection, skills: Collection[str]) -> list[Front]:
    """The lines that ask for one of the skills; the one in which somebody is to be served first comes first."""
    of = in_force(services, connection)
    found = services.fast.attempt(lambda redis: _fronts(services, redis, connection, of, skills))
    return sorted(_fronts_from_sql(connection, of, skills) if found is None else found)


def standing_in(services: Services, connection: Connection, line: str) -> list[str]:
    """The first :data:`PAGE` calls of a line, in order."""
    found = services.fast.attempt(lambda redis: redis.zrange(index_scripts.LINES + line, 0, PAGE - 1))
    if found is not None:
        return _names(found)
    of = in_force(services, connection)
    rows = connection.execute(WHO_WAITS.where(waiting.c.state == "searching"))
    return [row.call_id for row in rows if line_of(of, row) == line][:PAGE]


def ask(redis: Redis, of: InForce, skills: Collection[str]) -> list[Front] | None:
    """One decision of the index: the lines for somebody with the skills; None: it is not there."""
    found = index_scripts.fronts(
        redis, (index_scripts.BUILT, *(index_scripts.FRONTS + of.hidden(one) for one in skills)), of.mark
    )
    if found is None:
        return None
    return [Front(float(place), line.decode()) for line, place in zip(found[0::2], found[1::2], strict=True)]


def _fronts(
    services: Services, redis: Redis, connection: Connection, of: InForce, skills: Collection[str]
) -> list[Front]:
    found = ask(redis, of, skills)
    if found is None:
        rebuild(services, connection)
        found = ask(redis, of, skills)
    return found or []


def _fronts_from_sql(connection: Connection, of: InForce, skills: Collection[str]) -> list[Front]:
    found: dict[str, Front] = {}
    for row in connection.execute(WHO_WAITS.where(waiting.c.state == "searching")):
        if skill_of(of.organisation, row) in skills:
            line = line_of(of, row)
            found.setdefault(line, Front(row.place, line))
    return list(found.values())


def _front(redis: Redis, call_id: str) -> list[str]:
    """The first two of the call's line; nobody where it has none."""
    line = redis.hget(index_scripts.LINE_OF, call_id)
    return [] if line is None else _names(redis.zrange(index_scripts.LINES + _names([line])[0], 0, 1))


def _rank(services: Services, redis: Redis, connection: Connection, call_id: str) -> int:
    """The call's place, 0 where it has none."""
    keys = (index_scripts.BUILT, index_scripts.PLACES)
    rank = index_scripts.position(redis, keys, call_id)
    if rank is None:
        rebuild(services, connection)
        rank = index_scripts.position(redis, keys, call_id)
    return 0 if rank is None else int(rank) + 1


def _names(found: Any) -> list[str]:
    return [one.decode() if isinstance(one, bytes) else str(one) for one in found]
