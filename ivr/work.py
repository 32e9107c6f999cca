"""One transaction of ours: everything decided in it happens together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ivr.services import Services


@dataclass(frozen=True, slots=True)
class Work:
    """A write transaction and the one instant it decides by."""

    services: Services
    connection: Connection
    at: datetime


@contextmanager
def transaction(services: Services) -> Iterator[Work]:
    """Open a transaction; on commit, wake whoever carries out effects."""
    at = services.clock.now()
    with services.database.write() as connection:
        yield Work(services, connection, at)
    services.wake()
