"""Two call-backs on one telephone: it is rung once at a time, whoever is quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Row, update

from callflows.vocabulary import CallPatient
from ivr.callbacks import attempts
from ivr.callbacks.attempts import ENGAGED_AFTER
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.core.clock import SteppedClock
from ivr.core.services import Services
from ivr.core.unit_of_work import in_transaction, transaction
from ivr.jobs.tables import timer
from ivr.jobs.timers import fire_due_timers
from ivr.queue.matching import IN_HAND_AGAIN, match_call
from ivr.queue.tables import offer
from tests.races.dispatcher import NUMBERS, Dispatcher
from tests.races.place import MONDAY, Place, let_go, rows
from tests.races.threads import at_once

WARD = "+13125560001"


@pytest.fixture
def services(place: Place) -> Iterator[Services]:
    services = place.services()
    services.clock = SteppedClock(MONDAY)
    yield services
    let_go(services)


@pytest.fixture(params=["of one practice", "of two practices"])
def owed(services: Services, request: pytest.FixtureRequest) -> list[str]:
    """Two callers of one ward whose call-backs are due: their calls."""
    hand = Dispatcher(services, seed=1)
    for number in (NUMBERS[0], NUMBERS[0] if request.param == "of one practice" else NUMBERS[2]):
        leg_id = hand.dials(WARD, number, ("1", "0"))
        (caller,) = rows(services, leg, leg.c.id == leg_id)
        hand.wants_a_call_back(caller)
        with transaction(services) as work:
            legs.note_status(work, leg_id, "completed", None)
    passes(services, timedelta(minutes=1))
    assert {row.state for row in rows(services, promise)} == {"working"}
    assert len({row.practice_id for row in rows(services, promise)}) == (1 if request.param == "of one practice" else 2)
    return [row.call_id for row in rows(services, promise)]


def passes(services: Services, time: timedelta) -> None:
    assert isinstance(services.clock, SteppedClock)
    services.clock.advance(time)
    fire_due_timers(services)


def matching(services: Services, call_id: str) -> Callable[[], bool]:
    """What a dispatcher does for the call; whether it decided about it."""
    return lambda: in_transaction(services, lambda work: match_call(work, call_id, set())) is not None


def test_of_two_call_backs_that_are_matched_at_once_one_is_offered(services: Services, owed: list[str]) -> None:
    decided = at_once(*[matching(services, call_id) for call_id in owed])
    assert sorted(decided) == [False, True]
    assert len(rows(services, offer)) == 1
    held = owed[decided.index(False)]
    (again,) = rows(services, timer, timer.c.kind == "search", timer.c.subject == held)
    assert again.due_at == services.clock.now() + IN_HAND_AGAIN


def test_the_other_is_offered_when_the_telephone_is_free_again(services: Services, owed: list[str]) -> None:
    first, second = owed
    assert matching(services, first)()
    assert not matching(services, second)()
    with services.database.write() as connection:
        connection.execute(update(leg).where(leg.c.role == "agent").values(state="ended"))
    assert matching(services, second)()


def ring(services: Services, call_id: str) -> None:
    """Somebody has accepted the call and waits for its patient."""
    with transaction(services) as work:
        staff = legs.create_leg(work, call_id, "clinician", "clinician_page", address="+13125550181")
        attempts.call_patient(work, legs.lock(work, staff), "ring-patient", CallPatient())


def patients(services: Services) -> list[Row[tuple[object, ...]]]:
    return rows(services, leg, leg.c.role == "patient")


def test_a_telephone_on_which_another_patient_talks_is_engaged_and_costs_no_attempt(
    services: Services, owed: list[str]
) -> None:
    first, second = owed
    for call_id in owed:
        ring(services, call_id)
    assert [row.call_id for row in patients(services)] == [first]
    fire_due_timers(services)
    (late,) = rows(services, promise, promise.c.call_id == second)
    (again,) = rows(services, timer, timer.c.kind == "promise_start", timer.c.subject == late.id)
    assert (late.state, late.attempts, again.due_at) == ("open", 0, services.clock.now() + ENGAGED_AFTER)
    assert [row.call_id for row in rows(services, event, event.c.kind == "engaged")] == [second]
    passes(services, ENGAGED_AFTER)
    (late,) = rows(services, promise, promise.c.call_id == second)
    assert (late.state, late.attempts) == ("working", 1)


def test_of_two_that_are_rung_at_once_one_is_told_that_the_telephone_is_engaged(
    services: Services, owed: list[str]
) -> None:
    at_once(*[lambda call_id=call_id: ring(services, call_id) for call_id in owed])  # type: ignore[misc]
    assert len(patients(services)) == 1


def test_a_number_that_does_not_open_keeps_no_call_back_from_being_offered(services: Services, owed: list[str]) -> None:
    first, second = owed
    assert matching(services, first)()
    with services.database.write() as connection:
        connection.execute(update(promise).where(promise.c.call_id == first).values(number_sealed=b"altered"))
    assert matching(services, second)()


def test_the_telephone_is_rung_for_the_other_when_the_first_has_hung_up(services: Services, owed: list[str]) -> None:
    ring(services, owed[0])
    with transaction(services) as work:
        legs.note_status(work, patients(services)[0].id, "no-answer", None)
    ring(services, owed[1])
    assert {row.call_id for row in patients(services)} == set(owed)
