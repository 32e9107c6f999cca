"""The recorder itself, with faults planted: each is an order of locks that could end in a deadlock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ivr.calls import legs
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work, transaction
from ivr.jobs.tables import timer
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.queue import agent_states
from ivr.queue.tables import agent_state
from tests.calls.office import Office
from tests.calls.worlds import any_office, any_world, furnished_postgres
from tests.locks import recorder
from tests.locks.recorder import Recorder

__all__ = ["any_office", "any_world", "furnished_postgres"]
Fault = Callable[[Work, str, str], None]


@pytest.fixture(autouse=True)
def _tests_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "OURS", (*recorder.OURS, "/tests/locks/test_recorder.py"))


@pytest.fixture
def watching(lock_recorder: Recorder) -> Iterator[Recorder]:
    """The recorder of every test, whose finds are meant here."""
    yield lock_recorder
    lock_recorder.broken.clear()


@pytest.fixture
def two_calls(any_office: Office) -> tuple[str, str]:
    """The older call, then the one that began later."""
    older = any_office.dialled().leg.call_id
    any_office.passes(1)
    return older, any_office.dialled().leg.call_id


def older_call_first(work: Work, older: str, younger: str) -> None:
    legs.lock_call(work, older)
    legs.lock_call(work, younger)


def row_of_another_call(work: Work, older: str, younger: str) -> None:
    legs.lock_call(work, younger)
    work.connection.execute(update(leg).where(leg.c.call_id == older).values(held=True))


def leg_of_another_call(work: Work, older: str, younger: str) -> None:
    """A new row keeps the one that it names from going, which waits for whoever has locked that."""
    legs.lock_call(work, older)
    legs.create_leg(work, younger, "caller", "inbound", address="")


def call_after_agent(work: Work, older: str, younger: str) -> None:
    agent_states.lock(work, "ana")
    legs.lock_call(work, older)


def agents_against_the_order(work: Work, older: str, younger: str) -> None:
    agent_states.lock(work, "thandi")
    agent_states.lock(work, "ana")


def timer_before_its_agent(work: Work, older: str, younger: str) -> None:
    cancel_timer(work, "rested", "ana")
    agent_states.lock(work, "ana")


def two_timers_without_their_calls(work: Work, older: str, younger: str) -> None:
    for call_id in (older, younger):
        work.connection.execute(update(timer).where(timer.c.call_id == call_id).values(attempts=1))


FAULTS: tuple[Fault, ...] = (
    older_call_first,
    row_of_another_call,
    leg_of_another_call,
    call_after_agent,
    agents_against_the_order,
    timer_before_its_agent,
    two_timers_without_their_calls,
)


def in_the_order(work: Work, older: str, younger: str) -> None:
    legs.lock_call(work, younger)
    legs.lock_call(work, older)
    work.connection.execute(update(leg).where(leg.c.call_id == older).values(held=True))
    set_timer(work, "planted", older, work.at, call_id=older)
    agent_states.lock(work, "thandi", "ana")
    cancel_timer(work, "rested", "ana")


def setting_up(office: Office) -> None:
    with transaction(office.services) as work:
        for name in ("ana", "thandi"):
            agent_states.sign_out(work, name, work.at + timedelta(hours=1))
            set_timer(work, "rested", name, work.at, call_id=None)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_order_that_could_end_in_a_deadlock_is_seen(
    any_office: Office, two_calls: tuple[str, str], watching: Recorder, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    setting_up(any_office)
    assert watching.broken == []
    with transaction(any_office.services) as work:
        fault(work, *two_calls)
    assert len(watching.broken) >= 1
    assert fault.__name__ in watching.broken[0]


def test_the_order_itself_is_let_pass(any_office: Office, two_calls: tuple[str, str], watching: Recorder) -> None:
    setting_up(any_office)
    with transaction(any_office.services) as work:
        in_the_order(work, *two_calls)
    assert watching.broken == []


def test_what_a_savepoint_locked_is_free_again_when_it_is_undone(
    any_office: Office, two_calls: tuple[str, str], watching: Recorder
) -> None:
    older, younger = two_calls
    with transaction(any_office.services) as work:
        savepoint = work.connection.begin_nested()
        legs.lock_call(work, older)
        savepoint.rollback()
        legs.lock_call(work, younger)
    assert watching.broken == []


def test_looking_locks_nothing(any_office: Office, two_calls: tuple[str, str], watching: Recorder) -> None:
    with transaction(any_office.services) as work:
        for table in (agent_state, leg, call):
            work.connection.execute(select(table)).all()
    assert watching.broken == []
