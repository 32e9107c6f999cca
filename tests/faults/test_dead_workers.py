"""A worker that is killed with an item in its hands, on either database."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

from ivr.core.demo_clock import DemoClock
from ivr.core.feature import Features
from ivr.core.unit_of_work import transaction
from ivr.jobs import outbox, worker
from ivr.jobs.leases import LEASE
from tests.calls.worlds import furnished_postgres
from tests.faults.dying import ENDLESS, KIND
from tests.races.conftest import place, postgres_place, sqlite_place
from tests.races.place import MONDAY, Place, let_go

__all__ = ["furnished_postgres", "place", "postgres_place", "sqlite_place"]

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.faults]


def next_renewal(them: subprocess.Popen[str], after: datetime) -> None:
    """Wait until the lease lasts longer than until ``after``."""
    assert them.stdout is not None
    assert any(datetime.fromisoformat(line.strip()) > after for line in them.stdout)


def test_what_a_killed_worker_had_is_soon_another_ones_and_what_a_living_one_has_never(place: Place) -> None:
    services = place.services()
    assert isinstance(services.clock, DemoClock)
    services.features = Features((*services.features.all, ENDLESS))
    services.clock.set(MONDAY)
    with transaction(services) as work:
        outbox.put_item(work, KIND, "it", call_id=None)
    command = [sys.executable, "-m", "tests.faults.dying", json.dumps(asdict(place))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as dying:
        try:
            for number in range(1, 5):
                next_renewal(dying, services.clock.now() + LEASE * 0.9)
                assert worker.lease_items(services) == []
                services.clock.set(MONDAY + LEASE * 0.7 * number)
        finally:
            dying.kill()
    services.clock.set(services.clock.now() + LEASE * 1.1)
    assert [(one.kind, one.attempts) for one in worker.lease_items(services)] == [(KIND, 2)]
    let_go(services)
