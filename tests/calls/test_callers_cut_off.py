"""What becomes of a caller who is cut off from whoever came for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.tables import leg
from ivr.queue.tables import waiting
from phonesim import Line
from rehearsals.provisioning import PIN
from rehearsals.world import World
from tests.calls.office import BACKLINE, CALLER, Office
from tests.calls.scenes import (
    DR_LEE,
    EMERGENCY,
    LONG_ENOUGH,
    NEW_PATIENT,
    agent_accepts,
    asked_again,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    run,
    said_to,
    talking,
    until_it_rings,
)


@pytest.mark.parametrize("seconds", [1, 3])
def test_a_caller_whose_clinician_is_cut_off_at_once_is_paged_for_without_being_asked(
    world: World, seconds: int
) -> None:
    caller = goes_on(world, dial(world), EMERGENCY)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, seconds)
    clinician.hang_up()
    until_it_rings(world, DR_LEE)
    again = clinician_accepts(world)
    joined(world, again, CALLER)
    assert "press 1. Otherwise" not in said_to(caller)


HOUSE = "+13125550190"


def with_the_house(world: World) -> Line:
    """Nobody accepts an emergency, and its caller talks with the house; the caller's line."""
    caller = goes_on(world, dial(world), EMERGENCY)
    assert world.advance(lambda: world.net.phone(HOUSE).ringing, timedelta(minutes=30))
    house = goes_on(world, world.net.phone(HOUSE).answer(), ("1",))
    joined(world, house, CALLER)
    return caller


def test_a_clinician_who_accepts_takes_the_caller_from_the_house(any_world: World) -> None:
    caller = with_the_house(any_world)
    assert any_world.advance(lambda: any_world.net.phone(DR_LEE).ringing, timedelta(minutes=10))
    assert caller.connected_to == {HOUSE}
    clinician = goes_on(any_world, any_world.net.phone(DR_LEE).answer(), (f"{PIN}#",))
    assert any_world.advance(lambda: "put through to our own house now" in said_to(clinician), timedelta(minutes=1))
    clinician.press("1")
    joined(any_world, clinician, CALLER)
    assert "A clinician has come to the phone for you." in said_to(caller)
    run(any_world, LONG_ENOUGH)
    office = Office(any_world)
    assert office.one(promise).state == "kept"
    assert office.rows(waiting, waiting.c.state.in_(("searching", "offered"))) == []


def test_a_caller_whose_clinician_is_lost_after_the_house_hears_what_is_promised(world: World) -> None:
    caller = with_the_house(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    clinician.hang_up()
    run(world, 30)
    assert "A clinician will call you back by" in said_to(caller).split("cut off from the other side")[1]
    assert Office(world).one(promise).state in ("open", "working")
    until_it_rings(world, DR_LEE)


def test_a_professional_whose_clinician_is_cut_off_at_once_waits_on(world: World) -> None:
    caller = goes_on(world, dial(world, BACKLINE), ("1", "2", "potassium of seven"))
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    clinician.hang_up()
    joined(world, clinician_accepts(world), CALLER)
    assert "press 1. Otherwise" not in said_to(caller)


def test_a_caller_whose_agent_is_cut_off_at_once_is_in_line_again_without_being_asked(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    agent.hang_up()
    joined(world, agent_accepts(world), CALLER)
    assert "To be connected again" not in said_to(caller)


def test_agents_who_are_cut_off_again_and_again_leave_a_promise(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    for _ in range(3):
        agent = agent_accepts(world)
        joined(world, agent, CALLER)
        agent.hang_up()
        run(world, 8)
    goes_on(world, caller, ("1",))
    run(world, 10)
    assert "call you back" in said_to(caller)
    assert Office(world).one(promise).kind == "callback"


def test_a_caller_whose_second_agent_is_cut_off_at_once_is_not_asked(world: World) -> None:
    caller = goes_on(world, asked_again(world), ("1",))
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    agent.hang_up()
    joined(world, agent_accepts(world), CALLER)
    assert said_to(caller).count("To be connected again") == 1


def test_a_caller_who_hangs_up_when_asked_after_a_talk_is_owed_nothing(world: World) -> None:
    asked_again(world).hang_up()
    run(world, 10)
    assert Office(world).rows(promise) == []


def test_a_caller_who_is_cut_off_from_the_agent_at_once_keeps_the_place(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    since = Office(world).one(waiting).since
    run(world, 60)
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    run(world, 2)
    caller.hang_up()
    run(world, 10)
    office = Office(world)
    assert office.one(waiting).state == "cut-short"
    goes_on(world, dial(world), NEW_PATIENT)
    assert [row.since for row in office.rows(waiting, waiting.c.state != "resumed")] == [since]


def test_a_caller_who_has_talked_with_the_agent_leaves_no_place(world: World) -> None:
    caller, _agent = talking(world)
    caller.hang_up()
    run(world, 10)
    assert Office(world).one(waiting).state == "connected"
    assert Office(world).one(leg, leg.c.role == "caller").outcome == "with an agent"
