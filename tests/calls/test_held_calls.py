"""A dropped call that stays with a clinician: for how long, and who sees it then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.callbacks.held_calls import HELD_FOR
from ivr.callbacks.tables import promise
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    DR_LEE,
    EMERGENCY,
    LONG_ENOUGH,
    NOT_WELL,
    clinician_accepts,
    clinician_page_heard,
    consult,
    dial,
    goes_on,
    joined,
    kept_at_last,
    ringing,
    run,
    rung,
    said_to,
    until_it_rings,
)

HIDDEN = "anonymous"
MINUTES = HELD_FOR.total_seconds()
HELD_UNTIL = "If you have not talked with them here in 30 minutes, we will page again or tell supervisors."
"""So it is whether or not anything is promised, and whether or not this was the last try."""


def held(world: World, from_: str = CALLER) -> Line:
    """The line of an emergency drops, and a clinician keeps the call, where they are asked by a key; their line."""
    goes_on(world, dial(world, from_=from_), EMERGENCY).hang_up()
    clinician = clinician_accepts(world)
    if from_ != HIDDEN:
        goes_on(world, clinician, ("2",))
    assert world.advance(lambda: clinician.state == "completed", timedelta(minutes=1))
    return clinician


def test_a_call_without_a_number_is_given_up_where_supervisors_see_it(any_world: World) -> None:
    clinician = held(any_world, HIDDEN)
    assert "Supervisors will hear in 30 minutes that nobody has reached them." in said_to(clinician)
    office = Office(any_world)
    run(any_world, MINUTES - 60)
    assert (office.one(promise).state, ringing(any_world)) == ("working", [])
    run(any_world, 120)
    assert (office.one(promise).state, office.one(promise).closed_as) == ("missed", "no-number")
    assert office.alerts() == ["promise-without-number", *["promise-overdue"] * 2, "promise-missed"]
    assert ringing(any_world) == []
    run(any_world, 16 * 60)
    assert office.alerts()[-1] == "nobody-had-contact"
    run(any_world, 16 * 60)
    assert office.alerts()[-2:] == ["nobody-had-contact"] * 2


def test_a_call_with_a_number_is_paged_for_again(any_world: World) -> None:
    clinician = held(any_world)
    assert HELD_UNTIL in said_to(clinician)
    office = Office(any_world)
    run(any_world, MINUTES - 60)
    assert (office.one(promise).state, ringing(any_world)) == ("working", [])
    assert any_world.advance(lambda: DR_LEE in ringing(any_world), timedelta(minutes=10))
    kept_at_last(any_world)


def test_a_call_that_stays_with_one_clinician_after_the_other_is_paged_for_until_there_is_contact(world: World) -> None:
    held(world)
    office = Office(world)
    for _ in range(4):
        assert world.advance(lambda: DR_LEE in ringing(world), timedelta(minutes=50))
        goes_on(world, clinician_accepts(world), ("2",))
        times = rung(world, DR_LEE)
        run(world, MINUTES - 60)
        assert rung(world, DR_LEE) == times
    assert office.one(promise).state == "working"
    assert office.alerts().count("promise-overdue") > 4
    assert world.advance(lambda: DR_LEE in ringing(world), timedelta(minutes=50))
    kept_at_last(world)


@pytest.mark.parametrize("key", ["2", ""])
def test_a_caller_who_is_gone_before_a_clinician_has_talked_with_them_is_called_back(world: World, key: str) -> None:
    caller, agent = consult(world)
    clinician = clinician_page_heard(world)
    caller.hang_up()
    agent.hang_up()
    run(world, 1)
    clinician.press("1")
    goes_on(world, clinician, (key,) if key else ())
    assert (HELD_UNTIL in said_to(clinician)) == bool(key)
    assert Office(world).one(promise).kind == "urgent-callback"
    assert world.advance(lambda: DR_LEE in ringing(world), timedelta(minutes=45))
    kept_at_last(world)


def test_a_page_for_an_agent_that_led_to_a_talk_alerts_nobody(world: World) -> None:
    caller, agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH)
    for line in (caller, agent, clinician):
        line.hang_up()
    run(world, MINUTES + 60)
    assert Office(world).alerts() == []


def asked_about_a_dropped_line(world: World, joins_first: bool) -> Line:
    """A clinician whose urgent caller's line dropped before they accepted, or right after they were joined."""
    caller = goes_on(world, dial(world), NOT_WELL)
    if not joins_first:
        caller.hang_up()
    clinician = clinician_accepts(world)
    if joins_first:
        joined(world, clinician, CALLER)
        caller.hang_up()
    return clinician


@pytest.mark.parametrize("joins_first", [False, True])
def test_a_clinicians_silence_keeps_no_promise_in_hand(world: World, joins_first: bool) -> None:
    clinician = asked_about_a_dropped_line(world, joins_first)
    assert world.advance(lambda: clinician.state == "completed", timedelta(minutes=1))
    assert "It does not stay with you. We will page for it again. Goodbye." in said_to(clinician)
    until_it_rings(world, DR_LEE)
    assert Office(world).one(promise).state == "working"


@pytest.mark.parametrize("joins_first", [False, True])
def test_a_clinicians_key_keeps_the_promise_in_hand(world: World, joins_first: bool) -> None:
    clinician = asked_about_a_dropped_line(world, joins_first)
    goes_on(world, clinician, ("2",))
    run(world, 120)
    assert "It stays with you." in said_to(clinician)
    assert (Office(world).one(promise).state, ringing(world)) == ("working", [])
