"""Eight dispatchers in threads of one process, on either database."""

from __future__ import annotations

import pytest

from ivr.core.demo_clock import DemoClock
from tests.conftest import thorough
from tests.races.dispatcher import race
from tests.races.history import keep_history
from tests.races.place import MONDAY, ClockOfActs, Place, let_go
from tests.races.standing import came_to

DISPATCHERS = 8


@pytest.mark.parametrize("acts_each", [10, thorough(40)])
def test_eight_dispatchers_in_threads_lose_nobody_and_double_nothing(place: Place, acts_each: int) -> None:
    services = place.services()
    keep_history(services.database)
    services.clock = ClockOfActs(MONDAY)
    done = race(services, range(DISPATCHERS), acts_each)
    DemoClock(services.database).set(services.clock.now())
    let_go(services)
    told = came_to(place, done)
    assert told.accepted
