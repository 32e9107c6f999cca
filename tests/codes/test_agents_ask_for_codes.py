"""An agent in a talk has a code sent, and keys in what the caller reads out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from ivr.calls.tables import call
from ivr.codes.tables import one_time_code
from ivr.core.unit_of_work import transaction
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import LONG_ENOUGH, agent_accepts, dial, goes_on, joined, listened_to, run, said_to
from tests.codes.codes import code_in, newest, other_than

pytestmark = pytest.mark.sqlite_first

ANA = "client:ana"
KNOWN = ("1", "2", "1", "02291988", "60699")
STRANGER = ("1", "2", "2")


def talk(world: World, answers: tuple[str, ...]) -> tuple[Line, Line]:
    """A caller and an agent, who have talked and are still in the talk; their lines."""
    caller = goes_on(world, dial(world), answers)
    agent = agent_accepts(world, ANA)
    joined(world, agent, CALLER)
    run(world, LONG_ENOUGH)
    return caller, agent


def steps_out(world: World, agent: Line, *keys: str) -> None:
    """The agent presses star, then these keys, each when it is listened for, and is back in the talk."""
    agent.press("*")
    assert world.advance(lambda: listened_to(agent, "key"), timedelta(seconds=30))
    goes_on(world, agent, keys)
    joined(world, agent, CALLER)


def test_a_code_that_the_caller_reads_out_raises_the_call_and_the_agent_hears_it(known: Office) -> None:
    world = known.world
    _, agent = talk(world, KNOWN)
    steps_out(world, agent, "4")
    assert "I am sending a code to the number on file" in said_to(agent)
    (text,) = world.net.phone(CALLER).messages
    steps_out(world, agent, "5", other_than(code_in(text.body)))
    assert "That is not the code." in said_to(agent)
    steps_out(world, agent, "5", code_in(text.body))
    assert "Identity level L2." in said_to(agent)
    assert newest(known).state == "used"
    steps_out(world, agent, "4")
    assert len(known.rows(one_time_code)) == 1
    assert "0199" not in said_to(agent).replace(" ", "")


def test_nobody_is_texted_for_a_caller_who_was_not_matched(known: Office) -> None:
    _, agent = talk(known.world, STRANGER)
    steps_out(known.world, agent, "4")
    assert "No code can be sent." in said_to(agent)
    steps_out(known.world, agent, "5", "123456")
    assert known.world.net.phone(CALLER).messages == []
    assert known.rows(one_time_code) == []


def test_nobody_is_texted_for_a_caller_who_speaks_for_the_patient(known: Office) -> None:
    _, agent = talk(known.world, KNOWN)
    with transaction(known.services) as work:
        work.connection.execute(update(call).values(representative_id="mother", relation="parent", caller_level="L1"))
    steps_out(known.world, agent, "4")
    assert "No code can be sent." in said_to(agent)
    assert known.world.net.phone(CALLER).messages == []
    assert known.rows(one_time_code) == []


def test_an_agent_who_keys_in_nothing_is_told_so(known: Office) -> None:
    world = known.world
    _, agent = talk(world, KNOWN)
    agent.press("*")
    assert world.advance(lambda: listened_to(agent, "key"), timedelta(seconds=30))
    goes_on(world, agent, ("5",))
    run(world, 30)
    assert "I got no code." in said_to(agent)
    joined(world, agent, CALLER)


def test_an_agent_who_hangs_up_at_the_question_leaves_nobody_on_hold(known: Office) -> None:
    world = known.world
    caller, agent = talk(world, KNOWN)
    agent.press("*")
    assert world.advance(lambda: listened_to(agent, "key"), timedelta(seconds=30))
    goes_on(world, agent, ("5",))
    agent.hang_up()
    run(world, 40)
    assert "To be connected again, press 1." in said_to(caller)
