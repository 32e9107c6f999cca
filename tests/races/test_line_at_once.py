"""Many callers at the door of one line."""

from __future__ import annotations

from functools import partial

from ivr.queue.tables import WAITS, waiting
from tests.races.dispatcher import Dispatcher
from tests.races.place import Place, let_go, rows
from tests.races.threads import at_once

RIVERSIDE, MOST = "+12105550110", 2
DOORS, TURNS = 6, 4


def test_no_more_enter_a_line_at_once_than_it_holds(place: Place) -> None:
    place.begin(rate=1.0)
    services = place.services()
    hand = Dispatcher(services, seed=1)
    for turn in range(TURNS):
        # Other phones each time: whoever comes back to a kept place is not held to the limit by those behind it.
        callers = [hand.dials(f"+1312557{turn}{door:03d}", RIVERSIDE, ("1",)) for door in range(DOORS)]
        at_once(*[partial(hand.presses, leg_id, "0") for leg_id in callers])
        assert len(rows(services, waiting, WAITS)) == MOST
        for leg_id in callers:
            hand.news(leg_id, "completed")
    let_go(services)
