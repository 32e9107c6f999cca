"""A wake-up in Redis is for any worker, of this version or of the one beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis
from rq import Queue

from ivr.core.redis_client import connect_redis
from ivr.jobs.wake_ups import JOB, QUEUE
from ivr.ops import processes

FUNCTIONS = (JOB, "ivr.processes.drain_job", "ivr.ops.processes.drain_job", "of.a.version.to.come")


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with connect_redis(redis_url) as client:
        yield client


@pytest.mark.parametrize("named", sorted(set(FUNCTIONS)))
def test_a_worker_carries_the_outbox_out_whatever_function_a_wake_up_names(
    redis: Redis, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [3, 1, 0]
    monkeypatch.setattr(processes, "drain_outbox", lambda _services: left.pop(0))
    monkeypatch.setattr(processes, "_services", lambda: None)
    queue = Queue(QUEUE, connection=redis)
    queue.enqueue(named, result_ttl=0)

    processes.make_worker(redis).work(burst=True, logging_level="WARNING")

    assert left == []
    assert queue.failed_job_registry.count == 0


def test_a_wake_up_names_what_the_workers_of_the_version_before_have() -> None:
    assert JOB == "ivr.processes.drain_job"
