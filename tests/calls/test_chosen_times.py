"""A patient who is called back, or will be, chooses when; what is urgent is never put off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callflows.vocabulary import MovePromise, OpenPromise
from ivr.callbacks import chosen_times, promise_opening
from ivr.callbacks.one_at_a_time import open_number
from ivr.callbacks.tables import OPEN, promise
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.timers import find_due
from tests.calls.office import CALLER, Office
from tests.calls.worlds import any_office, any_world, furnished_postgres, office, world

__all__ = ["any_office", "any_world", "furnished_postgres", "office", "world"]

MONDAY_MORNING = "2026-11-02T15:00:00+00:00/2026-11-02T18:00:00+00:00"
TUESDAY = "2026-11-03T15:00:00+00:00/2026-11-03T18:00:00+00:00"
ROUTINE = OpenPromise("callback", "scheduling", "next_open + 2h")
IN_TURN = OpenPromise("callback", "scheduling", "next_open + 2h", in_turn=True)
URGENT = OpenPromise("urgent-callback", "nurse", "now + 15m", urgency="urgent")


def promised(office: Office, *made: OpenPromise, from_: str = CALLER) -> str:
    """A caller to whom that is promised; the leg."""
    leg_id = str(office.dialled(from_=from_).leg.id)

    def act(work: Work) -> None:
        for one in made:
            promise_opening.open_promise(work, legs.lock(work, leg_id), "test", one)

    in_transaction(office.world.services, act)
    return leg_id


def moved(office: Office, leg_id: str, window: str) -> bool:
    def act(work: Work) -> bool:
        return chosen_times.move_promise(work, legs.lock(work, leg_id), "test", MovePromise(window)).won

    return in_transaction(office.world.services, act)


def timers(office: Office, promise_id: str) -> tuple[datetime | None, datetime | None]:
    return in_transaction(
        office.world.services,
        lambda work: (find_due(work, "promise_start", promise_id), find_due(work, "promise_due", promise_id)),
    )


def test_a_moved_call_back_begins_and_is_overdue_by_the_new_time_and_the_old_one_is_kept(any_office: Office) -> None:
    office = any_office
    leg = promised(office, ROUTINE)
    before = office.one(promise)
    assert moved(office, leg, TUESDAY)
    after = office.one(promise)
    new = datetime(2026, 11, 3, 15, tzinfo=UTC), datetime(2026, 11, 3, 18, tzinfo=UTC)
    assert (after.start_at, after.due_at) == new == timers(office, after.id)
    assert (after.state, after.urgency) == ("open", before.urgency)
    (told,) = office.rows(event, event.c.kind == "promise-moved")
    assert (told.data["was"], told.data["due"]) == (before.due_at.isoformat(), new[1].isoformat())


def test_who_moves_their_call_back_at_the_ring_gives_up_the_place_in_line(any_office: Office) -> None:
    office = any_office
    leg = promised(office, IN_TURN)
    assert office.one(promise).place_since is not None
    assert moved(office, leg, TUESDAY)
    assert office.one(promise).place_since is None


@pytest.mark.parametrize("made", [(URGENT,), (ROUTINE, URGENT)])
def test_what_is_urgent_is_not_moved_nor_anything_beside_it(office: Office, made: tuple[OpenPromise, ...]) -> None:
    leg = promised(office, *made)
    before = office.rows(promise)
    assert not moved(office, leg, TUESDAY)
    assert office.rows(promise) == before
    assert not office.rows(event, event.c.kind == "promise-moved")


def test_nobody_is_offered_a_time_in_a_call_with_an_urgent_call_back(office: Office) -> None:
    def offered(leg_id: str) -> dict[str, str]:
        def read(work: Work) -> dict[str, str]:
            return dict(chosen_times.read_windows(work, legs.lock(work, leg_id), {}))

        return in_transaction(office.world.services, read)

    assert {"1", "1/span"} <= offered(promised(office, ROUTINE)).keys()
    assert offered(promised(office, URGENT)) == {}


def test_who_asks_again_and_chooses_is_called_later_than_was_promised_first(office: Office) -> None:
    promised(office, ROUTINE)
    chosen = OpenPromise("callback", "scheduling", "next_open + 2h", asked_before=True, window=TUESDAY)
    promised(office, chosen)
    still = office.one(promise, promise.c.state.in_(OPEN))
    assert still.due_at == datetime(2026, 11, 3, 18, tzinfo=UTC)
    assert len(office.rows(event, event.c.kind == "promise-moved")) == 1


TYPED = "+13125550177"
AGAIN = OpenPromise("callback", "scheduling", "next_open + 2h", asked_before=True, window=TUESDAY)


def hash_of(office: Office, number: str) -> str:
    return office.services.cipher.lookup_hash("maple", "phone", number)


def test_a_call_back_to_a_typed_number_that_is_moved_in_a_later_call_keeps_its_number_and_is_the_only_one(
    any_office: Office,
) -> None:
    office = any_office
    promised(office, replace(ROUTINE, number="3125550177"))
    promised(office, AGAIN)
    still = office.one(promise, promise.c.state.in_(OPEN))
    assert (still.number_hash, still.due_at) == (
        hash_of(office, TYPED),
        datetime(2026, 11, 3, 18, tzinfo=UTC),
    )
    number = in_transaction(office.services, lambda work: open_number(work.services.cipher, still))
    assert number == TYPED


def test_of_two_on_typed_numbers_it_cannot_be_told_which_is_moved(office: Office) -> None:
    promised(office, replace(ROUTINE, number="3125550177"), replace(ROUTINE, number="3125550178"))
    before = office.rows(promise)
    promised(office, AGAIN)
    left = {row.number_hash: row.due_at for row in office.rows(promise, promise.c.state.in_(OPEN))}
    assert left == {row.number_hash: row.due_at for row in before} | {
        hash_of(office, CALLER): datetime(2026, 11, 3, 18, tzinfo=UTC)
    }


@pytest.mark.parametrize("again", [replace(AGAIN, asked_before=False), replace(AGAIN, service="billing")])
def test_one_on_a_typed_number_stays_where_it_is_not_said_to_be_meant(office: Office, again: OpenPromise) -> None:
    promised(office, replace(ROUTINE, number="3125550177"))
    first = office.one(promise)
    promised(office, again)
    assert office.one(promise, promise.c.id == first.id) == first
    assert len(office.rows(promise, promise.c.state.in_(OPEN))) == 2


def test_nobody_else_moves_one_on_a_typed_number(office: Office) -> None:
    promised(office, replace(ROUTINE, number="3125550177"))
    first = office.one(promise)
    promised(office, AGAIN, from_="+13125550188")
    assert office.one(promise, promise.c.id == first.id) == first


def test_who_asks_again_without_choosing_waits_no_longer_than_was_promised_first(office: Office) -> None:
    promised(office, OpenPromise("callback", "scheduling", "next_open + 2h", window=MONDAY_MORNING))
    first = office.one(promise).due_at
    promised(office, OpenPromise("callback", "scheduling", "next_open + 8h", asked_before=True))
    assert office.one(promise, promise.c.state.in_(OPEN)).due_at == first


def test_a_call_back_is_not_tried_before_the_time_that_was_chosen(office: Office) -> None:
    """A leg that breaks at once begins what is promised anew; that is not sooner than they can be reached."""
    leg = promised(office, ROUTINE)
    moved(office, leg, TUESDAY)
    row = office.one(promise)
    office.passes(timedelta(hours=20).total_seconds())
    assert office.one(promise).attempts == row.attempts
    assert timers(office, row.id)[0] == row.start_at
