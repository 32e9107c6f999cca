"""In which order rows are locked, on the database that locks rows."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Row, select, text, update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from ivr.callbacks.tables import promise
from ivr.calls import incoming_calls, legs
from ivr.calls.configuration import newest
from ivr.calls.several_calls import lock_beside
from ivr.calls.tables import leg
from ivr.core.clock import SteppedClock
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.jobs.tables import timer
from ivr.jobs.timers import cancel_timer, fire_due_timers, set_timer
from ivr.queue import agent_states
from ivr.queue.offers import make_offer
from ivr.queue.tables import agent_state, offer, waiting
from ivr.twilio.parameters import VoiceRequest
from tests.locks.recorder import Recorder
from tests.races.dispatcher import NUMBERS, Dispatcher
from tests.races.place import MONDAY, Place, let_go, rows
from tests.races.threads import at_once, until_it_queues

MAPLE, PHONE = NUMBERS[0], "+13125560001"
pytestmark = pytest.mark.postgres


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
            until_it_queues(services.database, waits)
            # Were the leg held by whoever waits for the call, each would now wait for the other.
            assert legs.lock(work, leg_id).id == leg_id
        waits.result()
    let_go(services)


def test_a_call_back_that_is_replaced_while_an_agent_is_looked_for_rings_nobody(postgres_place: Place) -> None:
    services = postgres_place.services()
    services.clock = clock = SteppedClock(MONDAY)
    hand = Dispatcher(services, seed=1)
    for asked_before in (False, True):
        hand.wants_a_call_back(one_leg(services, hand.dials(PHONE, MAPLE, ("1", "0"))), asked_before=asked_before)
        clock.advance(timedelta(minutes=1))
        fire_due_timers(services)
    (older, newer) = sorted(rows(services, promise), key=lambda row: row.made_at)
    assert (older.state, newer.state) == ("replaced", "working")
    third = one_leg(services, hand.dials(PHONE, MAPLE, ("1", "0")))
    with ThreadPoolExecutor(1) as pool:
        with transaction(services) as work:
            legs.lock_call(work, newer.call_id)
            row = work.connection.execute(select(waiting).where(waiting.c.call_id == newer.call_id)).one()
            replaces = pool.submit(hand.wants_a_call_back, third, asked_before=True)
            until_it_queues(services.database, replaces)
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
            until_it_queues(services.database, fires)
            # Were the timer held by whoever waits for the call, each would now wait for the other.
            cancel_timer(work, "check_leg", caller.id)
        assert fires.result() == 0
    (left,) = rows(services, timer, timer.c.subject == caller.id)
    assert (left.state, left.attempts) == ("cancelled", 0)
    let_go(services)


def test_whoever_waited_for_an_agent_in_vain_holds_them_no_longer(
    postgres_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = postgres_place.services()
    tried, free = threading.Event(), threading.Event()

    def tries_in_vain() -> bool:
        with transaction(services) as other:
            reserved = agent_states.reserve(other, "grace", "second")
            tried.set()
            free.wait()
        return reserved

    with transaction(services) as work:
        agent_states.sign_out(work, "grace", work.at)
        agent_states.make_ready(work, "grace")
    # Which of the two statements waits is a matter of moments; here it is the one that locks.
    monkeypatch.setattr(agent_states, "_ensure_row", lambda *_about: None)
    with ThreadPoolExecutor(1) as pool:
        with transaction(services) as work:
            assert agent_states.reserve(work, "grace", "first")
            tries = pool.submit(tries_in_vain)
            until_it_queues(services.database, tries)
        tried.wait()
        try:
            with transaction(services) as work:
                mine = select(agent_state).where(agent_state.c.agent_id == "grace")
                assert work.connection.execute(mine.with_for_update(nowait=True)).one().offer_id == "first"
        finally:
            free.set()
        assert not tries.result()
    let_go(services)


def one_leg(services: Services, leg_id: str) -> Row[Any]:
    (found,) = rows(services, leg, leg.c.id == leg_id)
    return found


SOON, LATE = (text(f"SET LOCAL deadlock_timeout = '{after}'") for after in ("50ms", "20s"))
"""After how long the database looks for a deadlock, for whoever is to be ended by it and whoever is not."""


def locks_in_turn(services: Services, first: str, second: str, both: threading.Barrier) -> str:
    """Lock a call and, once the other one has locked theirs, that one; the error that was met."""
    try:
        with transaction(services) as work:
            work.connection.execute(SOON)
            legs.lock_call(work, first)
            both.wait()
            legs.lock_call(work, second)
    except OperationalError as problem:
        return type(problem.orig).__name__
    return ""


def test_without_the_order_two_who_lock_one_another_s_calls_end_in_a_deadlock(
    postgres_place: Place, lock_recorder: Recorder
) -> None:
    services, older, younger = two_calls(postgres_place)
    lock = partial(locks_in_turn, services, both=threading.Barrier(2))
    assert set(at_once(partial(lock, older, younger), partial(lock, younger, older))) == {"", "DeadlockDetected"}
    assert len(lock_recorder.broken) == 1
    lock_recorder.broken.clear()
    let_go(services)


def two_calls(place: Place) -> tuple[Services, str, str]:
    services = place.services()
    services.clock = clock = SteppedClock(MONDAY)
    hand = Dispatcher(services, seed=1)
    older = one_leg(services, hand.dials(PHONE, MAPLE, ("1", "0"))).call_id
    clock.advance(timedelta(seconds=1))
    return services, older, one_leg(services, hand.dials(PHONE, MAPLE, ("1",))).call_id


def test_calls_that_want_one_another_are_both_locked_and_none_is_ended(
    postgres_place: Place, lock_recorder: Recorder
) -> None:
    services, older, younger = two_calls(postgres_place)
    both, tries = threading.Barrier(2), Counter[str]()

    def wants(mine: str, others: str) -> bool:
        def act(work: Work) -> bool:
            legs.lock_call(work, mine)
            tries[mine] += 1
            if tries[mine] == 1:
                both.wait()
            lock_beside(work, mine, {others})
            return True

        return in_transaction(services, act)

    assert at_once(partial(wants, older, younger), partial(wants, younger, older)) == [True, True]
    assert tries == {older: 2, younger: 1}
    assert lock_recorder.broken == []
    let_go(services)


def test_a_conversation_is_begun_again_after_a_deadlock_and_lands_nobody(
    postgres_place: Place, lock_recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, older, younger = two_calls(postgres_place)
    (caller,) = rows(services, leg, leg.c.call_id == younger)
    met, holds = list[Future[None]](), threading.Event()

    def meets_a_deadlock(work: Work, *_about: Any) -> Mapping[str, str]:
        if not met:
            met.append(pool.submit(holds_and_wants, services, older, younger, holds))
            holds.wait()
            until_it_queues(services.database, met[0])
            work.connection.execute(SOON)
            legs.lock_call(work, older)
        return {"refused": ""}

    monkeypatch.setattr(services.features, "facts", {**services.features.facts, "waiting_room": meets_a_deadlock})
    with ThreadPoolExecutor(1) as pool, capture_logs() as log:
        Dispatcher(services, seed=1).presses(caller.id, "0")
        met[0].result()
    assert [entry for entry in log if entry["log_level"] == "error"] == []
    assert one_leg(services, caller.id).pending_kind == "Wait"
    assert len(lock_recorder.broken) == 1
    lock_recorder.broken.clear()
    let_go(services)


def holds_and_wants(services: Services, mine: str, other: str, holds: threading.Event) -> None:
    """Lock two calls against the order, and wait for the second."""
    with transaction(services) as work:
        work.connection.execute(LATE)
        legs.lock_call(work, mine)
        holds.set()
        legs.lock_call(work, other)


def test_whoever_is_ready_and_whose_rest_is_over_at_once_is_ready(postgres_place: Place) -> None:
    services = postgres_place.services()
    services.clock = SteppedClock(MONDAY)
    with transaction(services) as work:
        agent_states.reserve(work, "grace", "offer")
        agent_states.set_not_ready(work, "grace", "offer")
        work.connection.execute(update(timer).where(timer.c.subject == "grace").values(due_at=work.at))
    with ThreadPoolExecutor(1) as pool:
        with transaction(services) as work:
            agent_states.lock(work, "grace")
            fires = pool.submit(fire_due_timers, services)
            until_it_queues(services.database, fires)
            # Were the timer held by whoever waits for the agent, each would now wait for the other.
            assert agent_states.make_ready(work, "grace")
        assert fires.result() == 0
    (state,) = rows(services, agent_state, agent_state.c.agent_id == "grace")
    assert state.state == "idle"
    let_go(services)
