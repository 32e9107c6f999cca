"""The only place of ours that reads a clock.

Every decision takes ``at`` as a parameter; the shell asks a :class:`Clock` once per piece of work
and passes the instant on, so that one answer never straddles two instants.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""

    @property
    def rate(self) -> float:
        """How many of its seconds pass in one of real time."""


class SystemClock:
    """The machine's own clock."""

    rate = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)


class SteppedClock:
    """A clock that stands still until it is moved, for rehearsals, tests and simulation."""

    rate = 1.0

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Move forward to ``instant``; a stepped clock never runs backwards by itself."""
        self._now = max(self._now, _utc(instant))

    def advance(self, by: timedelta) -> None:
        """Move forward by ``by``."""
        self.move_to(self._now + by)

    def set_back(self, by: timedelta) -> None:
        """Go back, as a machine's clock does that was wrong and is set right."""
        self._now -= by


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone; give it as UTC")
    return instant.astimezone(UTC)
