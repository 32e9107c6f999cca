"""Waiting calls in the index, in the order in which they are served."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from redis import Redis
from sqlalchemy import Connection

from ivr.core.services import Services
from ivr.queue.index import scripts
from ivr.queue.index.lines import WHO_WAITS, InForce, line_of, read_in_force, skill_of
from ivr.queue.index.rebuilding import ask_index
from ivr.queue.tables import waiting

PAGE = 100
"""How deep a line is looked into for a free agent whom only some of its callers are for (a license, a payer)."""

_CHANGED = (scripts.NEWS, scripts.PLACES, scripts.LINE_OF)
"""The keys of what changes with a call."""


@dataclass(frozen=True, slots=True, order=True)
class Front:
    """A line, by the priority of the first call in it."""

    place: float
    line: str


def add_call(services: Services, connection: Connection, call_id: str) -> bool:
    """File a waiting call, and one that is searched for in its line too; False where it does not wait."""
    row = connection.execute(WHO_WAITS.where(waiting.c.call_id == call_id)).first()
    if row is None:
        remove_call(services, call_id)
        return False
    line = line_of(read_in_force(services, connection), row)
    filed = (scripts.LINES, scripts.FRONTS, call_id, row.place, line, int(row.state == "searching"))
    services.fast.attempt(lambda redis: scripts.add_call(redis, _CHANGED, *filed))
    return True


def remove_call(services: Services, call_id: str) -> None:
    """Take a call out."""
    services.fast.attempt(lambda redis: scripts.remove_call(redis, _CHANGED, scripts.LINES, scripts.FRONTS, call_id))


def is_first(services: Services, call_id: str) -> bool:
    """Whether this call is the first in its line; also True where that cannot be known."""
    first_two = services.fast.attempt(lambda redis: _first_two(redis, call_id))
    return not first_two or first_two[0] == call_id


def next_in_line(services: Services, call_id: str) -> str | None:
    """The call right behind this one, if this one is the first in its line; None where that is not so, or not known."""
    first_two = services.fast.attempt(lambda redis: _first_two(redis, call_id)) or ()
    return first_two[1] if len(first_two) > 1 and first_two[0] == call_id else None


def position(services: Services, connection: Connection, call_id: str) -> int | None:
    """How many wait before this call, plus one; None when it does not wait."""
    keys = (scripts.BUILT, scripts.PLACES)
    rank = ask_index(services, connection, lambda redis: scripts.position(redis, keys, call_id))
    if rank is not None:
        return int(rank) + 1 or None
    calls = [row.call_id for row in connection.execute(WHO_WAITS)]
    return calls.index(call_id) + 1 if call_id in calls else None


def fronts(services: Services, connection: Connection, skills: Collection[str]) -> list[Front]:
    """The lines that need one of the skills; the line whose first call is to be served first comes first."""
    of = read_in_force(services, connection)
    found = ask_index(services, connection, lambda redis: read_fronts(redis, of, skills))
    return sorted(_fronts_in_sql(connection, of, skills) if found is None else found)


def calls_in_line(services: Services, connection: Connection, line: str) -> list[str]:
    """The first :data:`PAGE` calls of a line, in order."""
    found = services.fast.attempt(lambda redis: redis.zrange(scripts.LINES + line, 0, PAGE - 1))
    if found is not None:
        return _names(found)
    of = read_in_force(services, connection)
    rows = connection.execute(WHO_WAITS.where(waiting.c.state == "searching"))
    return [row.call_id for row in rows if line_of(of, row) == line][:PAGE]


def read_fronts(redis: Redis, of: InForce, skills: Collection[str]) -> list[Front] | None:
    """One decision of Redis: the lines for somebody with the skills; None where the index is not there."""
    keys = (scripts.BUILT, *(scripts.FRONTS + of.hidden(skill) for skill in skills))
    found = scripts.fronts(redis, keys, of.mark)
    if found is None:
        return None
    return [Front(float(place), line.decode()) for line, place in zip(found[0::2], found[1::2], strict=True)]


def _fronts_in_sql(connection: Connection, of: InForce, skills: Collection[str]) -> list[Front]:
    found: dict[str, Front] = {}
    for row in connection.execute(WHO_WAITS.where(waiting.c.state == "searching")):
        if skill_of(of.organisation, row) in skills:
            line = line_of(of, row)
            found.setdefault(line, Front(row.place, line))
    return list(found.values())


def _first_two(redis: Redis, call_id: str) -> list[str]:
    """The first two calls of the call's line; none where it has no line."""
    line = redis.hget(scripts.LINE_OF, call_id)
    return [] if line is None else _names(redis.zrange(scripts.LINES + _names([line])[0], 0, 1))


def _names(found: Any) -> list[str]:
    return [one.decode() if isinstance(one, bytes) else str(one) for one in found]
