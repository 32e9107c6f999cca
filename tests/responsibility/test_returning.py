"""Whoever calls again goes on with what was begun; nobody is let go in between, and nothing is cared for twice."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.oncall.returning import RETURNS_WITHIN
from ivr.oncall.tables import escalation
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
