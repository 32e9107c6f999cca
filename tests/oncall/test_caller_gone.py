"""Agent and clinician whom a caller has left with one another hear so, and may talk on where all three have talked."""

from __future__ import annotations

from ivr.calls.tables import leg
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import ANA, DR_LEE, LONG_ENOUGH, clinician_accepts, consult, joined, run, said_to
from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]

GONE = "The caller has left the call."


def left_after(world: World, seconds: float) -> tuple[Line, Line]:
    """Agent and clinician, whom the caller has left so long after all three were together."""
    caller, agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, seconds)
    caller.hang_up()
    run(world, 12)
    return agent, clinician


def test_both_hear_that_the_caller_has_gone_and_talk_on(any_world: World) -> None:
    world = any_world
    agent, clinician = left_after(world, LONG_ENOUGH)
    assert [said_to(one).count(GONE) for one in (agent, clinician)] == [1, 1]
    run(world, 300)
    assert (agent.connected_to, clinician.connected_to) == ({DR_LEE}, {ANA})
    agent.hang_up()
    run(world, 15)
    assert said_to(clinician).endswith("Nobody else is left in the call. Goodbye.")
    assert Office(world).rows(leg, leg.c.state != "ended") == []


def test_a_clinician_who_had_no_contact_is_asked_and_the_agent_let_go(world: World) -> None:
    agent, clinician = left_after(world, 5)
    assert (GONE in said_to(agent), agent.state) == (True, "completed")
    assert clinician.state == "in-progress"
    assert clinician.connected_to == set()
