"""Waking the workers after a commit. The job carries nothing: whoever gets it drains whatever is due."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from redis import Redis, RedisError
from rq import Queue

QUEUE = "sunline"
JOB = "ivr.processes.drain_job"
WOKEN = "sunline:woken"
COALESCE_MILLISECONDS = 50
log = structlog.get_logger(__name__)


def waker(redis: Redis | None) -> Callable[[], None]:
    """A function that enqueues one wake-up; many in a moment become one. Without Redis the clock process drains."""
    if redis is None:
        return lambda: None
    queue = Queue(QUEUE, connection=redis)

    def wake() -> None:
        try:
            if redis.set(WOKEN, 1, nx=True, px=COALESCE_MILLISECONDS):
                queue.enqueue(JOB, result_ttl=0, failure_ttl=3600)
        except RedisError as problem:
            log.warning("redis_unavailable", error=type(problem).__name__)

    return wake
