"""The demo's clock: real time, shifted and sped up by one shared row, so that all its processes agree."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, Float, Integer, Table, delete, insert, select

from ivr.core.clock import Clock, SystemClock
from ivr.core.database import Database, Instant, metadata

demo_clock = Table(
    "demo_clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("real_at", Instant, nullable=False),
    Column("shown_at", Instant, nullable=False),
    Column("rate", Float, nullable=False),
)

READ_EVERY = timedelta(milliseconds=200)


class DemoClock:
    """Shows ``shown_at`` plus the real time since ``real_at``, times ``rate``."""

    def __init__(self, database: Database, real: Clock | None = None) -> None:
        self._database = database
        self._real = real or SystemClock()
        self._read_at: datetime | None = None
        self._setting: tuple[datetime, datetime, float] | None = None

    def now(self) -> datetime:
        real = self._real.now()
        if self._read_at is None or real - self._read_at > READ_EVERY:
            self._setting, self._read_at = self._stored(), real
        if self._setting is None:
            return real
        real_at, shown_at, rate = self._setting
        return shown_at + (real - real_at) * rate

    @property
    def rate(self) -> float:
        """How many of its seconds pass in one of real time, by the setting that it last showed."""
        return 1.0 if self._setting is None else self._setting[2]

    def set(self, shown_at: datetime, rate: float = 1.0) -> None:
        """Show ``shown_at`` from now on, ``rate`` times as fast as real time."""
        real = self._real.now()
        with self._database.write() as connection:
            connection.execute(delete(demo_clock))
            connection.execute(insert(demo_clock).values(id=1, real_at=real, shown_at=shown_at, rate=rate))
        self._read_at = None

    def _stored(self) -> tuple[datetime, datetime, float] | None:
        with self._database.read() as connection:
            row = connection.execute(select(demo_clock)).first()
        return None if row is None else (row.real_at, row.shown_at, row.rate)
