"""The waiting room's order in Redis: fast and forgettable. SQL decides, and everything here is rebuilt from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from redis import Redis
from sqlalchemy import Connection

from ivr.services import Services
from ivr.waiting import scripts
from ivr.waiting.rebuilding import WHO_WAITS, InForce, in_force, line_of, rebuild, skill_of
from ivr.waiting.tables import waiting

PAGE = 16


@dataclass(frozen=True, slots=True)
class Head:
    """Whoever stands first in a line."""

    place: float
    call_id: str
    line: str


def put(services: Services, connection: Connection, call_id: str) -> bool:
    """Give a waiting call its place, and whoever is searched for a place in line; False where it does not wait."""
    row = connection.execute(WHO_WAITS.where(waiting.c.call_id == call_id)).first()
    if row is None:
        drop(services, call_id)
        return False
    alike = scripts.ALIKE + skill_of(in_force(services, connection).organisation, row)
    told = (call_id, row.place, scripts.LINES, line_of(row), alike, int(row.state == "searching"))
    services.fast.ask(lambda redis: scripts.put(redis, (scripts.PLACES, scripts.LINE_OF), *told))
    return True


def drop(services: Services, call_id: str) -> None:
    """Take a call out."""
    services.fast.ask(lambda redis: scripts.drop(redis, (scripts.PLACES, scripts.LINE_OF), call_id, scripts.LINES))


def position(services: Services, connection: Connection, call_id: str) -> int | None:
    """How many wait before this call, plus one; None when it does not wait."""
    rank = services.fast.ask(lambda redis: _rank(services, redis, connection, call_id))
    if rank is not None:
        return rank or None
    calls = [row.call_id for row in connection.execute(WHO_WAITS)]
    return calls.index(call_id) + 1 if call_id in calls else None


def heads(services: Services, connection: Connection, skills: Collection[str]) -> list[Head]:
    """Who stands first in each line that asks for one of the skills, the first to be served first."""
    of = in_force(services, connection)
    found = services.fast.ask(lambda redis: _heads(services, redis, connection, of, skills))
    if found is None:
        found = _heads_from_sql(connection, of, skills)
    return sorted(found, key=lambda head: (head.place, head.call_id))


def behind(services: Services, connection: Connection, head: Head) -> list[str]:
    """The next :data:`PAGE` who stand in the line behind its head, in order."""
    found = services.fast.ask(lambda redis: redis.zrange(scripts.LINES + head.line, 0, PAGE))
    names = _names(found) if found is not None else _line_from_sql(connection, head.line)
    return [name for name in names if name != head.call_id][:PAGE]


def ask(redis: Redis, mark: str, skills: Collection[str]) -> list[Head] | None:
    """One decision of the index: who stands first in each line; None: the index is not there."""
    keys = (scripts.BUILT, *(scripts.ALIKE + skill for skill in sorted(skills)))
    found = scripts.heads(redis, keys, mark, scripts.LINES)
    if found is None:
        return None
    lines, places, calls = _names(found[0::3]), found[1::3], _names(found[2::3])
    return [Head(float(place), name, line) for line, place, name in zip(lines, places, calls, strict=True)]


def _heads(
    services: Services, redis: Redis, connection: Connection, of: InForce, skills: Collection[str]
) -> list[Head]:
    found = ask(redis, of.mark, skills)
    if found is None:
        rebuild(services, connection)
        found = ask(redis, of.mark, skills)
    return found or []


def _heads_from_sql(connection: Connection, of: InForce, skills: Collection[str]) -> list[Head]:
    found: dict[str, Head] = {}
    for row in connection.execute(WHO_WAITS.where(waiting.c.state == "searching")):
        if skill_of(of.organisation, row) in skills:
            found.setdefault(line_of(row), Head(row.place, row.call_id, line_of(row)))
    return list(found.values())


def _line_from_sql(connection: Connection, line: str) -> list[str]:
    rows = connection.execute(WHO_WAITS.where(waiting.c.state == "searching"))
    return [row.call_id for row in rows if line_of(row) == line]


def _rank(services: Services, redis: Redis, connection: Connection, call_id: str) -> int:
    """The call's place, 0 where it has none."""
    keys = (scripts.BUILT, scripts.PLACES)
    rank = scripts.position(redis, keys, call_id)
    if rank is None:
        rebuild(services, connection)
        rank = scripts.position(redis, keys, call_id)
    return 0 if rank is None else int(rank) + 1


def _names(found: Any) -> list[str]:
    return [one.decode() if isinstance(one, bytes) else str(one) for one in found]
