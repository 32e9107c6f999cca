"""Whoever accepted and is lost is tried once more, with the next; whoever is free after a ladder ended is rung."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import transaction
from ivr.jobs import outbox
from ivr.oncall import escalations, passed_over
from ivr.oncall.climbed import LOST_LATELY, find_lost, find_times_lost
from ivr.oncall.in_hand import COMES_WITHIN
from ivr.oncall.ladder import RUNG_AGAIN_AFTER
from ivr.oncall.tables import escalation, page
from ivr.responsibility import returning
from phonesim import Line
from rehearsals.provisioning import PIN
from rehearsals.world import World
from routing.paging import MOST_LOST
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    DR_LEE,
    EMERGENCY,
    LONG_ENOUGH,
    NOT_WELL,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    ringing,
    run,
    until_it_rings,
)
from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]

DR_OKAFOR, DR_PATEL, HOUSE = "+13125550182", "+13125550183", "+13125550190"
"""After Dr Lee the ladder of an emergency names these, and then the house."""
NEIGHBOUR = "+13125550194"


def emergency(world: World, number: str = CALLER) -> Line:
    caller = goes_on(world, dial(world, from_=number), EMERGENCY)
    run(world, 3)
    return caller


def declines(world: World, number: str) -> None:
    """They answer and pass the call on by a key."""
    until_it_rings(world, number)
    goes_on(world, world.net.phone(number).answer(), (f"{PIN}#", "2"))


def test_whoever_is_lost_is_rung_at_once_with_the_next_and_not_with_who_passed_it_on(any_world: World) -> None:
    world = any_world
    caller = emergency(world)
    declines(world, DR_LEE)
    clinician = clinician_accepts(world, DR_OKAFOR)
    joined(world, clinician, CALLER)
    clinician.hang_up()
    run(world, 3)
    assert ringing(world) == [DR_OKAFOR, DR_PATEL]
    again = clinician_accepts(world, DR_PATEL)
    joined(world, again, CALLER)
    run(world, LONG_ENOUGH)
    assert (ringing(world), DR_PATEL in caller.connected_to) == ([], True)


def test_whoever_did_not_answer_comes_after_those_who_were_not_asked(world: World) -> None:
    emergency(world)
    run(world, 160)
    clinician = clinician_accepts(world, DR_OKAFOR)
    joined(world, clinician, CALLER)
    clinician.hang_up()
    run(world, 3)
    assert ringing(world) == [DR_OKAFOR, DR_PATEL]
    people = [step["person"] for step in Office(world).rows(escalation, escalation.c.state == "paging")[0].steps]
    assert people == ["dr-okafor", "dr-patel", "dr-lee", None]


def test_after_contact_nobody_is_lost(world: World) -> None:
    emergency(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH)
    clinician.hang_up()
    run(world, 3)
    call_id = Office(world).one(escalation).call_id
    with transaction(world.services) as work:
        assert find_lost(work, [call_id], "emergent") is None


def test_a_while_later_the_ladder_is_climbed_from_its_beginning(world: World) -> None:
    emergency(world).hang_up()
    clinician_accepts(world).hang_up()
    run(world, 1)
    call_id = Office(world).one(escalation).call_id
    with transaction(world.services) as work:
        assert find_times_lost(work, call_id, "dr-lee") == 1
    run(world, 40)
    Office(world).passes(LOST_LATELY.total_seconds() + 60)
    with transaction(world.services) as work:
        assert find_times_lost(work, call_id, "dr-lee") == 0


def test_a_clinician_lost_while_the_caller_is_asked_something_leaves_nobody_unpaged(world: World) -> None:
    """The caller hears the 911 words yet when the clinician, who waits for them, is lost."""
    emergency(world).hang_up()
    clinician = goes_on(world, clinician_accepts(world), ())
    goes_on(world, dial(world), EMERGENCY)
    assert world.advance(lambda: "has called again" in " ".join(s.text for s in clinician.heard), timedelta(minutes=1))
    clinician.hang_up()
    run(world, 3)
    assert ringing(world) == [DR_LEE, DR_OKAFOR]


def all_but_one_ladder(world: World) -> tuple[list[Line], Line]:
    """Everybody on the ladder talks with a caller of their own; their lines, and that of one whose ladder has ended."""
    clinicians = []
    for number, doctor in (("+13125550201", DR_LEE), ("+13125550202", DR_OKAFOR), ("+13125550203", DR_PATEL)):
        emergency(world, number)
        clinician = clinician_accepts(world, doctor)
        joined(world, clinician, number)
        clinicians.append(clinician)
    run(world, LONG_ENOUGH)
    neighbour = emergency(world, NEIGHBOUR)
    run(world, 25)
    return clinicians, neighbour


@pytest.mark.parametrize("gone", [False, True])
def test_who_is_free_after_the_ladder_ended_is_rung_whether_the_caller_is_there_or_not(
    any_world: World, gone: bool
) -> None:
    world = any_world
    clinicians, neighbour = all_but_one_ladder(world)
    if gone:
        neighbour.hang_up()
        run(world, 2)
    assert not {DR_LEE, DR_OKAFOR, DR_PATEL} & set(ringing(world))
    clinicians[1].hang_up()
    run(world, 5)
    assert DR_OKAFOR in ringing(world)
    clinicians[0].hang_up()
    run(world, 5)
    assert {DR_OKAFOR, DR_LEE} <= set(ringing(world))
    line = goes_on(world, clinician_accepts(world, DR_LEE), ("1",) if gone else ())
    if gone:
        goes_on(world, world.net.phone(NEIGHBOUR).answer(), ("1",))
    joined(world, line, NEIGHBOUR)
    run(world, LONG_ENOUGH)
    assert ringing(world) == []


def test_who_took_one_call_of_a_ring_is_rung_for_the_other_whose_ladder_ended_meanwhile(any_world: World) -> None:
    world = any_world
    for number, doctor in (("+13125550202", DR_OKAFOR), ("+13125550203", DR_PATEL)):
        emergency(world, number)
        declines(world, DR_LEE)
        joined(world, clinician_accepts(world, doctor), number)
    run(world, 90)
    emergency(world)
    emergency(world, NEIGHBOUR)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, RUNG_AGAIN_AFTER.total_seconds() + 5)
    assert DR_LEE not in ringing(world)
    clinician.hang_up()
    run(world, 5)
    assert DR_LEE in ringing(world)
    joined(world, clinician_accepts(world), NEIGHBOUR)


def test_nobody_is_rung_for_a_call_that_the_house_is_at_when_they_are_free(world: World) -> None:
    clinicians, neighbour = all_but_one_ladder(world)
    neighbour.hang_up()
    until_it_rings(world, HOUSE)
    goes_on(world, world.net.phone(HOUSE).answer(), ("1",))
    run(world, 2)
    clinicians[1].hang_up()
    run(world, 5)
    assert DR_OKAFOR not in ringing(world)


def test_whoever_was_lost_twice_is_not_rung_beside_the_ladder_that_runs_since(world: World) -> None:
    """It has got worse since, so that the ladder names them again: they come when it comes to them."""
    caller = goes_on(world, dial(world), NOT_WELL)
    for _ in range(MOST_LOST):
        clinician = clinician_accepts(world)
        joined(world, clinician, CALLER)
        clinician.hang_up()
        run(world, 3)
    assert DR_LEE not in ringing(world)
    with transaction(world.services) as work:
        call_id = Office(world).one(call).id
        legs.lock_call(work, call_id)
        running = escalations.start_escalation(work, call_id, "emergent")
        assert find_times_lost(work, call_id, "dr-lee") == MOST_LOST
    with transaction(world.services) as work:
        legs.lock_call(work, call_id)
        assert "dr-lee" in [step["person"] for step in escalations.get(work, running).steps]
        outbox.put_item(work, passed_over.KIND, running, call_id=call_id, urgency="emergent", person="dr-lee")
    run(world, 3)
    assert (DR_LEE in ringing(world), caller.state) == (False, "in-progress")


@pytest.mark.parametrize("lost", ["hangs up", "presses nothing"])
def test_who_is_freed_and_lost_again_leaves_no_red_flag_until_its_time(any_world: World, lost: str) -> None:
    world = any_world
    clinicians, neighbour = all_but_one_ladder(world)
    neighbour.hang_up()
    run(world, 2)
    assert Office(world).one(promise, promise.c.state == "open").kind == "urgent-callback"
    clinicians[1].hang_up()
    line = clinician_accepts(world, DR_OKAFOR)
    if lost == "hangs up":
        line.hang_up()
    assert world.advance(lambda: line.leg.ended, timedelta(minutes=3))
    assert world.advance(lambda: DR_OKAFOR in ringing(world), timedelta(seconds=30))


def test_a_caller_who_talks_with_the_house_is_not_taken_from_it_by_who_is_free(any_world: World) -> None:
    """They were put through, and stay with the house until their talk is over."""
    world = any_world
    clinicians, neighbour = all_but_one_ladder(world)
    until_it_rings(world, HOUSE)
    goes_on(world, world.net.phone(HOUSE).answer(), ("1",))
    joined(world, neighbour, HOUSE)
    clinicians[1].hang_up()
    run(world, 5)
    assert (DR_OKAFOR in ringing(world), HOUSE in neighbour.connected_to) == (False, True)


def test_whoever_comes_is_waited_for_no_longer_than_it_takes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinician has the earlier call in hand and is not brought: the next is paged after ten seconds."""
    monkeypatch.setattr(returning, "expect_story", lambda *_: None)
    emergency(world).hang_up()
    clinician = goes_on(world, clinician_accepts(world), ("1",))
    run(world, 1)
    office = Office(world)
    earlier = office.one(escalation).call_id
    caller = goes_on(world, dial(world), ("1", "1", "my chest hurts"))
    (later,) = [row.call_id for row in office.rows(leg, leg.c.role == "caller") if row.call_id != earlier]
    run(world, 5)
    (begun,) = office.rows(escalation, escalation.c.call_id == later)
    assert office.rows(page, page.c.call_id == later) == []
    world.advance_to(begun.started_at + COMES_WITHIN + timedelta(seconds=1))
    assert [row.person_id for row in office.rows(page, page.c.call_id == later)] == ["dr-okafor"]
    assert (clinician.state, caller.state) == ("in-progress", "in-progress")
