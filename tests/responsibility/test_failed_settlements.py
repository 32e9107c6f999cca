"""A call whose settlement failed is settled by the next round, whether it has a row, one from before, or none."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from ivr.callbacks import promise_opening
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.responsibility import settling
from ivr.responsibility.tables import responsibility
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import NEW_PATIENT, dial, goes_on, run, talking


def fail(*_: Any) -> None:
    raise RuntimeError("broken")


def tell_symptom(world: World) -> None:
    """What a conversation notes when a symptom is told of."""

    def note(work: Work) -> None:
        call_id = Office(world).one(call).id
        legs.lock_call(work, call_id)
        work.connection.execute(update(call).values(symptom=True))
        record(work, "noted", call_id, symptom="True")
        work.touched.add(call_id)

    in_transaction(world.services, note)


def waiting(world: World) -> Line:
    """A caller who waits for an agent."""
    return goes_on(world, dial(world), NEW_PATIENT)


def row_of(world: World) -> Any:
    return Office(world).one(responsibility)


def look_again(world: World) -> None:
    run(world, 60)
    carry_out_due_rounds(world.services)


def test_a_fault_in_what_is_begun_keeps_who_is_responsible(any_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = waiting(any_world)
    with monkeypatch.context() as broken:
        broken.setattr(promise_opening, "owe_call_back", fail)
        with monkeypatch.context() as undecided:
            undecided.setattr(settling, "decide", fail)
            tell_symptom(any_world)
        caller.hang_up()
        run(any_world, 2)
        assert (row_of(any_world).state, row_of(any_world).person_id) == ("escalating", "")
        assert Office(any_world).rows(promise) == []
    look_again(any_world)
    assert Office(any_world).one(promise).kind == promise_opening.URGENT


def test_a_call_that_was_never_settled_is_by_the_next_round(any_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = waiting(any_world)
    with monkeypatch.context() as broken:
        broken.setattr(settling, "decide", fail)
        tell_symptom(any_world)
        caller.hang_up()
        run(any_world, 2)
    assert Office(any_world).rows(responsibility) == Office(any_world).rows(promise) == []
    look_again(any_world)
    assert row_of(any_world).state == "escalating"
    assert Office(any_world).one(promise).kind == promise_opening.URGENT


def test_a_closed_one_that_could_not_be_opened_again_is_by_the_next_round(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, agent = talking(any_world, 1)
    tell_symptom(any_world)
    run(any_world, 30)
    assert row_of(any_world).state == "contacted"
    with monkeypatch.context() as broken:
        broken.setattr(settling, "decide", fail)
        tell_symptom(any_world)
        caller.hang_up()
        agent.hang_up()
        run(any_world, 2)
    assert row_of(any_world).state == "contacted"
    look_again(any_world)
    assert row_of(any_world).state == "escalating"
    assert Office(any_world).one(promise).kind == promise_opening.URGENT
