"""The wall clock goes back an hour while callers wait, a phone rings and agents are set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.tables import leg
from ivr.core.clock import SteppedClock
from ivr.core.services import Services
from ivr.core.unit_of_work import transaction
from ivr.jobs.clock_process import Ticker
from ivr.jobs.tables import outbox, timer
from ivr.jobs.worker import drain_outbox
from ivr.queue import agent_states, index
from ivr.queue.tables import agent_state, decision, offer
from tests.calls.worlds import furnished_postgres
from tests.races.conftest import place, postgres_place, sqlite_place
from tests.races.dispatcher import Dispatcher
from tests.races.place import MONDAY, Place, let_go, rows

__all__ = ["furnished_postgres", "place", "postgres_place", "sqlite_place"]

MAPLE = "+13125550100"
OTHERS = ("rosa", "thandi", "mateus", "valentina", "andres")
"""Everybody who may take such a call but grace, of the practice's own front desk."""
HOUR = timedelta(hours=1)


class Evening:
    """An installation on a clock that stands until it is moved."""

    def __init__(self, services: Services) -> None:
        self.clock = services.clock = SteppedClock(MONDAY)
        self.services, self.hand, self.ticker = services, Dispatcher(services, seed=1), Ticker()
        self.passes(0)

    def calls(self, number: int) -> Row[Any]:
        """Somebody calls and asks for a person; the leg."""
        leg_id = self.hand.dials(f"+1312556000{number}", MAPLE, ("1", "0"))
        (found,) = rows(self.services, leg, leg.c.id == leg_id)
        return found

    def goes_back(self) -> None:
        """The clock is set back an hour, and the clock process looks at it."""
        self.clock.set_back(HOUR)
        self.passes(0)

    def engages(self, *names: str) -> None:
        """These agents are at other calls."""
        with transaction(self.services) as work:
            for name in sorted(names):
                assert agent_states.reserve(work, name, f"other-{name}")
                agent_states.start_call(work, name, f"other-{name}")

    def frees(self, name: str) -> None:
        """The agent's other call is over."""
        with transaction(self.services) as work:
            agent_states.end_call(work, name, f"other-{name}")

    def passes(self, seconds: float) -> None:
        """Time goes by, and what is due is done, as often as something is."""
        self.clock.advance(timedelta(seconds=seconds))
        while self.ticker.tick(self.services) + drain_outbox(self.services):
            continue

    def place_of(self, call_id: str) -> int | None:
        """The place in line that the caller is told."""
        with self.services.database.read() as connection:
            return index.position(self.services, connection, call_id)

    def alerts(self) -> list[tuple[str, Any]]:
        """The calls and what supervisors are alerted to about them."""
        return [(row.call_id, row.data) for row in rows(self.services, event, event.c.kind == "alert")]

    def due(self, kind: str) -> datetime:
        """When the one timer of the kind is due."""
        (found,) = rows(self.services, timer, timer.c.kind == kind)
        due_at: datetime = found.due_at
        return due_at


@pytest.fixture
def evening(place: Place) -> Iterator[Evening]:
    services = place.services()
    made = Evening(services)
    made.engages(*OTHERS)
    yield made
    let_go(services)


def test_nobody_loses_a_place_and_no_wait_is_negative(evening: Evening) -> None:
    evening.engages("grace")
    first = evening.calls(1)
    evening.passes(10)
    second = evening.calls(2)
    evening.passes(10)
    evening.goes_back()
    evening.passes(10)
    third = evening.calls(3)
    evening.passes(1)
    assert [evening.place_of(one.call_id) for one in (first, second, third)] == [1, 2, 3]
    evening.frees("grace")
    evening.passes(1)
    (made,) = rows(evening.services, offer)
    assert (made.call_id, made.agent_id, made.about["waited_seconds"]) == (first.call_id, "grace", 32)
    assert all(row.question["waited"] >= 0 for row in rows(evening.services, decision))


def test_a_phone_that_rings_stops_in_time_and_the_next_is_rung(evening: Evening) -> None:
    caller = evening.calls(1)
    evening.passes(1)
    (made,) = rows(evening.services, offer)
    evening.hand.news(made.leg_id, "ringing")
    evening.passes(15)
    evening.goes_back()
    evening.frees("rosa")
    evening.passes(6)
    offers = {row.agent_id: (row.call_id, row.state) for row in rows(evening.services, offer)}
    assert offers == {"grace": (caller.call_id, "lapsed"), "rosa": (caller.call_id, "open")}
    assert not rows(evening.services, outbox, outbox.c.kind == "dial_leg", outbox.c.state != "done")
    evening.passes(61)
    (grace,) = rows(evening.services, agent_state, agent_state.c.agent_id == "grace")
    assert grace.state == "idle"


def test_whoever_has_waited_long_enough_is_told_so_in_time(evening: Evening) -> None:
    evening.engages("grace")
    caller = evening.calls(1)
    evening.passes(9 * 60)
    evening.goes_back()
    evening.passes(59)
    assert evening.place_of(caller.call_id) == 1
    evening.passes(1)
    assert evening.place_of(caller.call_id) is None
    (told,) = rows(evening.services, event, event.c.kind == "nobody-came")
    assert told.data == {"why": "too-long"}


def test_whoever_dropped_out_of_line_before_it_comes_back_to_the_place(evening: Evening) -> None:
    evening.engages("grace")
    dropped = evening.calls(1)
    evening.passes(10)
    other = evening.calls(2)
    evening.passes(10)
    evening.hand.news(dropped.id, "completed")
    evening.goes_back()
    back = evening.calls(1)
    assert [evening.place_of(one.call_id) for one in (back, other)] == [1, 2]


def test_it_is_followed_once_and_told(evening: Evening) -> None:
    caller = evening.calls(1)
    evening.passes(5)
    for _ in range(3):
        evening.goes_back() if not evening.alerts() else evening.passes(1)
    assert evening.alerts() == [(caller.call_id, {"what": "clock-set-back", "seconds": 3600})]


def test_the_events_of_a_machine_whose_clock_is_ahead_move_nothing(evening: Evening) -> None:
    caller = evening.calls(1)
    evening.passes(1)
    before = evening.due("ring_over")
    for _ in range(3):
        with transaction(evening.services) as work:
            record(replace(work, at=work.at + timedelta(minutes=2)), "joined", caller.call_id)
        evening.passes(1)
    assert evening.alerts() == []
    assert evening.due("ring_over") == before


@pytest.mark.parametrize("seconds", [1, 59])
def test_a_clock_that_was_put_right_by_a_little_is_left_alone(evening: Evening, seconds: int) -> None:
    evening.calls(1)
    evening.clock.set_back(timedelta(seconds=seconds))
    evening.passes(0)
    assert evening.alerts() == []


def test_the_time_of_day_that_was_promised_stays_and_the_work_on_it_begins_as_soon_as_before(evening: Evening) -> None:
    evening.engages("grace")
    caller = evening.calls(1)
    evening.hand.wants_a_call_back(caller)
    due, start = (evening.due(kind) for kind in ("promise_due", "promise_start"))
    evening.goes_back()
    assert (evening.due("promise_due"), evening.due("promise_start")) == (due, start - HOUR)
