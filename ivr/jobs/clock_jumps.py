"""A wall clock that was set back: what was to happen in a minute happens in a minute, and nobody loses their place.

What is still to come is an instant on that clock. When it goes back an hour nobody would be rung, no page would lapse
and no agent would be free again for an hour, and whoever calls then would stand before whoever has waited. So all of it
goes back as far as the clock did. What was told to somebody as a time of day stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, Row, Table, and_, or_, select, true, update

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.database import take_turn
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, transaction
from ivr.jobs.tables import UNDONE, lane, outbox
from ivr.jobs.timer_tables import timer
from ivr.jobs.timers import fire_due
from ivr.queue.agent_states import NEVER
from ivr.queue.index import rebuild
from ivr.queue.returning_callers import ABANDONED
from ivr.queue.tables import WAITS, agent_state, waiting

NOTICED = timedelta(minutes=1)
"""By how much at least. Machines differ a little, and a transaction knows the instant before it got its turn."""

TIMES_OF_DAY = ("promise_due", "quiet_hours", "shift_over")
"""Timers of what was told to somebody, or is so every day, by the clock on the wall."""

_TO_COME: tuple[tuple[Table, ColumnElement[bool], tuple[str, ...]], ...] = (
    (timer, and_(timer.c.state == "waiting", timer.c.kind.not_in(TIMES_OF_DAY)), ("due_at",)),
    (outbox, and_(UNDONE), ("due_at", "leased_until", "created_at")),
    (lane, true(), ("free_at",)),
    (waiting, or_(WAITS, waiting.c.state == ABANDONED), ("since",)),
    (promise, promise.c.state.in_(("open", "working")), ("place_since",)),
    (agent_state, agent_state.c.since > NEVER, ("since", "until")),
)
_NEWEST = select(event.c.at, event.c.call_id).order_by(event.c.id.desc()).limit(1)
log = structlog.get_logger(__name__)


class Ticker:
    """How the clock process looks at the clock, again and again."""

    def __init__(self) -> None:
        self._seen: datetime | None = None

    def tick(self, services: Services) -> int:
        """Fire every timer that is due by the clock as it is now, set back or not; how many."""
        now = services.clock.now()
        # Of the time before the first look nothing is known. After it, an event ahead of a clock that went on is of
        # another machine, whose clock is wrong: to follow that would be done again with each of its events.
        if self._seen is None or self._seen - now >= NOTICED:
            _follow(services, self._seen or now)
        self._seen = now
        return fire_due(services)


def _follow(services: Services, seen: datetime) -> None:
    """Let all that is still to come go back as far as the clock did, which last showed ``seen``, if it did."""
    with services.database.read() as connection:
        if _ahead(connection, services.clock.now()) is None:
            return
    with transaction(services) as work:
        take_turn(work.connection, "clock")
        newest = _ahead(work.connection, work.at)
        if newest is None:
            return
        by = max(seen, newest.at) - work.at
        log.error("clock_set_back", seconds=int(by.total_seconds()))
        _shift(work, by)
        # The newest event is now on this side of the jump, so that nobody follows it twice.
        record(work, "alert", newest.call_id, what="clock-set-back", seconds=int(by.total_seconds()))
    with services.database.read() as connection:
        rebuild(services, connection)


def _ahead(connection: Connection, now: datetime) -> Row[Any, Any] | None:
    """The newest event, where by the clock it has yet to come."""
    newest = connection.execute(_NEWEST).first()
    return newest if newest is not None and newest.at - now >= NOTICED else None


def _shift(work: Work, by: timedelta) -> None:
    for table, clause, columns in _TO_COME:
        key = list(table.primary_key.columns)
        for row in work.connection.execute(select(table).where(clause)).all():
            told = {name: getattr(row, name) - by for name in columns if getattr(row, name) is not None}
            one = [column == getattr(row, column.name) for column in key]
            if told:
                work.connection.execute(update(table).where(*one).values(told))
    _shift_places(work, by)


def _shift_places(work: Work, by: timedelta) -> None:
    standing = or_(WAITS, waiting.c.state == ABANDONED)
    work.connection.execute(update(waiting).where(standing).values(place=waiting.c.place - by.total_seconds()))
