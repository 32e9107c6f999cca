"""The worker that RQ wakes. What stands in Redis is that somebody should wake, and nothing else is believed.

RQ takes from Redis which function a job runs, with which arguments, what is called and which address is asked
afterwards, and it reads pickles, which run code. So whoever could write to Redis could run anything here. A job of
this worker reads none of that: it is a wake-up, and a wake-up carries the outbox out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from ivr.jobs.wake_ups import JOB, QUEUE

_KNOWN = {
    b"data": json.dumps((JOB, None, [], {})).encode(),
    b"origin": QUEUE.encode(),
    b"status": b"queued",
    b"result_ttl": b"0",
    b"failure_ttl": b"3600",
}
"""All that a worker knows of a job, in the form in which RQ would have it from Redis."""


class UnreadJob(Job):
    """A job of which Redis has the name and nothing else that counts."""

    def restore(self, raw_data: Mapping[Any, Any]) -> None:
        """Take the job for a wake-up, whatever function, arguments, call-backs and addresses stand there."""
        super().restore(dict(_KNOWN))


class OutboxWorker(SimpleWorker):
    """Works on one queue of unread jobs, and takes no orders from Redis: who runs and stops, the machine says.

    It is one process, which does not fork: a fork per wake-up would cost more than the batch that it drains.
    """

    def __init__(self, connection: Redis, job_class: type[UnreadJob]) -> None:
        queue = Queue(QUEUE, connection=connection, job_class=job_class, serializer=JSONSerializer)
        super().__init__([queue], connection=connection, job_class=job_class, serializer=JSONSerializer)

    def subscribe(self) -> None:
        """Do not listen for commands."""

    def check_for_suspension(self, burst: bool) -> None:
        """Do not pause because it stands there."""

    def clean_group_registries(self) -> None:
        """Leave groups of jobs alone: we have none, and RQ reads their jobs with pickle."""
