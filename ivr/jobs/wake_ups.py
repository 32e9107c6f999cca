"""Waking the workers after a commit. The job carries nothing: whoever gets it drains whatever is due."""

from __future__ import annotations

from collections.abc import Callable

from redis import Redis
from rq import Queue

from ivr.core.optional_redis import OptionalRedis

QUEUE = "sunline"
JOB = "ivr.processes.drain_job"
"""What a wake-up names in Redis: the function of the version before, whose workers may be the ones that it wakes.
A worker of this version carries the outbox out whatever the wake-up names (``ivr/ops/processes.py``)."""
WOKEN = "sunline:woken"
COALESCE_MILLISECONDS = 50


def make_wake_up(fast: OptionalRedis) -> Callable[[], None]:
    """A function that enqueues one wake-up; many in a moment become one. Without Redis the clock process drains."""

    def wake() -> None:
        fast.attempt(_enqueue)

    return wake


def _enqueue(redis: Redis) -> None:
    if redis.set(WOKEN, 1, nx=True, px=COALESCE_MILLISECONDS):
        Queue(QUEUE, connection=redis).enqueue(JOB, result_ttl=0, failure_ttl=3600)
