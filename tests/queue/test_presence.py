"""Agents who sign out for the moment: what becomes of their calls, and of the callers who wait for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from bench.rig.waiting import put_callers
from ivr.core.unit_of_work import transaction
from ivr.jobs.outbox import URGENCY
from ivr.jobs.tables import outbox
from ivr.queue import agent_states, decisions, presence
from ivr.queue.agents_command import agents_command
from ivr.queue.explanations import explain_decision
from ivr.queue.tables import agent_state, decision, waiting
from rehearsals.world import World
from routing.agents import Doing
from tests.calls.scenes import (
    ANA,
    NEW_PATIENT,
    agent_accepts,
    dial,
    goes_on,
    ringing,
    run,
    rung,
    said_to,
    until_it_rings,
)

pytestmark = pytest.mark.sqlite_first

BENJIE, THANDI = "client:benjie", "client:thandi"
MANILA = ("ana", "benjie", "joy", "carmela")
SEVEN = "Sun 2026-11-01 19:00 Asia/Manila"
"""The end of the shift in Manila."""
SCHEDULERS = ("ana", "benjie", "thandi", "mateus")


def sign_out(world: World, *names: str) -> tuple[str, ...]:
    with transaction(world.services) as work:
        gone = presence.sign_out_agents(work, [world.organisation.agent(name) for name in names])
    world.settle()
    return gone


def ready(world: World, *names: str) -> list[str]:
    with transaction(world.services) as work:
        back = [name for name in names if agent_states.make_ready(work, name)]
    world.settle()
    return back


def doing(world: World, name: str = "ana") -> Doing:
    with transaction(world.services) as work:
        (found,) = agent_states.read_availability(work, (world.organisation.agent(name),))
    return found.doing


def misses(world: World, name: str = "ana") -> int:
    with transaction(world.services) as work:
        return agent_states.count_misses(work, name)


def command(world: World, *arguments: str) -> Result:
    result = CliRunner().invoke(agents_command, list(arguments), obj=world.services)
    world.settle()
    return result


def test_whoever_signed_out_is_offered_nothing_until_they_are_ready(any_world: World) -> None:
    assert sign_out(any_world, "benjie", "ana") == ("ana", "benjie")
    assert sign_out(any_world, "ana") == ()
    goes_on(any_world, dial(any_world), NEW_PATIENT)
    run(any_world, 5)
    assert [rung(any_world, address) for address in (ANA, BENJIE)] == [0, 0]
    assert ready(any_world, "ana", "thandi") == ["ana"]
    assert (doing(any_world), doing(any_world, "benjie")) == ("idle", "away")
    with transaction(any_world.services) as work:
        assert not agent_states.reserve(work, "benjie", "an-offer")
        assert agent_states.reserve(work, "ana", "another")


def test_an_agent_at_a_call_finishes_it_and_is_then_away(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    agent = agent_accepts(any_world)
    run(any_world, 5)
    sign_out(any_world, "ana")
    assert doing(any_world) == "away"
    run(any_world, 60)
    assert agent.connected_to
    line.hang_up()
    run(any_world, 15)
    with any_world.services.database.read() as connection:
        row = connection.execute(select(agent_state).where(agent_state.c.agent_id == "ana")).one()
    assert (row.state, doing(any_world)) == ("idle", "away")
    goes_on(any_world, dial(any_world, from_="+13125550142"), NEW_PATIENT)
    until_it_rings(any_world, THANDI)
    assert rung(any_world, ANA) == 1


def test_what_rings_for_an_agent_who_signs_out_goes_to_the_next_at_once_and_is_no_miss(any_world: World) -> None:
    goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, ANA)
    before = any_world.now
    sign_out(any_world, "ana")
    until_it_rings(any_world, THANDI)
    assert any_world.now - before < timedelta(seconds=5)
    assert ringing(any_world) == [THANDI]
    assert misses(any_world) == 0


def test_a_whole_line_that_looks_again_keeps_nothing_urgent_waiting(world: World) -> None:
    routine, urgent = put_callers(world.services, 2)
    with transaction(world.services) as work:
        work.connection.execute(update(waiting).where(waiting.c.call_id == urgent).values(urgency="urgent"))
    with transaction(world.services) as work:
        presence.sign_out_agents(work, [world.organisation.agent("ana")])
        looks = select(outbox.c.subject, outbox.c.urgency).where(outbox.c.kind == "match")
        found = {row.subject: row.urgency for row in work.connection.execute(looks)}
    assert found == {routine: URGENCY["routine"], urgent: URGENCY["urgent"]}


def test_what_rings_by_the_time_that_an_agent_is_back_is_left_alone(world: World) -> None:
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    with transaction(world.services) as work:
        presence.sign_out_agents(work, [world.organisation.agent("ana")])
        agent_states.make_ready(work, "ana")
    run(world, 2)
    assert ringing(world) == [ANA]


def test_a_sign_out_that_was_forgotten_ends_with_the_shift(world: World) -> None:
    sign_out(world, "ana")
    end_in_manila = world.now.replace(hour=11, minute=0)
    world.advance_to(end_in_manila - timedelta(seconds=1))
    assert doing(world) == "away"
    world.advance_to(end_in_manila)
    assert doing(world) == "idle"
    assert sign_out(world, "ana") == ("ana",)


def test_a_pool_is_signed_out_after_a_dry_run_and_the_list_says_since_when(world: World) -> None:
    would = command(world, "away", "--pool", "manila", "--pool", "bogota", "--dry-run").output
    assert would.splitlines() == [f"{name}: would be away until {SEVEN}" for name in MANILA]
    assert command(world, "list").output == "nobody is at a call, set aside or away\n"
    done = command(world, "away", "--pool", "manila", "--pool", "bogota").output
    assert done == would.replace("would be ", "")
    listed = command(world, "list").output.splitlines()
    line = f"ana: signed out for the moment since Sun 2026-11-01 15:30 Asia/Manila, until {SEVEN}"
    assert (listed[0], len(listed)) == (line, 4)
    back = command(world, "ready", "--all").output
    assert back.splitlines() == [f"{name} is offered calls again" for name in MANILA]
    assert command(world, "ready", "--all").output == "nobody was set aside; nothing changes\n"


def test_it_is_said_who_is_at_a_call_and_who_was_away_already(world: World) -> None:
    with transaction(world.services) as work:
        agent_states.reserve(work, "ana", "an-offer")
        agent_states.start_call(work, "ana", "an-offer")
    sign_out(world, "benjie")
    assert command(world, "away", "ana", "benjie").output.splitlines() == [
        f"ana: away until {SEVEN}, once the call they are at is over",
        "benjie: away already",
    ]
    assert command(world, "list").output.splitlines()[:2] == [
        "ana: at a call",
        f"ana: signed out for the moment since Sun 2026-11-01 15:30 Asia/Manila, until {SEVEN}",
    ]


def test_people_who_are_not_there_are_refused_by_name_and_passed_over_in_a_pool(world: World) -> None:
    assert "the organisation has no agent 'anna'" in command(world, "away", "ana", "anna").output
    assert doing(world) == "idle"
    assert "no pool 'mars'" in command(world, "away", "--pool", "mars").output
    assert "name an AGENT, a --pool, or --all" in command(world, "away").output
    assert command(world, "away", "--pool", "bogota").output == "nobody of them is at work; nothing changes\n"
    assert command(world, "away", "grace").output == "grace: away until Mon 2026-11-02 12:00 America/Chicago\n"


def test_the_index_of_idle_agents_knows_who_is_away_and_who_is_back(any_world: World) -> None:
    sign_out(any_world, "ana", "thandi")
    goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, BENJIE)
    assert ready(any_world, "thandi") == ["thandi"]
    goes_on(any_world, dial(any_world, from_="+13125550142"), NEW_PATIENT)
    until_it_rings(any_world, THANDI)
    assert rung(any_world, ANA) == 0


def test_callers_in_line_are_told_at_once_when_everybody_they_could_have_has_signed_out(any_world: World) -> None:
    with transaction(any_world.services) as work:
        for name in sorted(SCHEDULERS):
            agent_states.reserve(work, name, f"other-{name}")
            agent_states.start_call(work, name, f"other-{name}")
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    run(any_world, 5)
    sign_out(any_world, *SCHEDULERS[:-1])
    run(any_world, 5)
    assert "Nobody is free" not in said_to(line)
    sign_out(any_world, SCHEDULERS[-1])
    run(any_world, 5)
    assert "Nobody is free" in said_to(line)
    with any_world.services.database.read() as connection:
        last = connection.execute(select(decision).order_by(decision.c.id.desc())).first()
        assert decisions.decide_again(connection, last).same
    assert last is not None
    assert (last.answer["awake"], last.answer["refused"]["away"]) == (0, [4, list(SCHEDULERS)])
    assert "4 signed out for the moment: ana, benjie, thandi, mateus" in " ".join(explain_decision(last).refused)


def test_a_caller_who_comes_when_everybody_has_signed_out_is_promised_a_call_back_at_once(world: World) -> None:
    command(world, "away", "--all")
    line = goes_on(world, dial(world), NEW_PATIENT)
    run(world, 5)
    assert "We can call you back" in said_to(line)
