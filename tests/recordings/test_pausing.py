"""Whoever answers at a help line was not told that the call is recorded, and is not recorded."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from ivr.calls.tables import leg
from ivr.core.unit_of_work import transaction
from ivr.twilio.rest_api.recordings import Recordings
from phonesim import Line
from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import EXAMPLE, play
from rehearsals.world import World
from tests.calls.scenes import dial, goes_on, run, said_to, until_it_rings
from tests.conftest import thorough
from tests.rehearsals.conftest import FOLDER

CRISIS, POISON = "+18002738255", "+18002221222"
LINES = {CRISIS, POISON}


@pytest.mark.parametrize("number", ["70", thorough("69")])
def test_a_help_line_is_not_recorded_and_what_follows_is(number: str) -> None:
    (path,) = FOLDER.glob(f"{number}-*.yaml")
    script = read_script(path)
    with World(EXAMPLE, script.at) as world:
        result = play(script, world)
        trace = list(world.net.trace)
    assert result.passed, failure(result)
    heard = [entry for entry in trace if entry.kind == "recording"]
    assert [entry.detail["status"] for entry in heard][:4] == ["in-progress", "paused", "in-progress", "processing"]
    answered = next(entry.at for entry in trace if entry.kind == "answer" and entry.who in LINES)
    assert heard[1].at <= answered


def test_whoever_lands_safely_from_a_help_line_is_recorded_again(world: World) -> None:
    line, _ = on_poison_line(world)
    with transaction(world.services) as work:
        work.connection.execute(update(leg).where(leg.c.role == "caller").values(flow_version=99))
    line.press("*")
    run(world, 5)
    assert "something went wrong on our side" in said_to(line)
    assert told(world) == ["in-progress", "paused", "in-progress"]


def on_poison_line(world: World) -> tuple[Line, Line]:
    """A caller on a help line, and whoever answered there."""
    line = goes_on(world, dial(world), ("1", "1", "my son swallowed a battery", "8"))
    until_it_rings(world, POISON)
    helper = world.net.phone(POISON).answer()
    run(world, 2)
    return line, helper


def told(world: World) -> list[str]:
    """What Twilio made of the recording."""
    return [entry.detail["status"] for entry in world.net.trace if entry.kind == "recording"]


def test_what_follows_is_recorded_when_the_help_line_ends_it(world: World) -> None:
    line, helper = on_poison_line(world)
    helper.hang_up()
    run(world, 5)
    assert line.state == "in-progress"
    assert told(world) == ["in-progress", "paused", "in-progress"]


def test_a_word_to_twilio_that_comes_late_does_not_leave_the_recording_paused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = Recordings.pause_recording

    def late(api: Recordings, call_sid: str, recording_sid: str) -> None:
        """Another worker has told of the caller's return before this word comes there."""
        with transaction(world.services) as work:
            work.connection.execute(update(leg).where(leg.c.role == "caller").values(pending_kind="AskMeanwhile"))
        pause(api, call_sid, recording_sid)

    monkeypatch.setattr(Recordings, "pause_recording", late)
    on_poison_line(world)
    assert told(world)[-2:] == ["paused", "in-progress"]
