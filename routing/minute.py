"""Answers that cannot change within a minute, kept until the next begins.

Shifts, breaks and holidays begin and end on full minutes, as do the days of licences and trainings: whoever may take a
call at an instant may take it until the minute is over.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

MINUTE = timedelta(minutes=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
Answer = TypeVar("Answer")


class ThisMinute:
    """Remembers the answers of one minute. Threads may share it: at worst an answer is worked out twice."""

    def __init__(self) -> None:
        self._latest: tuple[datetime, datetime, dict[Hashable, Any]] = (_NEVER, _NEVER, {})

    def remember(self, key: Hashable, at: datetime, answer: Callable[[], Answer]) -> Answer:
        """What ``answer`` gives for ``key``, asked once in the minute of ``at``."""
        begins, ends, known = self._latest
        if not begins <= at < ends:
            begins, known = minute_of(at), {}
            self._latest = begins, begins + MINUTE, known
        if key not in known:
            known[key] = answer()
        found: Answer = known[key]
        return found


def minute_of(at: datetime) -> datetime:
    """The full minute at or before an instant."""
    return at.replace(second=0, microsecond=0)
