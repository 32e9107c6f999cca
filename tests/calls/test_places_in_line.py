"""Places in line: one call-back for whoever asks twice, and whose place is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.talks import TALKED_AFTER
from ivr.core.unit_of_work import transaction
from ivr.queue.entries import entry
from ivr.queue.estimates import estimate_wait
from ivr.queue.tables import talks, waiting
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import ANA, NEW_PATIENT, dial, goes_on, ringing, run, until_it_rings

OTHER = "+13125550123"
MORNING = datetime(2026, 11, 1, 14, 0, 5, tzinfo=UTC)
"""Five seconds after eight at the practice, when phones may be rung again."""
CALL_ME_BACK = ("1", "1")
"""The key of the wait, and the number that shows."""
AS_I_ASKED = ("1", "3")
"""The key of the wait, and that the caller asked before."""


@pytest.fixture
def line(world: World) -> Office:
    return Office(world)


def waits(world: World, from_: str = CALLER, **how: str) -> Line:
    caller = goes_on(world, dial(world, from_=from_, **how), NEW_PATIENT)
    run(world, 2)
    return caller


def asks_to_be_called_back(world: World, from_: str = CALLER, keys: tuple[str, ...] = CALL_ME_BACK) -> None:
    goes_on(world, waits(world, from_), keys)
    run(world, 14)


def test_whoever_says_that_they_asked_before_is_called_back_once_in_the_older_place(line: Office) -> None:
    asks_to_be_called_back(line.world)
    asks_to_be_called_back(line.world, keys=AS_I_ASKED)
    older, newer = sorted(line.rows(promise), key=lambda row: row.made_at)
    assert (older.state, older.closed_as) == ("replaced", "replaced")
    assert newer.state in ("open", "working")
    assert newer.place_since == older.place_since
    assert newer.due_at <= older.due_at


def test_somebody_else_who_asks_is_called_back_too(line: Office) -> None:
    asks_to_be_called_back(line.world)
    asks_to_be_called_back(line.world, OTHER)
    assert [row.state for row in line.rows(promise)].count("replaced") == 0


def test_a_call_back_that_was_replaced_rings_nobody(line: Office) -> None:
    asks_to_be_called_back(line.world)
    asks_to_be_called_back(line.world, keys=AS_I_ASKED)
    assert ringing(line.world) == []
    line.world.advance_to(MORNING)
    assert len(ringing(line.world)) == 1
    newer = line.one(promise, promise.c.state == "working")
    assert [row.call_id for row in line.rows(waiting, waiting.c.callback)] == [newer.call_id]


def test_a_call_back_is_closed_with_what_happened(line: Office) -> None:
    asks_to_be_called_back(line.world)
    line.world.advance_to(MORNING)
    (agent,) = ringing(line.world)
    goes_on(line.world, line.world.net.phone(agent).answer(), ("1",))
    until_it_rings(line.world, CALLER)
    goes_on(line.world, line.world.net.phone(CALLER).answer(), ("1",))
    run(line.world, 2 * TALKED_AFTER.total_seconds())
    made = line.one(promise)
    assert (made.state, made.closed_as) == ("kept", "talked")


def test_a_dropped_caller_takes_their_place_again_once(line: Office) -> None:
    waits(line.world).hang_up()
    run(line.world, 60)
    waits(line.world)
    first, second = sorted(line.rows(waiting), key=lambda row: row.state, reverse=True)
    assert (first.state, second.since) == ("resumed", first.since)
    waits(line.world)
    assert len(line.rows(event, event.c.kind == "place-resumed")) == 1


@pytest.mark.parametrize(
    ("minutes", "number"), [(11, CALLER), (1, OTHER), (1, "Anonymous")], ids=["too late", "another number", "hidden"]
)
def test_nobody_else_takes_that_place(line: Office, minutes: int, number: str) -> None:
    waits(line.world, "Anonymous" if number == "Anonymous" else CALLER).hang_up()
    run(line.world, timedelta(minutes=minutes).total_seconds())
    waits(line.world, number)
    assert not line.rows(event, event.c.kind == "place-resumed")


def test_how_long_talks_last_is_learned_from_talks(line: Office) -> None:
    caller = waits(line.world)
    until_it_rings(line.world, ANA)
    goes_on(line.world, line.world.net.phone(ANA).answer(), ("1",))
    run(line.world, 200)
    caller.hang_up()
    run(line.world, 30)
    known = line.one(talks)
    assert (known.service, known.known) == ("scheduling", 1)
    assert 200 <= known.mean_seconds <= 260


def test_no_wait_is_estimated_before_the_length_of_talks_is_known(line: Office) -> None:
    waits(line.world)
    (row,) = line.rows(waiting)
    with transaction(line.services) as work:
        here = entry(work, row.call_id)
        assert here is not None
        assert estimate_wait(work, here) is None
        work.connection.execute(
            talks.insert().values(practice_id="maple", service="scheduling", mean_seconds=240.0, known=50)
        )
        assert estimate_wait(work, here) is not None
