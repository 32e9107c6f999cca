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
COOLDOWN = timedelta(seconds=5)
"""How long nothing is tried after a command has failed: a circuit breaker."""
log = structlog.get_logger(__name__)


class OptionalRedis:
    """A Redis that may be missing; ``source`` gives None where there is none."""

    def __init__(self, source: Callable[[], Redis | None], clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._open_until: datetime | None = None

    def attempt(self, command: Callable[[Redis], Result]) -> Result | None:
        """The command's result, or None where Redis cannot be had."""
        redis = self._source()
        if redis is None or self._is_open():
            return None
        try:
            return command(redis)
        except (RedisError, OSError) as problem:
            self._open_until = self._clock.now() + COOLDOWN
            log.warning("redis_unavailable", exc_info=problem)
            return None

    def _is_open(self) -> bool:
        # A clock that was set back would keep the breaker open for an hour.
        return self._open_until is not None and timedelta() < self._open_until - self._clock.now() <= COOLDOWN
