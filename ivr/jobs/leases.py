"""Holding the items of a batch while they are carried out, so that leases can be short.

Whoever carries a batch out renews its leases from a thread beside the work. A worker that is killed renews nothing
more, and its items are eligible again within :data:`LEASE`; one that is only slow keeps them as long as it lives.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, select, update

from ivr.core.clock import Clock
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.tables import UNDONE, outbox

LEASE = timedelta(seconds=10)
"""How long, in real time, an item stays with a worker of which nothing is heard. Some renewals may come to nothing."""
RENEW_SECONDS = 2.0

log = structlog.get_logger(__name__)


def lease_until(clock: Clock, at: datetime) -> datetime:
    """Until when a lease of ``at`` lasts. A clock that goes faster, as the demo's can, does not make it shorter."""
    return at + LEASE * clock.rate


class Leases:
    """The leases of one batch, as the one who carries it out knows them; ``lock`` is had by whoever renews them."""

    def __init__(self, services: Services, items: Sequence[Row[Any]]) -> None:
        self.lock = threading.Lock()
        self._services = services
        self._held = {item.id: item.attempts for item in items}
        self._until = min((item.leased_until for item in items), default=services.clock.now())

    def holds(self, item: Row[Any]) -> bool:
        """Whether nobody else can have begun with the item, because its lease was renewed in time ever since."""
        return item.id in self._held and self._services.clock.now() <= self._until

    def let_go(self, item: Row[Any]) -> None:
        """Renew this one no more: it is settled."""
        self._held = {known: attempts for known, attempts in self._held.items() if known != item.id}

    def renew(self) -> None:
        """Renew what is still held. What has expired may be another worker's by now and is let go."""
        held = self._held
        until = in_transaction(self._services, lambda work: self._renew(work, held))
        self._until = until or self._until

    def _renew(self, work: Work, held: dict[int, int]) -> datetime | None:
        until = lease_until(work.services.clock, work.at)
        mine = select(outbox.c.id).where(UNDONE, outbox.c.id.in_(held), outbox.c.leased_until >= work.at)
        # What is just being settled is passed over, not waited for.
        free = mine.where(outbox.c.state == "leased").order_by(outbox.c.id).with_for_update(skip_locked=True)
        renewed = update(outbox).where(outbox.c.id.in_(free)).values(leased_until=until)
        found = work.connection.execute(renewed.returning(outbox.c.id, outbox.c.attempts)).all()
        kept = {row.id for row in found if held[row.id] == row.attempts}
        self._held = {item: attempts for item, attempts in self._held.items() if item in kept}
        return until if kept else None


class _Renewing:
    """One thread of this process that renews whatever it holds; it ends once nothing was held for a while.

    Batches are many and brief: a thread for each would cost more than most of what is in them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[Leases] = set()
        self._thread: threading.Thread | None = None

    def begin(self, leases: Leases) -> None:
        """Renew ``leases`` from now on."""
        with self._lock:
            self._held.add(leases)
            if self._thread is None:
                self._thread = threading.Thread(target=self._renew, name="leases", daemon=True)
                self._thread.start()

    def end(self, leases: Leases) -> None:
        """Renew ``leases`` no more; none of theirs is being renewed once this returns."""
        with leases.lock, self._lock:
            self._held.discard(leases)

    def _renew(self) -> None:
        while True:
            time.sleep(RENEW_SECONDS)
            with self._lock:
                held = list(self._held)
                if not held:
                    self._thread = None
                    return
            for leases in held:
                with leases.lock:
                    if leases in self._held:
                        _renew_guarded(leases)


_RENEWING = _Renewing()


@contextmanager
def held(services: Services, items: Sequence[Row[Any]]) -> Iterator[Leases]:
    """Renew the leases of ``items`` until the block ends."""
    leases = Leases(services, items)
    _RENEWING.begin(leases)
    try:
        yield leases
    finally:
        _RENEWING.end(leases)


def _renew_guarded(leases: Leases) -> None:
    try:
        leases.renew()
    except Exception as problem:  # the next one may succeed, and what is not renewed is not begun
        log.warning("leases_not_renewed", error=type(problem).__name__)
