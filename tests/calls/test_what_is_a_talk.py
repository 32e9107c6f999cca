"""What is a talk: for long enough, of these and not of others, whatever was told of its beginning."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.calls.talks import TALKED_AFTER, WORDS_TAKE
from phonesim import Line, switch_on
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    ANA,
    EMERGENCY,
    LONG_ENOUGH,
    NEW_PATIENT,
    agent_accepts,
    asked_again,
    clinician_accepts,
    clinician_page_heard,
    consult,
    dial,
    goes_on,
    joined,
    listened_to,
    run,
    said_to,
    talking,
    until_it_rings,
)

UNTOLD = LONG_ENOUGH + WORDS_TAKE.total_seconds()
"""Seconds after which those have talked of whose joining nobody was told."""


def talks_of(world: World, role: str) -> int:
    """How often the first leg of a role has talked."""
    row = Office(world).rows(leg, leg.c.role == role)[0]
    return sum(one.data["leg"] == row.id for one in Office(world).rows(event, event.c.kind == "talked"))


def test_a_callers_second_talk_whose_beginning_was_never_told_is_one(any_world: World) -> None:
    caller = goes_on(any_world, asked_again(any_world), ("I have crushing chest pain",))
    clinician = clinician_page_heard(any_world)
    switch_on(any_world.net, "callbacks-lost=1")
    clinician.press("1")
    joined(any_world, clinician, CALLER)
    run(any_world, UNTOLD)
    caller.hang_up()
    run(any_world, 60)
    office = Office(any_world)
    assert (office.rows(promise), talks_of(any_world, "caller")) == ([], 2)
    assert office.one(leg, leg.c.role == "caller").outcome == "with a clinician"


@pytest.mark.parametrize("late", ["", "callbacks-late=10"])
def test_a_talk_counts_although_the_leaving_of_the_one_before_is_told_late(world: World, late: str) -> None:
    caller = asked_again(world)
    if late:
        switch_on(world.net, late)
    goes_on(world, caller, ("1",))
    again = agent_accepts(world)
    joined(world, again, CALLER)
    run(world, UNTOLD)
    assert talks_of(world, "caller") == 2


def test_a_clinicians_second_talk_whose_beginning_was_never_told_keeps_the_promise(world: World) -> None:
    caller = goes_on(world, dial(world), EMERGENCY)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    caller.hang_up()
    assert world.advance(lambda: listened_to(clinician, "key"), timedelta(seconds=20))
    switch_on(world.net, "callbacks-lost=1")
    clinician.press("1")
    until_it_rings(world, CALLER)
    goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    run(world, UNTOLD)
    assert Office(world).one(promise).state == "kept"


def test_whoever_is_told_something_and_goes_back_is_there_although_that_was_never_told(world: World) -> None:
    caller, agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    switch_on(world.net, "callbacks-lost=1 on conference")
    clinician.hang_up()
    assert world.advance(lambda: "has been cut off" in said_to(caller), timedelta(seconds=40))
    again = clinician_accepts(world)
    joined(world, again, CALLER)
    run(world, UNTOLD)
    again.hang_up()
    run(world, 40)
    assert ringing_for_nobody(world, caller, agent)


def ringing_for_nobody(world: World, *talking: Line) -> bool:
    """Whether the rest talk on, and nobody is rung any more."""
    quiet = not any(phone.ringing for phone in world.net.phones.values())
    return quiet and all(one.state == "in-progress" for one in talking)


@pytest.mark.parametrize("seconds", [4, 8])
def test_a_caller_who_never_got_to_the_second_talk_is_owed_a_call(world: World, seconds: int) -> None:
    caller = goes_on(world, asked_again(world), ("I have crushing chest pain",))
    clinician = clinician_page_heard(world)
    switch_on(world.net, "rest-failing=503 on POST Calls")
    clinician.press("1")
    run(world, seconds)
    caller.hang_up()
    clinician.hang_up()
    run(world, 2)
    assert (Office(world).one(promise).kind, talks_of(world, "caller")) == ("urgent-callback", 1)


POISON_CONTROL = "+18002221222"


def test_an_earlier_talk_is_none_with_the_clinician(any_world: World) -> None:
    caller = goes_on(any_world, asked_again(any_world), ("I have crushing chest pain",))
    clinician = clinician_accepts(any_world)
    joined(any_world, clinician, CALLER)
    run(any_world, 1)
    caller.hang_up()
    run(any_world, 8)
    assert Office(any_world).one(promise).kind == "urgent-callback"
    assert "The caller's line dropped" in said_to(clinician)


def with_poison_control(world: World) -> Line:
    """The caller of an emergency talks with Poison Control while the page goes on."""
    caller = goes_on(world, dial(world), ("1", "1", "my son swallowed a battery", "8"))
    until_it_rings(world, POISON_CONTROL)
    line = world.net.phone(POISON_CONTROL).answer()
    joined(world, line, CALLER)
    return caller


@pytest.mark.parametrize("seconds", [4, 8, 12, 20])
def test_a_clinician_alone_has_not_talked_while_the_caller_is_on_the_way(world: World, seconds: int) -> None:
    caller = with_poison_control(world)
    clinician = clinician_page_heard(world)
    switch_on(world.net, "rest-failing=503 on POST Calls")
    clinician.press("1")
    run(world, seconds)
    assert clinician.connected_to == set()
    caller.hang_up()
    clinician.hang_up()
    run(world, 2)
    assert Office(world).one(promise).kind == "urgent-callback"


def test_a_caller_who_comes_late_has_talked_only_ten_seconds_later(world: World) -> None:
    caller = with_poison_control(world)
    clinician = clinician_page_heard(world)
    switch_on(world.net, "rest-failing=503 on POST Calls 2 times")
    clinician.press("1")
    joined(world, clinician, CALLER)
    run(world, 6)
    caller.hang_up()
    run(world, 3)
    assert Office(world).one(promise).kind == "urgent-callback"


def test_a_third_who_joins_does_not_make_the_others_talk_begin_anew(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    agent.press("*")
    goes_on(world, agent, ("1",))
    joined(world, agent, CALLER)
    together = world.now
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    assert world.now - together < TALKED_AFTER
    world.advance_to(together + timedelta(seconds=LONG_ENOUGH))
    caller.hang_up()
    run(world, 1)
    talked = Office(world).rows(event, event.c.kind == "talked")
    assert sorted(row.data["role"] for row in talked) == ["agent", "caller"]


@pytest.mark.parametrize("brought_in", ["2", "3"])
@pytest.mark.parametrize("enough", [True, False])
def test_a_talk_after_a_hold_counts_from_the_joining(any_world: World, brought_in: str, enough: bool) -> None:
    caller, agent = talking(any_world)
    agent.press("*")
    goes_on(any_world, agent, ("6",))
    clinician = clinician_accepts(any_world)
    joined(any_world, clinician, ANA)
    agent.press("*")
    goes_on(any_world, agent, (brought_in,))
    joined(any_world, clinician, CALLER)
    run(any_world, LONG_ENOUGH if enough else TALKED_AFTER.total_seconds() - 2)
    caller.hang_up()
    run(any_world, 1)
    assert (talks_of(any_world, "clinician"), bool(Office(any_world).rows(promise))) == (int(enough), not enough)
