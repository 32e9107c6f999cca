"""Eight dispatchers in threads of one process, on either database."""

from __future__ import annotations

from tests.races.dispatcher import race
from tests.races.history import keep_history
from tests.races.place import Place, let_go
from tests.races.standing import came_to

DISPATCHERS = 8
ACTS_EACH = 40


def test_eight_dispatchers_in_threads_lose_nobody_and_double_nothing(place: Place) -> None:
    services = place.services()
    keep_history(services.database)
    place.begin()
    done = race(services, range(DISPATCHERS), ACTS_EACH)
    let_go(services)
    told = came_to(place, done)
    assert told.accepted
