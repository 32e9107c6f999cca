"""A worker that carries out an item for ever. It tells each renewal of its lease as a line, and waits to be killed."""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

from sqlalchemy import Row, select

from ivr.core.feature import Feature, Features, OutboxHandler
from ivr.core.services import Services
from ivr.jobs import leases, worker
from ivr.jobs.tables import outbox
from tests.races.place import Place

KIND = "never-ends"


def main() -> None:
    """Lease what there is and never be done with it."""
    services = Place(**json.loads(sys.argv[1])).services()
    services.features = Features((*services.features.all, ENDLESS))
    leases.RENEW_SECONDS = 0.02
    leases.Leases = Telling  # type: ignore[misc]
    worker.drain_outbox(services)


def never_end(_services: Services, _item: Row[Any]) -> None:
    """Work until killed."""
    threading.Event().wait()


ENDLESS = Feature(name="of this test", outbox={KIND: OutboxHandler(never_end)})


class Telling(leases.Leases):
    """Leases that tell until when they last."""

    def renew(self) -> None:
        """Renew, and tell."""
        super().renew()
        with self._services.database.read() as connection:
            until = connection.execute(select(outbox.c.leased_until).where(outbox.c.kind == KIND)).scalar_one()
        print(until.isoformat(), flush=True)


if __name__ == "__main__":
    main()
