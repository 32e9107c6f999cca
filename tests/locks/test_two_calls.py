"""Transactions that lock a second call late, by what people do: the order holds, or the recorder fails the test."""

from __future__ import annotations

from ivr.calls.event_tables import event
from tests.calls.office import Office
from tests.calls.scenes import dial, goes_on, run
from tests.calls.worlds import any_office, any_world, furnished_postgres
from tests.codes.conftest import known
from tests.verification.desk import KNOWN

__all__ = ["any_office", "any_world", "furnished_postgres", "known"]


def test_whoever_is_recognised_and_takes_their_place_again_by_one_answer_locks_the_earlier_call_first(
    known: Office,
) -> None:
    world = known.world
    goes_on(world, dial(world), KNOWN).hang_up()
    run(world, 60)
    goes_on(world, dial(world), KNOWN)
    run(world, 5)
    assert len(known.rows(event, event.c.kind == "place-resumed")) == 1
