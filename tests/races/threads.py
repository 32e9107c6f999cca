"""Several things at the same time, in real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import text

from ivr.core.database import Database

Result = TypeVar("Result")
_QUEUING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def until_it_queues(database: Database, other: Future[Any]) -> None:
    """Until the other one waits for a lock of PostgreSQL, or is done without."""
    with database.read() as connection:
        while not (other.done() or connection.execute(_QUEUING).scalar_one()):
            connection.rollback()


def at_once(*works: Callable[[], Result]) -> list[Result]:
    """Do all ``works`` at the same moment; what each gave, in their order. Raises what any of them raised."""
    barrier = threading.Barrier(len(works))

    def begin(work: Callable[[], Result]) -> Result:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [found.result() for found in [pool.submit(begin, work) for work in works]]
