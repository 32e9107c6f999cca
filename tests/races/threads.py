"""Several things at the same time, in real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar
from unittest.mock import patch

from sqlalchemy import text

from ivr.core import database
from ivr.core.database import Database

Result = TypeVar("Result")
GIVE_UP = 120
"""Seconds after which a turn never comes, however busy the machine is."""
_QUEUING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def until_it_queues(reached: Database, other: Future[Any]) -> None:
    """Until the other one waits for a lock of PostgreSQL, or is done without."""
    with reached.read() as connection:
        while not (other.done() or connection.execute(_QUEUING).scalar_one()):
            connection.rollback()


def at_once(*works: Callable[[], Result]) -> list[Result]:
    """Do all ``works`` at the same moment; what each gave, in their order. Raises what any of them raised."""
    barrier = threading.Barrier(len(works))

    def begin(work: Callable[[], Result]) -> Result:
        barrier.wait()
        return work()

    # In SQLite all of them write one after the other, which takes as long as the machine takes.
    with patch.object(database, "TIMEOUT_SECONDS", GIVE_UP), ThreadPoolExecutor(len(works)) as pool:
        return [found.result() for found in [pool.submit(begin, work) for work in works]]
