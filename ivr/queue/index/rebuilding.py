"""Fills the index from SQL, whenever Redis has lost it or it is of another day or revision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from redis import Redis, WatchError
from sqlalchemy import Connection, select

from ivr.core.database import look_again
from ivr.core.services import Services
from ivr.queue.index import scripts
from ivr.queue.index.lines import WHO_WAITS, InForce, idle_cells, line_of, read_in_force, skill_of
from ivr.queue.tables import agent_state

Found = TypeVar("Found")

KEYS = ("sunline:waiting:*", "sunline:agents:*")
TRIES = 5
"""How often the index is filled anew because something changed meanwhile; the last time it is written all the same."""


def rebuild(services: Services, connection: Connection) -> None:
    """Fill the whole index from SQL: who waits in which line, and who is idle in which cell."""
    of = read_in_force(services, connection)
    services.fast.attempt(lambda redis: _fill(redis, connection, of, services.clock.now().timestamp()))


def ask_index(
    services: Services,
    connection: Connection,
    question: Callable[[Redis], Found | None],
    is_stale: Callable[[Found], bool] = lambda found: False,
) -> Found | None:
    """The answer of the index, which is rebuilt once where ``question`` gives None or a stale answer.

    None where Redis cannot be had.
    """

    def ask(redis: Redis) -> Found | None:
        found = question(redis)
        if found is not None and not is_stale(found):
            return found
        rebuild(services, connection)
        return question(redis)

    return services.fast.attempt(ask)


@dataclass(slots=True)
class _Contents:
    """Everything that is in the index."""

    scored: dict[str, dict[str, float]] = field(default_factory=dict)
    hashes: dict[str, dict[str, str | float]] = field(default_factory=dict)

    def add(self, key: str, member: str, at: float) -> None:
        self.scored.setdefault(key, {})[member] = at


def _fill(redis: Redis, connection: Connection, of: InForce, at: float) -> None:
    for tries_left in reversed(range(TRIES)):
        with redis.pipeline(transaction=True) as pipe:
            if tries_left:
                pipe.watch(scripts.NEWS)  # type: ignore[no-untyped-call]
            # SQL that is read after the watch began is as new as every change that was made in Redis before it.
            look_again(connection)
            found = _read(connection, of)
            old = [key for pattern in KEYS for key in redis.scan_iter(pattern, count=1000)]
            pipe.multi()
            _write(pipe, found, old)
            pipe.mset({scripts.BUILT: of.mark, scripts.FILLED: at})
            with suppress(WatchError):
                pipe.execute()
                return


def _write(pipe: Redis, found: _Contents, old: Sequence[Any]) -> None:
    if old:
        pipe.unlink(*old)
    for key, members in found.scored.items():
        pipe.zadd(key, members)
    for key, fields in found.hashes.items():
        pipe.hset(key, mapping=fields)  # type: ignore[arg-type]


def _read(connection: Connection, of: InForce) -> _Contents:
    found = _Contents()
    for row in connection.execute(WHO_WAITS):
        line = line_of(of, row)
        found.add(scripts.PLACES, row.call_id, row.place)
        found.hashes.setdefault(scripts.LINE_OF, {})[row.call_id] = line
        if row.state == "searching":
            found.add(scripts.LINES + line, row.call_id, row.place)
            front = found.scored.setdefault(scripts.FRONTS + of.hidden(skill_of(of.organisation, row)), {})
            front.setdefault(line, row.place)
    _read_agents(connection, of, found)
    return found


def _read_agents(connection: Connection, of: InForce, found: _Contents) -> None:
    rows = {row.agent_id: row for row in connection.execute(select(agent_state))}
    for name in of.organisation.agents:
        row = rows.get(name)
        found.hashes.setdefault(scripts.VERSIONS, {})[name] = row.version if row else 0
        for cell, at in idle_cells(of, name, row):
            found.add(scripts.CELLS + cell, name, at)
