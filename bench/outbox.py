"""Draining the outbox against RQ jobs, both in one process, both doing nothing: what is left is the bookkeeping.

An effect here is stored in SQL, leased, carried out and settled, with the wake-up that follows each commit. A job is
taken from Redis, called and forgotten by RQ's SimpleWorker, which does not fork.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from rq import Queue, SimpleWorker
from sqlalchemy import Row as SqlRow

from bench.rig.installation import BACKENDS, Installation, installed
from bench.rows import Baseline, Row, at_least, middle
from ivr.core.feature import Feature, Features, OutboxHandler
from ivr.core.services import Services
from ivr.core.unit_of_work import transaction
from ivr.features import installed_features
from ivr.jobs import outbox
from ivr.jobs.worker import drain_outbox

ROUNDS = 3
EFFECTS, JOBS = 1000, 400
KIND = "bench_nothing"
BETTER_THAN_RQ = 2.7
"""1 000 a second where RQ's SimpleWorker does 370."""


def nothing(services: Services, item: SqlRow[Any]) -> None:
    """An effect that does nothing."""


NOTHING = Feature(name="bench", outbox={KIND: OutboxHandler(nothing)})


def job() -> None:
    """A job that does nothing."""


def measure(quick: bool = False) -> list[Row]:
    """Effects a second of one worker on both databases, and RQ's jobs a second, in turn."""
    rounds, effects, jobs = (1, 60, 20) if quick else (ROUNDS, EFFECTS, JOBS)
    return [_row(backend, rounds, effects, jobs) for backend in BACKENDS]


def _row(backend: str, rounds: int, effects: int, jobs: int) -> Row:
    ours, rq = [], []
    with installed(backend) as installation:
        installation.services.features = Features((*installed_features().all, NOTHING))
        for number in range(rounds):
            rq.append(jobs / _seconds(_jobs(installation, jobs)))
            _put(installation.services, effects, number)
            ours.append(effects / _seconds(partial(_drain, installation.services)))
    baseline = Baseline("RQ SimpleWorker", middle(rq))
    return at_least(f"{backend}: small effects of one worker", middle(ours), "a second", baseline, BETTER_THAN_RQ)


def _put(services: Services, count: int, batch: int) -> None:
    with transaction(services) as work:
        for number in range(count):
            outbox.put_item(work, KIND, f"{number:024x}", call_id=None, key=str(batch))


def _drain(services: Services) -> None:
    while drain_outbox(services):
        pass


def _jobs(installation: Installation, count: int) -> Callable[[], object]:
    redis = installation.services.redis
    assert redis is not None
    queue = Queue("bench", connection=redis)
    for _ in range(count):
        queue.enqueue(job, result_ttl=0)
    worker = SimpleWorker([queue], connection=redis)
    return lambda: worker.work(burst=True, logging_level="WARNING")


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
