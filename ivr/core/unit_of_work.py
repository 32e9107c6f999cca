"""One transaction of ours: everything decided in it happens together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from ivr.core.services import Services


@dataclass(frozen=True, slots=True)
class Work:
    """A write transaction and the one instant it decides by.

    ``item_kinds`` are the kinds of the outbox items that were written down in it. ``last_acts`` are done at its end, in
    it: what makes other transactions wait until the commit.
    """

    services: Services
    connection: Connection
    at: datetime
    item_kinds: list[str] = field(default_factory=list)
    last_acts: list[Callable[[], object]] = field(default_factory=list)


@contextmanager
def transaction(services: Services) -> Iterator[Work]:
    """Open a transaction; on commit, wake whoever carries out outbox items, if there are any."""
    at = services.clock.now()
    with services.database.write() as connection:
        work = Work(services, connection, at)
        yield work
        for act in work.last_acts:
            act()
    if work.item_kinds:
        services.wake()
