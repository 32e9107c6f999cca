"""A caller who stayed and was put through to the house has had contact once they were together for long enough."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.responsibility.tables import responsibility
from phonesim import Line, switch_on
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import EMERGENCY, dial, goes_on, run

HOUSE = "+13125550190"


def with_the_house(world: World) -> tuple[Line, Line]:
    """Nobody on the ladder takes the call, and the house is put through to the caller who stayed."""
    caller = goes_on(world, dial(world), EMERGENCY)
    house = world.net.phone(HOUSE)
    assert world.advance(lambda: house.ringing, timedelta(minutes=12))
    line = goes_on(world, house.answer(), ("1",))
    assert world.advance(lambda: HOUSE in caller.connected_to, timedelta(seconds=10))
    return caller, line


@pytest.mark.parametrize("ends", ["caller", "house"])
@pytest.mark.parametrize(
    "fault", ["", "callbacks-lost=1", "callbacks-late=20", "webhooks-twice-fresh", "webhooks-late=5"]
)
def test_a_talk_that_was_long_enough_keeps_the_promise_and_ends_the_care(world: World, ends: str, fault: str) -> None:
    caller, house = with_the_house(world)
    if fault:
        switch_on(world.net, fault)
    run(world, 22)
    (caller if ends == "caller" else house).hang_up()
    run(world, 50)
    if caller.state != "completed":
        caller.hang_up()
    office = Office(world)
    assert office.one(promise).state == "kept"
    assert office.one(responsibility).state in ("contacted", "closed")
    assert len(office.rows(event, event.c.kind == "talked")) == 1
    rung = len(world.net.trace)
    run(world, 1800)
    assert not any(entry.kind == "ring" for entry in world.net.trace[rung:]), "nobody is rung any more"


@pytest.mark.parametrize("ends", ["caller", "house"])
@pytest.mark.parametrize("fault", ["", "callbacks-lost=1", "callbacks-late=20"])
def test_a_talk_of_some_seconds_is_none(world: World, ends: str, fault: str) -> None:
    caller, house = with_the_house(world)
    if fault:
        switch_on(world.net, fault)
    run(world, 10)
    (caller if ends == "caller" else house).hang_up()
    run(world, 60)
    office = Office(world)
    assert office.one(promise).state not in ("kept", "missed")
    assert office.one(responsibility).state in ("escalating", "assigned", "reopened")


LATE = ("webhooks-late=40", "callbacks-late=60")
"""The end of the Dial is told first, with the length of the call to the house."""
BY_THE_LINE = ("application-down on /dial", "callbacks-late=6")
"""Only the length of the caller's own line is told, and it is told late."""
ONLY_ASKED = ("application-down on /dial", "callbacks-lost=1")
"""That the line is over is found by asking, and when it ended is not known."""


@pytest.mark.parametrize("faults", [LATE, BY_THE_LINE, ONLY_ASKED])
def test_a_short_talk_is_none_however_late_we_hear_of_its_end(world: World, faults: tuple[str, str]) -> None:
    caller, _ = with_the_house(world)
    for fault in faults:
        switch_on(world.net, fault)
    run(world, 15)
    caller.hang_up()
    run(world, 90)
    office = Office(world)
    assert office.one(leg, leg.c.role == "caller").state == "ended"
    assert office.rows(event, event.c.kind == "talked") == []
    assert office.one(promise).state not in ("kept", "missed")
    assert office.one(responsibility).state in ("escalating", "assigned", "reopened")


@pytest.mark.parametrize(("faults", "talks"), [(LATE, 1), (BY_THE_LINE, 1), (ONLY_ASKED, 0)])
def test_a_long_talk_is_one_where_its_length_is_told(world: World, faults: tuple[str, str], talks: int) -> None:
    caller, _ = with_the_house(world)
    for fault in faults:
        switch_on(world.net, fault)
    run(world, 22)
    caller.hang_up()
    run(world, 90)
    office = Office(world)
    assert office.one(leg, leg.c.role == "caller").state == "ended"
    assert len(office.rows(event, event.c.kind == "talked")) == talks
    assert (office.one(promise).state == "kept") is bool(talks)


def test_a_house_that_was_not_joined_is_none(world: World) -> None:
    caller = goes_on(world, dial(world), EMERGENCY)
    house = world.net.phone(HOUSE)
    assert world.advance(lambda: house.ringing, timedelta(minutes=12))
    house.answer()
    run(world, 40)
    assert caller.connected_to == set()
    assert Office(world).rows(event, event.c.kind == "talked") == []
