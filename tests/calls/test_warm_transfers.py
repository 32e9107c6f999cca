"""What becomes of caller, agent and clinician when a line breaks around a warm transfer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.calls.tables import call, leg
from ivr.oncall.tables import escalation, transfer
from ivr.oncall.transfers import MOST_LOST
from ivr.queue.tables import waiting
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    ANA,
    DR_LEE,
    LONG_ENOUGH,
    agent_accepts,
    clinician_accepts,
    clinician_page_heard,
    consult,
    goes_on,
    joined,
    ringing,
    run,
    said_to,
    talking,
    until_it_rings,
)

DR_OKAFOR = "+13125550182"
DR_PATEL = "+13125550183"
LOSES = (DR_LEE, DR_LEE, DR_OKAFOR, DR_OKAFOR)
"""Who is rung first, one after the other, where whoever accepts is lost each time: nobody more than twice."""
THANDI = "client:thandi"
"""Who is offered the call next, once Ana has left it."""


@pytest.mark.parametrize("seconds", [0, 1, 7])
def test_a_clinician_who_is_lost_before_the_talk_is_paged_again_and_both_are_told(
    any_world: World, seconds: int
) -> None:
    caller, agent = consult(any_world)
    clinician = clinician_accepts(any_world)
    run(any_world, seconds)
    clinician.hang_up()
    until_it_rings(any_world, DR_LEE)
    office = Office(any_world)
    assert [row.urgency for row in office.rows(escalation)] == ["urgent", "urgent"]
    assert office.one(transfer).state == "asked"
    joined(any_world, agent, CALLER)
    assert "The clinician has been cut off. We are calling one again." in said_to(caller)
    assert "The clinician was cut off. I am calling a clinician again." in said_to(agent)
    again = clinician_accepts(any_world)
    joined(any_world, again, CALLER)
    run(any_world, LONG_ENOUGH)
    assert caller.connected_to == {ANA, DR_LEE}
    agent.hang_up()
    again.hang_up()
    run(any_world, 60)
    assert (office.one(transfer).state, ringing(any_world)) == ("completed", [])


def test_a_clinician_whom_the_phone_network_does_not_keep_in_the_talk_is_paged_again(world: World) -> None:
    caller, _agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    row = Office(world).one(leg, leg.c.role == "clinician")
    world.services.twilio.kick_participant(Office(world).one(call).conference_sid, row.twilio_sid)
    assert world.advance(lambda: clinician.state == "completed", timedelta(minutes=1))
    until_it_rings(world, DR_LEE)
    again = clinician_accepts(world)
    joined(world, again, CALLER)
    assert "The clinician has been cut off" in said_to(caller)


def test_it_is_paged_again_as_urgently_as_the_call_is_by_now(world: World) -> None:
    consult(world)
    clinician = clinician_accepts(world)
    with world.services.database.write() as connection:
        connection.execute(call.update().values(urgency="emergent"))
    clinician.hang_up()
    until_it_rings(world, DR_LEE)
    assert {row.urgency for row in Office(world).rows(escalation, escalation.c.state == "paging")} == {"emergent"}


def test_a_clinician_who_is_lost_after_the_talk_is_not_paged_again(world: World) -> None:
    caller, agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH)
    clinician.hang_up()
    run(world, 60)
    assert (caller.connected_to, agent.state, ringing(world)) == ({ANA}, "in-progress", [])
    assert Office(world).one(transfer).state == "completed"


def test_clinicians_who_are_lost_again_and_again_end_with_an_alert(world: World) -> None:
    caller, agent = consult(world)
    assert len(LOSES) == MOST_LOST + 1
    for number in LOSES:
        clinician_accepts(world, number).hang_up()
        run(world, 2)
    run(world, 60)
    office = Office(world)
    assert (office.one(transfer).state, office.alerts(), ringing(world)) == ("rejected", ["clinician-lost"], [])
    assert "No clinician has taken the call. You are going back to it now." in said_to(agent)
    assert caller.connected_to == {ANA}


def test_an_agent_who_asks_twice_for_a_clinician_hears_once_of_each_who_is_lost(world: World) -> None:
    caller, agent = consult(world)
    joined(world, agent, CALLER)
    agent.press("*")
    goes_on(world, agent, ("1",))
    for _ in range(2):
        clinician_accepts(world).hang_up()
        run(world, 15)
    assert said_to(agent).count("The clinician was cut off.") == said_to(caller).count("has been cut off.") == 2
    office = Office(world)
    assert (office.one(transfer).state, office.alerts(), "No clinician" in said_to(agent)) == ("asked", [], False)


def test_an_agent_who_has_stepped_out_hears_that_no_clinician_comes_once_they_are_back(world: World) -> None:
    caller, agent = consult(world)
    for number in LOSES[:-1]:
        clinician_accepts(world, number).hang_up()
        run(world, 2)
    clinician = clinician_accepts(world, LOSES[-1])
    joined(world, agent, CALLER)
    agent.press("*")
    run(world, 1)
    clinician.hang_up()
    goes_on(world, agent, ("2",))
    run(world, 20)
    assert said_to(agent).endswith("No clinician has taken the call. You are going back to it now.")
    assert caller.connected_to == {ANA}


def test_an_agent_who_asks_anew_hears_nothing_of_the_time_before(world: World) -> None:
    _caller, agent = consult(world)
    for number in LOSES[:-1]:
        clinician_accepts(world, number).hang_up()
        run(world, 2)
    clinician = clinician_page_heard(world, LOSES[-1])
    joined(world, agent, CALLER)
    agent.press("*")
    run(world, 1)
    clinician.press("1")
    run(world, 1)
    clinician.hang_up()
    goes_on(world, agent, ("1",))
    run(world, 20)
    assert "No clinician" not in said_to(agent)
    assert DR_PATEL in ringing(world)


def test_a_caller_who_is_handed_over_and_loses_the_clinician_before_the_talk_gets_one_without_being_asked(
    any_world: World,
) -> None:
    caller, agent = consult(any_world)
    clinician = clinician_accepts(any_world)
    joined(any_world, clinician, CALLER)
    agent.hang_up()
    run(any_world, 1)
    clinician.hang_up()
    until_it_rings(any_world, DR_LEE)
    again = clinician_accepts(any_world)
    joined(any_world, again, CALLER)
    assert ("cut off from the other side" in said_to(caller), "press 1. Otherwise" in said_to(caller)) == (True, False)


def test_a_caller_who_is_handed_over_and_loses_the_clinician_after_the_talk_is_asked(world: World) -> None:
    caller, agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    agent.hang_up()
    run(world, LONG_ENOUGH)
    clinician.hang_up()
    goes_on(world, caller, ("1",))
    again = agent_accepts(world)
    joined(world, again, CALLER)


KEPT = "The other side has left the call. I am still calling the clinician for you. Please stay on the line."


def test_a_clinician_who_is_lost_to_a_caller_whom_the_agent_has_left_is_paged_again(any_world: World) -> None:
    caller, agent = consult(any_world)
    clinician = clinician_page_heard(any_world)
    agent.hang_up()
    assert any_world.advance(lambda: KEPT in said_to(caller), timedelta(seconds=20))
    clinician.press("1")
    run(any_world, 1)
    clinician.hang_up()
    until_it_rings(any_world, DR_LEE)
    joined(any_world, clinician_accepts(any_world), CALLER)
    assert "press 1. Otherwise" not in said_to(caller)
    assert Office(any_world).rows(waiting, waiting.c.state.in_(("searching", "offered"))) == []


def test_whoever_is_left_while_a_lost_clinician_is_paged_again_is_kept(world: World) -> None:
    caller, agent = consult(world)
    clinician_accepts(world).hang_up()
    assert world.advance(lambda: "has been cut off" in said_to(caller), timedelta(seconds=20))
    joined(world, agent, CALLER)
    agent.hang_up()
    assert world.advance(lambda: KEPT in said_to(caller), timedelta(seconds=20))
    assert ANA not in ringing(world)


@pytest.mark.parametrize("noted", ["routine", "urgent", "emergent"])
def test_an_emergency_is_no_less_urgent_because_an_agent_asks_for_the_clinician(world: World, noted: str) -> None:
    _caller, agent = talking(world)
    with world.services.database.write() as connection:
        connection.execute(call.update().values(urgency=noted))
    agent.press("*")
    goes_on(world, agent, ("1",))
    until_it_rings(world, DR_LEE)
    row = Office(world).one(escalation)
    assert row.urgency == ("emergent" if noted == "emergent" else "urgent")
    assert row.steps[0]["seconds"] == (150 if noted == "emergent" else 300)


def test_a_clinician_who_speaks_alone_with_the_agent_has_not_talked_with_the_caller(any_world: World) -> None:
    caller, agent = talking(any_world)
    agent.press("*")
    goes_on(any_world, agent, ("6",))
    clinician = clinician_accepts(any_world)
    joined(any_world, agent, DR_LEE)
    run(any_world, LONG_ENOUGH + 10)
    office = Office(any_world)
    assert (office.one(transfer).state, caller.connected_to) == ("briefing", set())
    clinician.hang_up()
    until_it_rings(any_world, DR_LEE)
    joined(any_world, agent, CALLER)
    assert "has been cut off" not in said_to(caller), "who is held was told of no clinician"
    again = clinician_accepts(any_world)
    joined(any_world, again, CALLER)
    run(any_world, LONG_ENOUGH)
    assert office.one(transfer).state == "bridged"


@pytest.mark.parametrize("seconds", [1, 15])
def test_a_caller_whose_clinician_is_lost_in_a_warm_transfer_still_has_the_agent(world: World, seconds: int) -> None:
    caller, agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, seconds)
    clinician.hang_up()
    run(world, 10)
    assert (caller.connected_to, agent.state) == ({ANA}, "in-progress")
