"""The indexes of the waiting room in Redis, filled from SQL: who waits in which line, and who is idle in which cell."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from redis import Redis, WatchError
from sqlalchemy import Connection, Row, select

from ivr.calls.tables import call
from ivr.core.database import look_again
from ivr.core.services import Services
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import current, load
from ivr.queue import index_scripts
from ivr.queue.agent_states import NEVER
from ivr.queue.tables import WAITS, agent_state, waiting
from routing.agents import ANYBODY
from routing.filing import Filing, score

KEYS = ("sunline:waiting:*", "sunline:agents:*")
TRIES = 5
"""How often it is filled anew because something changed meanwhile; the last time it is filled all the same."""

WHO_WAITS = (
    select(waiting, call.c.practice_id, call.c.location_id)
    .join(call, call.c.id == waiting.c.call_id)
    .where(WAITS)
    .order_by(waiting.c.place)
)


@dataclass(frozen=True, slots=True)
class InForce:
    """The organisation of now and how its agents are filed today; ``mark`` names both, and the secret of the names."""

    organisation: Organisation
    filing: Filing
    mark: str
    secret: str = field(repr=False)

    def hidden(self, *asked: str) -> str:
        """A name in Redis for what a call asks: which of a few dozens it is, nobody can tell without the secret."""
        return _hidden(self.secret, "/".join(asked))


def in_force(services: Services, connection: Connection) -> InForce:
    """What the indexes must be of."""
    revision, now = current(connection), services.clock.now()
    organisation = load(connection, revision)
    secret = services.settings.session_secret
    mark = f"{revision}:{now:%Y-%m-%d}:{_hidden(secret, 'mark')}"
    return InForce(organisation, organisation.rosters.filing(now), mark, secret)


def _hidden(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()[:32]


def line_of(of: InForce, row: Row[Any]) -> str:
    """What the calls of one line have in common: the skill, whom it concerns, what is asked for, and how urgently."""
    alike = (row.practice_id, row.location_id, row.service, row.language, row.urgency, row.pool)
    return f"{of.hidden(skill_of(of.organisation, row))}/{of.hidden(*alike)}"


def skill_of(organisation: Organisation, row: Row[Any]) -> str:
    """The skill that a waiting call asks for."""
    if row.pool or not is_known(organisation, row.practice_id, row.location_id, row.service):
        return ANYBODY
    return organisation.service(row.practice_id, row.service).skill


def is_known(organisation: Organisation, practice: str, location: str, service: str) -> bool:
    """Whether it is still told who may serve such a call: what was asked for may have been taken out meanwhile."""
    found = organisation.practices.get(practice)
    return found is not None and location in found.locations and service in found.services


def rebuild(services: Services, connection: Connection) -> None:
    """Fill both indexes from SQL."""
    of = in_force(services, connection)
    services.fast.attempt(lambda redis: _fill(redis, connection, of, services.clock.now().timestamp()))


@dataclass(slots=True)
class _Contents:
    """Everything that is in the indexes."""

    scored: dict[str, dict[str, float]] = field(default_factory=dict)
    hashes: dict[str, dict[str, str | float]] = field(default_factory=dict)

    def add(self, key: str, member: str, at: float) -> None:
        self.scored.setdefault(key, {})[member] = at


def _fill(redis: Redis, connection: Connection, of: InForce, at: float) -> None:
    for tries_left in reversed(range(TRIES)):
        with redis.pipeline(transaction=True) as pipe:
            if tries_left:
                pipe.watch(index_scripts.NEWS)  # type: ignore[no-untyped-call]
            # What is read from SQL after the watch began is as new as all that Redis was told before it.
            look_again(connection)
            found = _read(connection, of)
            old = [key for pattern in KEYS for key in redis.scan_iter(pattern, count=1000)]
            pipe.multi()
            _write(pipe, found, old)
            pipe.mset({index_scripts.BUILT: of.mark, index_scripts.FILLED: at})
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
        found.add(index_scripts.PLACES, row.call_id, row.place)
        found.hashes.setdefault(index_scripts.LINE_OF, {})[row.call_id] = line
        if row.state == "searching":
            found.add(index_scripts.LINES + line, row.call_id, row.place)
            front = found.scored.setdefault(index_scripts.FRONTS + of.hidden(skill_of(of.organisation, row)), {})
            front.setdefault(line, row.place)
    _read_agents(connection, of, found)
    return found


def _read_agents(connection: Connection, of: InForce, found: _Contents) -> None:
    told = {row.agent_id: row for row in connection.execute(select(agent_state))}
    for name in of.organisation.agents:
        row = told.get(name)
        found.hashes.setdefault(index_scripts.VERSIONS, {})[name] = row.version if row else 0
        for cell, at in idle_in(of, name, row):
            found.add(index_scripts.CELLS + cell, name, at)


def idle_in(of: InForce, agent: str, row: Row[Any] | None) -> Iterator[tuple[str, float]]:
    """The cells in which an agent with this row of ``agent_state`` is filed, with the scores; none while not idle."""
    if row is None or (row.state == "idle" and row.away_since is None):
        since = row.since if row else NEVER
        yield from ((filed.cell, score(filed.level, since)) for filed in of.filing.of(agent))
