"""Whoever calls again goes on with what was begun; nobody is let go in between, and nothing is cared for twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.jobs.tables import timer
from ivr.oncall.returning import RETURNS_WITHIN
from ivr.oncall.tables import escalation
from ivr.responsibility import outcomes, returning
from ivr.responsibility.tables import responsibility
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    DR_LEE,
    EMERGENCY,
    LONG_ENOUGH,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    run,
    rung,
)

NEIGHBOR = "+13125550177"


def told(world: World, from_: str = CALLER) -> None:
    """Somebody tells of a red flag, and their line breaks once a clinician is rung."""
    caller = goes_on(world, dial(world, from_=from_), EMERGENCY)
    run(world, 4)
    caller.hang_up()
    run(world, 2)


def states(world: World) -> list[tuple[str, str, bool]]:
    """Of each call in its order: who is responsible, and whether it goes on in a later one."""
    rows = select(responsibility).join(call, call.c.id == responsibility.c.id).order_by(call.c.created_at)
    with world.services.database.read() as connection:
        found = connection.execute(rows).all()
    return [(row.state, row.person_id, row.continued_in is not None) for row in found]


def test_two_calls_of_one_telephone_are_one_page_and_one_contact(any_world: World) -> None:
    told(any_world)
    caller = goes_on(any_world, dial(any_world), EMERGENCY)
    run(any_world, 4)
    assert states(any_world) == [("closed", "", True), ("escalating", "", False)]
    clinician = clinician_accepts(any_world)
    joined(any_world, clinician, CALLER)
    run(any_world, LONG_ENOUGH)
    caller.hang_up()
    clinician.hang_up()
    run(any_world, 3600)
    assert [state for state, _, _ in states(any_world)] == ["closed", "closed"]
    assert rung(any_world, DR_LEE) == 1
    assert Office(any_world).alerts() == []


def test_a_page_goes_on_ringing_while_the_later_call_takes_it_over(world: World) -> None:
    told(world)
    assert world.net.phone(DR_LEE).ringing
    goes_on(world, dial(world), ("1", "1"))
    run(world, 3)
    assert world.net.phone(DR_LEE).ringing
    assert {row.state for row in Office(world).rows(escalation)} == {"stopped", "paging"}
    assert rung(world, DR_LEE) == 1


PERSON = ("1", "0")
"""In English, to a person."""


def test_whoever_calls_again_and_waits_for_a_person_need_not_say_it_again(any_world: World) -> None:
    told(any_world)
    caller = goes_on(any_world, dial(any_world), PERSON)
    run(any_world, 4)
    assert states(any_world) == [("closed", "", True), ("escalating", "", False)]
    clinician = clinician_accepts(any_world)
    joined(any_world, clinician, CALLER)
    first, again = sorted(Office(any_world).rows(call), key=lambda row: row.created_at)
    heard = [row.call_id for row in Office(any_world).rows(audit_row, audit_row.c.action == "oncall.hear")]
    assert heard == [first.id, again.id]
    caller.hang_up()


def test_a_caller_who_waits_for_a_person_is_taken_for_nobody_else(world: World) -> None:
    told(world)
    goes_on(world, dial(world, from_=NEIGHBOR), PERSON)
    run(world, 4)
    assert [row.symptom for row in Office(world).rows(call, call.c.caller_hash.is_not(None))].count(True) == 1


def test_whoever_was_talked_with_and_calls_again_for_something_else_is_in_line_for_that(world: World) -> None:
    caller = goes_on(world, dial(world), EMERGENCY)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH)
    caller.hang_up()
    clinician.hang_up()
    run(world, 10)
    goes_on(world, dial(world), PERSON)
    run(world, 4)
    assert sorted(row.symptom for row in Office(world).rows(call)) == [False, True]


def by_age(world: World) -> list[Any]:
    """The call-backs that were owed, the oldest first."""
    return sorted(Office(world).rows(promise), key=lambda row: row.made_at)


def due_timers(world: World) -> list[tuple[str, datetime]]:
    """Which call-backs supervisors are told of when they are overdue, and when."""
    waiting = Office(world).rows(timer, timer.c.kind == "promise_due", timer.c.state == "waiting")
    return [(row.subject, row.due_at) for row in waiting]


def test_whoever_calls_again_waits_no_longer_than_was_promised_first(any_world: World) -> None:
    for _ in range(3):
        told(any_world)
        run(any_world, 60)
    first, second, last = by_age(any_world)
    assert [row.state for row in (first, second, last)] == ["replaced", "replaced", "working"]
    assert last.due_at == first.due_at
    assert due_timers(any_world) == [(last.id, first.due_at)]


def test_what_is_owed_already_is_due_as_soon_as_what_was_promised_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as late:
        late.setattr(returning, "expect_story", lambda _work, _about: None)
        for _ in range(2):
            told(world)
            run(world, 60)
        first, last = by_age(world)
        assert first.due_at < last.due_at
    carry_out_due_rounds(world.services)
    run(world, 60)
    assert [(row.state, row.due_at) for row in by_age(world)] == [
        ("replaced", first.due_at),
        ("working", first.due_at),
    ]
    assert due_timers(world) == [(last.id, first.due_at)]


def test_after_contact_what_was_promised_before_counts_no_more(world: World) -> None:
    told(world)
    caller = goes_on(world, dial(world), EMERGENCY)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH)
    caller.hang_up()
    clinician.hang_up()
    run(world, 240)

    def tell_anew(work: Work) -> None:
        call_id = max(Office(world).rows(call), key=lambda row: row.created_at).id
        legs.lock_call(work, call_id)
        record(work, "noted", call_id, symptom="True")
        work.touched.add(call_id)

    in_transaction(world.services, tell_anew)
    before, last = by_age(world)
    assert (before.state, last.due_at > before.due_at) == ("replaced", True)
    assert due_timers(world) == [(last.id, last.due_at)]


def test_nothing_goes_on_in_a_call_in_which_nobody_waits_any_more(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as late:
        late.setattr(returning, "expect_story", lambda _work, _about: None)
        for _ in range(2):
            told(any_world)
        later = max(Office(any_world).rows(call), key=lambda row: row.created_at).id

        def reach(work: Work) -> None:
            outcomes.report_contact(work, later, "olga", outcomes.ELSEWHERE)

        in_transaction(any_world.services, reach)
    assert [state for state, _, _ in states(any_world)] == ["escalating", "closed"]

    def go_on(work: Work) -> None:
        legs.lock_call(work, later)
        returning.continue_stories(work, later)

    in_transaction(any_world.services, go_on)
    assert states(any_world)[0] == ("escalating", "", False)
    assert Office(any_world).one(promise, promise.c.call_id != later).state in ("open", "working")


def test_another_telephone_is_another_story(world: World) -> None:
    told(world)
    told(world, NEIGHBOR)
    assert [continued for _, _, continued in states(world)] == [False, False]


def test_long_after_the_line_has_dropped_it_is_another_story(world: World) -> None:
    told(world)
    run(world, (RETURNS_WITHIN + timedelta(minutes=1)).total_seconds())
    told(world)
    assert [continued for _, _, continued in states(world)] == [False, False]
    assert Office(world).rows(event, event.c.kind == "continued-in") == []
