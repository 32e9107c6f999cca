from __future__ import annotations

from datetime import timedelta

from ivr.calls.talks import TALKED_AFTER
from phonesim import switch_off, switch_on
from rehearsals.world import World
from tests.calls.scenes import ANA, NEW_PATIENT, dial, goes_on, listened_to, run, said_to, until_it_rings

WORKERS_ARE_BUSY = 20
"""Seconds, longer than a wait document lasts."""


def test_a_caller_who_was_in_the_conference_before_the_redirect_came_is_not_taken_for_left_alone(world: World) -> None:
    # Twilio: a REST redirect during Dial requests the Dial's action and ignores what it returns.
    caller = goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    agent = world.net.phone(ANA).answer()
    assert world.advance(lambda: listened_to(agent, "key"), timedelta(seconds=30))
    agent.press("1")
    world.net.advance(WORKERS_ARE_BUSY)
    assert caller.connected_to == {ANA}, "the wait document's Leave was quicker than the redirect"

    run(world, WORKERS_ARE_BUSY + 30)

    assert caller.connected_to == {ANA}
    assert "has left the call" not in said_to(caller)


def test_a_caller_who_is_alone_in_the_conference_afterwards_is_taken_back(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    agent = goes_on(world, world.net.phone(ANA).answer(), ("1",))
    run(world, 5)
    assert caller.connected_to == {ANA}
    run(world, TALKED_AFTER.total_seconds())

    agent.hang_up()
    run(world, 20)

    assert "has left the call" in said_to(caller)


def test_a_redirect_that_was_refused_is_not_made_up_for_once_the_caller_is_there(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    agent = world.net.phone(ANA).answer()
    assert world.advance(lambda: listened_to(agent, "key"), timedelta(seconds=30))
    switch_on(world.net, "rest-failing=503")
    agent.press("1")
    run(world, 25)
    assert caller.connected_to == {ANA}, "the wait document's Leave brought the caller there"

    switch_off(world.net, "rest-failing")
    heard = said_to(caller)
    run(world, 120)

    assert caller.connected_to == {ANA}
    assert said_to(caller) == heard, "nothing interrupts the conversation"
    agent.hang_up()
    run(world, 20)
    assert "has left the call" in said_to(caller)


def test_a_call_that_another_region_does_not_know_is_not_taken_for_over(world: World) -> None:
    switch_on(world.net, "wrong-region")
    caller = goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    goes_on(world, world.net.phone(ANA).answer(), ("1",))
    run(world, 15 * 60)

    assert caller.connected_to == {ANA}
