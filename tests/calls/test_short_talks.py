"""A caller whose talk with an agent is over at once: the call was answered, and nobody has talked."""

from __future__ import annotations

import pytest

from ivr.calls.tables import call, leg
from ivr.queue.tables import agent_state, waiting
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import LONG_ENOUGH, NEW_PATIENT, dial, goes_on, run, talking


def short_talk(world: World, seconds: float) -> Office:
    """A caller hangs up so many seconds after they were joined with an agent; some time passes."""
    caller, _agent = talking(world, seconds)
    caller.hang_up()
    run(world, 10)
    return Office(world)


@pytest.mark.parametrize("seconds", [1, 7])
def test_it_counts_as_answered_and_says_that_it_was_short(any_world: World, seconds: float) -> None:
    office = short_talk(any_world, seconds)
    assert office.one(call).outcome == "short talk"
    assert office.one(leg, leg.c.role == "caller").outcome == "short talk"
    assert office.one(waiting).state == "cut-short"
    assert office.one(agent_state).state == "idle"


def test_the_place_of_a_call_that_was_cut_short_is_taken_up_once(any_world: World) -> None:
    office = short_talk(any_world, 2)
    since = office.one(waiting).since
    goes_on(any_world, dial(any_world), NEW_PATIENT)
    assert sorted((row.state, row.since == since) for row in office.rows(waiting)) == [
        ("offered", True),
        ("resumed", True),
    ]


def test_a_talk_is_no_short_one(world: World) -> None:
    office = short_talk(world, LONG_ENOUGH)
    assert (office.one(call).outcome, office.one(waiting).state) == ("with an agent", "connected")
