"""A wall clock that was set back: what was to happen in a minute happens in a minute, and nobody loses their place.

What is still to come is an instant on that clock. When the clock goes back an hour, nobody would be rung, no page would
lapse and no agent would be free again for an hour, and whoever calls then would come before those who have waited. So
all of it goes back as far as the clock did. A time of day that was told to somebody stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Table, select, update

from ivr.core.database import lock_tables, take_turn
from ivr.core.feature import Features, Shift
from ivr.core.lock_order import OWNERS
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, transaction
from ivr.jobs.tables import timer

NOTICED = timedelta(minutes=1)
"""By how much at least. Machines differ a little, and a transaction knows the instant before it got its turn."""

log = structlog.get_logger(__name__)


def follow_clock_back(services: Services, seen: datetime) -> None:
    """Let all that is still to come go back as far as the clock did, which last showed ``seen``, if it did."""
    with services.database.read() as connection:
        if _newest_ahead(services, connection, services.clock.now()) is None:
            return
    with transaction(services) as work:
        take_turn(work.connection, "clock")
        newest = _newest_ahead(services, work.connection, work.at)
        if newest is None:
            return
        # It changes rows of every call and agent. One by one, it would wait for somebody who waits for another of them.
        lock_tables(work.connection, _tables(services.features))
        by = max(seen, newest) - work.at
        log.error("clock_set_back", seconds=int(by.total_seconds()))
        for shift in _shifts(services.features):
            _shift_rows(work, shift, by)
        # An event of now is written, so that nobody follows the same jump twice.
        for tell in services.features.clock_set_back:
            tell(work, by)
    with services.database.read() as connection:
        for rebuild in services.features.rebuild:
            rebuild(services, connection)


def _newest_ahead(services: Services, connection: Connection, now: datetime) -> datetime | None:
    """When the newest event happened, where by the clock it has yet to come."""
    told = [newest(connection) for newest in services.features.newest_event]
    return max((at for at in told if at is not None and at - now >= NOTICED), default=None)


def _shifts(features: Features) -> Iterator[Shift]:
    """What every feature lets go back, and every timer but those of what was told as a time of day."""
    yield Shift(timer, (timer.c.state == "waiting") & timer.c.kind.not_in(features.times_of_day), ("due_at",))
    yield from features.shifts


def _tables(features: Features) -> list[Table]:
    """Whatever is shifted, after those to whom it belongs."""
    owners = sorted((one for one in features.tables if one.name in OWNERS), key=lambda one: OWNERS.index(one.name))
    return list(dict.fromkeys((*owners, *(shift.table for shift in _shifts(features)))))


def _shift_rows(work: Work, shift: Shift, by: timedelta) -> None:
    for row in work.connection.execute(select(shift.table).where(shift.rows)).all():
        moved = _moved(shift, row, by)
        if moved:
            mine = [column == getattr(row, column.name) for column in shift.table.primary_key.columns]
            work.connection.execute(update(shift.table).where(*mine).values(moved))


def _moved(shift: Shift, row: Row[Any], by: timedelta) -> dict[str, Any]:
    steps = dict.fromkeys(shift.columns, by) | dict.fromkeys(shift.seconds, by.total_seconds())
    return {name: getattr(row, name) - step for name, step in steps.items() if getattr(row, name) is not None}
