"""In which order rows are locked, on the database that locks rows."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Row, select, text, update

from ivr.callbacks.tables import promise
from ivr.calls import incoming_calls, legs
from ivr.calls.configuration import newest
from ivr.calls.tables import leg
from ivr.core.clock import SteppedClock
from ivr.core.services import Services
from ivr.core.unit_of_work import transaction
from ivr.jobs.tables import timer
from ivr.jobs.timers import cancel_timer, fire_due_timers, set_timer
from ivr.queue.offers import make_offer
from ivr.queue.tables import offer, waiting
from ivr.twilio.parameters import VoiceRequest
from tests.races.dispatcher import NUMBERS, Dispatcher
from tests.races.place import MONDAY, Place, let_go, rows

MAPLE, PHONE = NUMBERS[0], "+13125560001"
pytestmark = pytest.mark.postgres
_QUEUING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def until_it_queues(services: Services, other: Future[Any]) -> None:
    """Until the other one waits for a lock, or is done without."""
    with services.database.read() as connection:
        while not (other.done() or connection.execute(_QUEUING).scalar_one()):
            connection.rollback()


def test_whoever_wants_a_leg_waits_for_its_call_before_holding_the_leg(postgres_place: Place) -> None:
    services = postgres_place.services()
    with transaction(services) as work:
        asked = VoiceRequest(call_sid=f"CA{uuid4().hex}", from_="+13125550199", to=NUMBERS[0])
        leg_id = incoming_calls.open_call(work, asked)
        call_id = legs.lock(work, leg_id).call_id

    def changes_the_leg() -> None:
        with transaction(services) as other:
            legs.lock(other, leg_id)

    with ThreadPoolExecutor(1) as pool:
        with transaction(services) as work:
            legs.lock_call(work, call_id)
            waits = pool.submit(changes_the_leg)
            until_it_queues(services, waits)
            # Were the leg held by whoever waits for the call, each would now wait for the other.
            assert legs.lock(work, leg_id).id == leg_id
        waits.result()
    let_go(services)


def test_a_call_back_that_is_replaced_while_an_agent_is_looked_for_rings_nobody(postgres_place: Place) -> None:
    services = postgres_place.services()
    services.clock = clock = SteppedClock(MONDAY)
    hand = Dispatcher(services, seed=1)
    for _ in range(2):
        hand.wants_a_call_back(one_leg(services, hand.dials(PHONE, MAPLE, ("1", "0"))))
        clock.advance(timedelta(minutes=1))
        fire_due_timers(services)
    (older, newer) = sorted(rows(services, promise), key=lambda row: row.made_at)
    assert (older.state, newer.state) == ("replaced", "working")
    third = one_leg(services, hand.dials(PHONE, MAPLE, ("1", "0")))
    with ThreadPoolExecutor(1) as pool:
        with transaction(services) as work:
            legs.lock_call(work, newer.call_id)
            row = work.connection.execute(select(waiting).where(waiting.c.call_id == newer.call_id)).one()
            replaces = pool.submit(hand.wants_a_call_back, third)
            until_it_queues(services, replaces)
            assert make_offer(work, row, newest(work).agents["grace"])
        replaces.result()
    (place,) = rows(services, waiting, waiting.c.call_id == newer.call_id)
    (made,) = rows(services, offer, offer.c.call_id == newer.call_id)
    assert (place.state, made.state) == ("left", "cancelled")
    let_go(services)


@pytest.mark.parametrize("version", ["this", "the one before"])
def test_a_timer_waits_for_its_call_before_it_is_held_itself(postgres_place: Place, version: str) -> None:
    services = postgres_place.services()
    services.clock = SteppedClock(MONDAY)
    hand = Dispatcher(services, seed=1)
    caller = one_leg(services, hand.dials(PHONE, MAPLE, ()))
    with transaction(services) as work:
        set_timer(work, "check_leg", caller.id, work.at, call_id=caller.call_id)
        if version == "the one before":
            work.connection.execute(update(timer).where(timer.c.subject == caller.id).values(call_id=None))
    with ThreadPoolExecutor(1) as pool:
        with transaction(services) as work:
            legs.lock_call(work, caller.call_id)
            fires = pool.submit(fire_due_timers, services)
            until_it_queues(services, fires)
            # Were the timer held by whoever waits for the call, each would now wait for the other.
            cancel_timer(work, "check_leg", caller.id)
        assert fires.result() == 0
    (left,) = rows(services, timer, timer.c.subject == caller.id)
    assert (left.state, left.attempts) == ("cancelled", 0)
    let_go(services)


def one_leg(services: Services, leg_id: str) -> Row[Any]:
    (found,) = rows(services, leg, leg.c.id == leg_id)
    return found
