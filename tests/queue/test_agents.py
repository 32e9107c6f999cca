"""What agents are doing: set aside kindly, writing up, and back by themselves or at their word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Row, select

from callflows.conversations.agent_offer import whisper
from callflows.prompts import languages
from callflows.values import Offer
from ivr.core.unit_of_work import transaction
from ivr.jobs.timers import fire_due_timers
from ivr.queue import agent_states
from ivr.queue.agents_command import agents_command
from ivr.queue.tables import agent_state, waiting
from rehearsals.world import World
from tests.calls.office import NIGHT
from tests.calls.scenes import NEW_PATIENT, agent_accepts, dial, goes_on, ringing, run, rung
from tests.directory.conftest import Folder, folder

__all__ = ["folder"]

ANA = "client:ana"


def state(world: World, name: str = "ana") -> Row[Any]:
    with world.services.database.read() as connection:
        return connection.execute(select(agent_state).where(agent_state.c.agent_id == name)).one()


def misses(world: World, offer: str) -> Row[Any]:
    """Ana misses an offer."""
    with transaction(world.services) as work:
        assert agent_states.reserve(work, "ana", offer)
        agent_states.set_not_ready(work, "ana", offer)
    return state(world)


def test_rest_grows_with_misses_in_a_row_ends_by_itself_and_is_forgotten_with_an_answer(any_world: World) -> None:
    for number, seconds in enumerate((60, 120, 240), start=1):
        resting = misses(any_world, f"offer-{number}")
        assert (resting.state, resting.misses) == ("resting", number)
        assert resting.until == any_world.now + timedelta(seconds=seconds)
        any_world.clock.advance(timedelta(seconds=seconds) - timedelta(milliseconds=1))
        fire_due_timers(any_world.services)
        assert state(any_world).state == "resting"
        any_world.clock.advance(timedelta(milliseconds=1))
        fire_due_timers(any_world.services)
        assert (state(any_world).state, state(any_world).until) == ("idle", None)
    with transaction(any_world.services) as work:
        assert agent_states.reserve(work, "ana", "offer-4")
        agent_states.start_call(work, "ana", "offer-4")
    assert state(any_world).misses == 0


def test_an_agent_who_says_that_they_are_ready_is_offered_calls_at_once(any_world: World) -> None:
    misses(any_world, "offer-1")
    run_command = CliRunner().invoke
    listed = run_command(agents_command, ["list"], obj=any_world.services).output
    assert listed == "ana: set aside after missed offers until Sun 2026-11-01 15:31:00 Asia/Manila\n"
    back = run_command(agents_command, ["ready", "ana"], obj=any_world.services)
    assert back.output == "ana is offered calls again\n"
    assert (state(any_world).state, state(any_world).misses) == ("idle", 0)
    again = run_command(agents_command, ["ready", "ana"], obj=any_world.services)
    assert again.output == "ana was not set aside; nothing changes\n"
    listed = run_command(agents_command, ["list"], obj=any_world.services).output
    assert listed == "nobody is at a call, set aside or away\n"


def test_the_end_of_a_rest_that_was_cut_short_does_not_end_a_later_one(world: World) -> None:
    misses(world, "offer-1")
    world.clock.advance(timedelta(seconds=50))
    with transaction(world.services) as work:
        agent_states.make_ready(work, "ana")
    misses(world, "offer-2")
    world.clock.advance(timedelta(seconds=20))
    fire_due_timers(world.services)
    assert state(world).state == "resting"


def test_somebody_else_s_offer_moves_nobody(world: World) -> None:
    misses(world, "offer-1")
    with transaction(world.services) as work:
        agent_states.start_call(work, "ana", "another")
        agent_states.end_call(work, "ana", "another", timedelta(seconds=5))
    assert state(world).state == "resting"


@pytest.mark.parametrize("language", languages())
def test_whoever_missed_offers_is_told_with_the_next(language: str) -> None:
    usual, missed = (
        " ".join(
            line.spoken() for line in whisper(Offer("Maple", "scheduling", "en-US", missed=count, language=language))
        )
        for count in (0, 3)
    )
    assert "3" in missed
    assert len(missed) > len(usual)


def test_an_agent_who_declines_by_key_was_there_and_missed_nothing(world: World) -> None:
    world.clock.move_to(misses(world, "offer-1").until)
    fire_due_timers(world.services)
    assert (state(world).state, state(world).misses) == ("idle", 1)
    with transaction(world.services) as work:
        assert agent_states.reserve(work, "ana", "offer-2")
        agent_states.release(work, "ana", "offer-2", answered=True)
    assert (state(world).state, state(world).misses) == ("idle", 0)


def test_an_offer_that_lapsed_is_neither_accepted_nor_declined_any_more(world: World) -> None:
    resting = misses(world, "offer-1")
    with transaction(world.services) as work:
        agent_states.start_call(work, "ana", "offer-1")
        agent_states.release(work, "ana", "offer-1", answered=True)
        agent_states.end_call(work, "ana", "offer-1")
    assert state(world) == resting


@pytest.fixture
def writing_up(folder: Folder) -> Path:
    """Appointments are written up for half a minute."""
    folder.replace("practices/maple.yaml", "new_patients: agent, ", "wrap_up: 30s, ")
    return folder.path


def test_an_agent_writes_up_for_as_long_as_the_service_says_and_is_offered_nothing_meanwhile(writing_up: Path) -> None:
    with World(writing_up, NIGHT) as world:
        first = goes_on(world, dial(world), NEW_PATIENT)
        agent_accepts(world, ANA)
        run(world, 5)
        first.hang_up()
        world.advance(lambda: state(world, "ana").state == "wrap-up", timedelta(minutes=1))
        wrapping = state(world, "ana")
        assert wrapping.until - wrapping.since == timedelta(seconds=30)
        goes_on(world, dial(world, from_="+13125550142"), NEW_PATIENT)
        run(world, 3)
        assert ANA not in ringing(world)
        assert rung(world, ANA) == 1
        world.advance_to(wrapping.until)
        assert state(world, "ana").state == "idle"


def test_without_a_wrap_up_an_agent_is_free_with_the_end_of_the_call(world: World) -> None:
    first = goes_on(world, dial(world), NEW_PATIENT)
    agent_accepts(world, ANA)
    run(world, 5)
    first.hang_up()
    run(world, 15)
    assert state(world, "ana").state == "idle"


def test_a_boost_is_a_place_further_ahead(folder: Folder) -> None:
    folder.replace("practices/maple.yaml", "new_patients: agent, ", "credit: 5m, ")
    with World(folder.path, NIGHT) as world:
        engage = ("ana", "benjie", "thandi", "mateus")
        with transaction(world.services) as work:
            for name in sorted(engage):
                agent_states.reserve(work, name, f"other-{name}")
        goes_on(world, dial(world), NEW_PATIENT)
        run(world, 2)
        with world.services.database.read() as connection:
            row = connection.execute(select(waiting)).one()
        assert row.place == row.since.timestamp() - 300
