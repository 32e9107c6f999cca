"""Answers that cannot change within a minute, kept until the next begins.

Shifts, breaks and holidays begin and end on full minutes, as do the days of licences and trainings: whoever may take a
call at an instant may take it until the minute is over.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class ThisMinute:
    """Remembers the answers of one minute. Threads may share it: at worst an answer is worked out twice."""

    def __init__(self) -> None:
        self._latest: tuple[datetime | None, dict[Hashable, Any]] = (None, {})

    def remember(self, key: Hashable, at: datetime, answer: Callable[[], Answer]) -> Answer:
        """What ``answer`` gives for ``key``, asked once in the minute of ``at``."""
        minute, known = at.replace(second=0, microsecond=0), self._latest
        if known[0] != minute:
            self._latest = known = (minute, {})
        if key not in known[1]:
            known[1][key] = answer()
        found: Answer = known[1][key]
        return found
