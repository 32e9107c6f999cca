"""Redis: fast, forgettable, and never worth waiting for.

A command that fails gives None, and Redis is then left alone for a moment: callers must not queue up behind the
time-out of a server that hangs, least of all while a transaction is open.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from redis import Redis, RedisError

from ivr.core.clock import Clock

Result = TypeVar("Result")
REST = timedelta(seconds=5)
log = structlog.get_logger(__name__)


class FastStore:
    """A Redis that may be missing; ``source`` gives None where there is none."""

    def __init__(self, source: Callable[[], Redis | None], clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._rests_until: datetime | None = None

    def ask(self, command: Callable[[Redis], Result]) -> Result | None:
        """The command's result, or None where Redis cannot be had."""
        redis = self._source()
        if redis is None or self._rests():
            return None
        try:
            return command(redis)
        except (RedisError, OSError) as problem:
            self._rests_until = self._clock.now() + REST
            log.warning("redis_unavailable", exc_info=problem)
            return None

    def _rests(self) -> bool:
        # A clock that was set back would make the rest an hour long.
        return self._rests_until is not None and timedelta() < self._rests_until - self._clock.now() <= REST
