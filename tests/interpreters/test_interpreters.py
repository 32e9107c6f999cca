"""An interpreter as the third party of a talk: who is rung, who hears what, and that nobody is left behind."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.core.unit_of_work import transaction
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of
from ivr.interpreters import attempts as interpreters
from ivr.interpreters.tables import interpreting
from ivr.queue import agent_states
from phonesim import Line, switch_on
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import (
    agent_accepts,
    clinician_page_heard,
    dial,
    goes_on,
    ringing,
    run,
    rung,
    said_to,
    until_it_rings,
)

pytestmark = pytest.mark.sqlite_first

IN_SPANISH = ("2", "0")
"""Spanish, a person whoever it is: the caller then waits for an agent."""
LINGUA, SECOND = "+13125550192", "+13125550193"
OPERATORS_OWN = "+13125550191"
SPEAKERS = ("ana", "mateus")
"""Who speaks Spanish at this hour: in Manila and in Cape Town."""
NOBODY = "No interpreter can be reached."
NADIE = "No pude comunicarme con un intérprete."


def talk(world: World) -> tuple[Line, Line]:
    """A caller who speaks Spanish, and the agent without it who took the call because nobody else could."""
    for name in SPEAKERS:
        with transaction(world.services) as work:
            assert agent_states.reserve(work, name, f"busy-{name}")
            agent_states.start_call(work, name, f"busy-{name}")
    caller = goes_on(world, dial(world), IN_SPANISH)
    assert world.advance(lambda: bool(ringing(world)), timedelta(minutes=2))
    (address,) = ringing(world)
    return caller, agent_accepts(world, address)


def joins(world: World, number: str = LINGUA) -> Line:
    """The interpreter answers and presses the key."""
    until_it_rings(world, number)
    line = goes_on(world, world.net.phone(number).answer(), ("1",))
    run(world, 22)
    return line


def two_interpreters(world: World) -> None:
    """From now on there is a second company, after the first."""
    tree = json.loads(world.organisation.body)
    second = {"id": "second", "name": "Second", "number": SECOND, "languages": ["es-US"]}
    tree["operator"]["interpreters"].append(second)
    with transaction(world.services) as work:
        revisions.apply(work.connection, organisation_of(tree), work.at, "test")


def asked(world: World) -> Row[Any]:
    """What was asked of interpreters, of which there was one thing."""
    with world.services.database.read() as connection:
        return connection.execute(select(interpreting)).one()


def told(world: World) -> list[str]:
    """What was recorded of interpreters, in order."""
    with world.services.database.read() as connection:
        kinds = connection.execute(select(event.c.kind).order_by(event.c.id)).scalars()
        return [kind for kind in kinds if "interpreter" in kind and not kind.endswith("-ended")]


def together(*lines: Line) -> bool:
    """Whether these hear one another, and nobody else."""
    rooms = [line.leg.participant.conference if line.leg.participant else None for line in lines]
    return rooms[0] is not None and len({id(room) for room in rooms}) == 1


def test_the_third_party_is_rung_after_the_accept_with_keys_and_number_of_the_operator(any_world: World) -> None:
    caller, agent = talk(any_world)
    assert "with an interpreter" in said_to(agent)
    assert "Estoy llamando a un intérprete" in said_to(caller)
    lingua = joins(any_world)
    assert any(sound.text == "digits:ww501234#ww1" for sound in lingua.heard)
    assert lingua.leg.from_ == OPERATORS_OWN
    assert together(caller, agent, lingua)
    assert told(any_world) == ["interpreter-asked", "interpreter-rung", "interpreter-joined"]


def test_an_interpreter_hears_the_operator_and_the_language_and_nothing_of_the_call(any_world: World) -> None:
    talk(any_world)
    until_it_rings(any_world, LINGUA)
    lingua = any_world.net.phone(LINGUA).answer()
    run(any_world, 20)
    assert said_to(lingua).startswith(
        "This is Sunline Care. We need an interpreter for Spanish. To join the call, press 1. If you cannot, press 2. "
        "Habla Sunline Care. Necesitamos un intérprete de español. Para unirse a la llamada, oprima 1."
    )
    assert "Maple" not in said_to(lingua)


def test_interpreters_are_rung_in_turn_and_once_more_and_then_everybody_hears_that_none_came(any_world: World) -> None:
    two_interpreters(any_world)
    caller, agent = talk(any_world)
    order = []
    for _ in range(4):
        assert any_world.advance(lambda: bool(ringing(any_world)), timedelta(minutes=2))
        (number,) = ringing(any_world)
        order.append(number)
        any_world.net.phone(number).decline()
        run(any_world, 1)
    assert order == [LINGUA, SECOND, LINGUA, SECOND]
    run(any_world, 10)
    assert NOBODY in said_to(agent)
    assert NADIE in said_to(caller)
    assert together(caller, agent)
    assert asked(any_world).state == "none"
    assert told(any_world).count("no-interpreter") == 1


def test_an_interpreter_who_cannot_says_so_and_the_next_is_rung_at_once(any_world: World) -> None:
    two_interpreters(any_world)
    caller, agent = talk(any_world)
    until_it_rings(any_world, LINGUA)
    goes_on(any_world, any_world.net.phone(LINGUA).answer(), ("2",))
    assert together(caller, agent, joins(any_world, SECOND))


def test_a_queue_in_which_nobody_presses_a_key_is_given_up_after_its_time(any_world: World) -> None:
    two_interpreters(any_world)
    caller, agent = talk(any_world)
    until_it_rings(any_world, LINGUA)
    music = any_world.net.phone(LINGUA).answer()
    assert not together(caller, music)
    within = interpreters.JOINS_WITHIN + timedelta(seconds=5)
    assert any_world.advance(lambda: any_world.net.phone(SECOND).ringing, within)
    run(any_world, 2)
    assert any_world.net.phone(LINGUA).line is None
    assert together(caller, agent, joins(any_world, SECOND))


def test_a_caller_who_hangs_up_ends_the_ringing(any_world: World) -> None:
    caller, _ = talk(any_world)
    until_it_rings(any_world, LINGUA)
    caller.hang_up()
    run(any_world, 10)
    assert ringing(any_world) == []
    assert asked(any_world).state == "over"
    assert rung(any_world, LINGUA) == 1


def test_a_caller_left_with_nobody_but_the_interpreter_goes_back_to_their_flow(any_world: World) -> None:
    caller, agent = talk(any_world)
    lingua = joins(any_world)
    agent.hang_up()
    run(any_world, 20)
    assert "La otra persona dejó la llamada" in said_to(caller)
    assert "Thank you for interpreting" in said_to(lingua)
    assert any_world.net.phone(LINGUA).line is None
    assert asked(any_world).state == "over"


def test_an_interpreter_who_leaves_is_replaced_once_and_the_second_time_it_is_told(any_world: World) -> None:
    caller, agent = talk(any_world)
    for _ in range(2):
        lingua = joins(any_world)
        run(any_world, 20)
        assert together(caller, agent, lingua)
        lingua.hang_up()
        run(any_world, 2)
    run(any_world, 10)
    assert (NOBODY in said_to(agent), NADIE in said_to(caller)) == (True, True)
    assert together(caller, agent)
    assert rung(any_world, LINGUA) == 2
    lost = [
        "interpreter-asked",
        *["interpreter-rung", "interpreter-joined", "interpreter-left", "interpreter-lost"] * 2,
    ]
    assert sorted(told(any_world)) == sorted([*lost, "no-interpreter"])


def test_an_agent_who_has_stepped_out_hears_it_when_they_are_back(any_world: World) -> None:
    caller, agent = talk(any_world)
    until_it_rings(any_world, LINGUA)
    any_world.net.phone(LINGUA).decline()
    until_it_rings(any_world, LINGUA)
    run(any_world, 10)
    agent.press("*")
    any_world.net.phone(LINGUA).decline()
    run(any_world, 8)
    assert "The caller is on hold" in said_to(agent)
    assert NOBODY not in said_to(agent)
    goes_on(any_world, agent, ("2",))
    run(any_world, 15)
    assert NOBODY in said_to(agent)
    assert together(caller, agent)


def test_when_the_agent_hands_over_to_nobody_the_next_agent_gets_an_interpreter_again(any_world: World) -> None:
    caller, agent = talk(any_world)
    joins(any_world)
    run(any_world, 10)
    agent.hang_up()
    run(any_world, 12)
    goes_on(any_world, caller, ("1",))
    assert any_world.advance(lambda: bool(ringing(any_world)), timedelta(minutes=2))
    (address,) = ringing(any_world)
    second = agent_accepts(any_world, address)
    assert together(caller, second, joins(any_world))
    with any_world.services.database.read() as connection:
        states = connection.execute(select(interpreting.c.state).order_by(interpreting.c.asked_at)).scalars().all()
    assert states == ["over", "joined"]


def test_an_interpreter_whose_end_is_told_late_alerts_nobody_again(world: World) -> None:
    caller, agent = talk(world)
    joins(world)
    agent.press("*")
    goes_on(world, agent, ("1",))
    clinician = clinician_page_heard(world)
    switch_on(world.net, f"callbacks-lost=1 on {Office(world).one(leg, leg.c.role == 'interpreter').id}")
    caller.hang_up()
    agent.hang_up()
    run(world, 1)
    clinician.press("1")
    run(world, 120)
    assert Office(world).alerts() == []


def test_a_company_that_was_taken_out_meanwhile_is_passed_over(any_world: World) -> None:
    caller, agent = talk(any_world)
    tree = json.loads(any_world.organisation.body)
    del tree["operator"]["interpreters"]
    with transaction(any_world.services) as work:
        revisions.apply(work.connection, organisation_of(tree), work.at, "test")
    until_it_rings(any_world, LINGUA)
    any_world.net.phone(LINGUA).decline()
    run(any_world, 12)
    assert (NOBODY in said_to(agent), together(caller, agent)) == (True, True)
    assert rung(any_world, LINGUA) == 1
