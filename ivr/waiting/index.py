"""The waiting room's order in Redis: fast and forgettable. SQL decides, and everything here is rebuilt from it."""

from __future__ import annotations

from redis import Redis
from sqlalchemy import Connection, select

from ivr.services import Services
from ivr.waiting.tables import WAITS, waiting

PLACES = "sunline:waiting:places"
BUILT = "sunline:waiting:built"
_WAITING = select(waiting.c.call_id, waiting.c.place).where(WAITS).order_by(waiting.c.place)


def add(services: Services, call_id: str, place: float) -> None:
    """Put a call in its place."""
    services.fast.ask(lambda redis: redis.zadd(PLACES, {call_id: place}))


def remove(services: Services, call_id: str) -> None:
    """Take a call out."""
    services.fast.ask(lambda redis: redis.zrem(PLACES, call_id))


def position(services: Services, connection: Connection, call_id: str) -> int | None:
    """How many wait before this call, plus one; None when it does not wait."""
    rank = services.fast.ask(lambda redis: _rank(redis, connection, call_id))
    if rank is not None:
        return rank or None
    calls = [waiting_id for waiting_id, _ in _from_sql(connection)]
    return calls.index(call_id) + 1 if call_id in calls else None


def in_order(services: Services, connection: Connection) -> list[str]:
    """Every waiting call, first to be served first; from SQL when Redis is gone or was emptied."""
    kept = services.fast.ask(lambda redis: _from_redis(redis, connection))
    return [call_id for call_id, _ in _from_sql(connection)] if kept is None else kept


def ensure(services: Services, connection: Connection, call_id: str) -> None:
    """Give a waiting call its place again where a Redis that was out of reach for a moment missed it."""
    place = services.fast.ask(lambda redis: redis.zscore(PLACES, call_id))
    if place is None and waits(connection, call_id):
        services.fast.ask(lambda redis: rebuild(redis, connection))


def waits(connection: Connection, call_id: str) -> bool:
    """Whether a call waits, as SQL knows it."""
    still = select(waiting.c.call_id).where(waiting.c.call_id == call_id, WAITS)
    return connection.execute(still).first() is not None


def rebuild(redis: Redis, connection: Connection) -> int:
    """Fill Redis from SQL; how many calls wait."""
    rows = _from_sql(connection)
    pipe = redis.pipeline(transaction=True)
    pipe.delete(PLACES)
    if rows:
        pipe.zadd(PLACES, dict(rows))
    pipe.set(BUILT, 1)
    pipe.execute()
    return len(rows)


def _rank(redis: Redis, connection: Connection, call_id: str) -> int:
    """The call's place, 0 where it has none."""
    if not redis.exists(BUILT):
        rebuild(redis, connection)
    rank = redis.zrank(PLACES, call_id)
    return 0 if rank is None else int(str(rank)) + 1


def _from_redis(redis: Redis, connection: Connection) -> list[str]:
    if not redis.exists(BUILT):
        rebuild(redis, connection)
    members = redis.zrange(PLACES, 0, -1)
    return [member.decode() if isinstance(member, bytes) else str(member) for member in members]


def _from_sql(connection: Connection) -> list[tuple[str, float]]:
    return [(call_id, place) for call_id, place in connection.execute(_WAITING)]
