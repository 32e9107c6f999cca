"""The work of an installation that is due. Its database is asked only after something was written to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event, select

from ivr.core.database import Database
from ivr.core.services import Services
from ivr.jobs import timers as timers
from ivr.jobs import worker
from ivr.jobs.tables import UNDONE, outbox

_LEASED = select(outbox.c.id).where(UNDONE, outbox.c.state == "leased").limit(1)


class DueWork:
    """The effects and timers of one stepped installation.

    A live installation asks every moment. Here nothing changes between two writes, so one look after each write
    is as good. ``hurried`` is for a database of the world's own, which nobody needs after a power cut.
    """

    def __init__(self, database: Database, *, hurried: bool) -> None:
        self._written = True
        self._effects: datetime | None = None
        self._timers: datetime | None = None
        self._somebody_died = False
        event.listen(database.engine, "commit", self._note)
        if hurried and database.engine.dialect.name == "sqlite":
            event.listen(database.engine, "connect", _never_wait_for_the_disk)

    def next_due(self, services: Services) -> datetime | None:
        """When something of the installation is due next."""
        self._look(services)
        return min((instant for instant in (self._effects, self._timers) if instant is not None), default=None)

    def carry_out(self, services: Services) -> int:
        """Do what is due now, and return how many things were tried."""
        self._look(services)
        now, done = services.clock.now(), 0
        if self._somebody_died or (self._effects is not None and self._effects <= now):
            self._written = True  # also when it breaks off half-way and comes to nothing
            done += worker.drain_outbox(services)
        if self._timers is not None and self._timers <= now:
            self._written = True
            done += timers.fire_due_timers(services)
        return done

    def _look(self, services: Services) -> None:
        if not self._written:
            return
        self._effects, self._timers = worker.find_next_due_item(services), timers.find_next_due_timer(services)
        with services.database.read() as connection:
            # What is leased between two events was leased by a worker that died; the end of a lease has no due time.
            self._somebody_died = connection.execute(_LEASED).first() is not None
        self._written = False

    def _note(self, _connection: Connection) -> None:
        self._written = True


def _never_wait_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
