"""Whoever answers at a help line was not told that the call is recorded, and is not recorded."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from ivr.calls.tables import leg
from ivr.core.unit_of_work import transaction
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
    told = [entry for entry in trace if entry.kind == "recording"]
    assert [entry.detail["status"] for entry in told][:3] == ["in-progress", "paused", "in-progress"]
    answered = next(entry.at for entry in trace if entry.kind == "answer" and entry.who in LINES)
    assert told[1].at <= answered


def test_whoever_lands_safely_from_a_help_line_is_recorded_again(world: World) -> None:
    line = goes_on(world, dial(world), ("1", "1", "my son swallowed a battery", "8"))
    until_it_rings(world, POISON)
    world.net.phone(POISON).answer()
    run(world, 2)
    with transaction(world.services) as work:
        work.connection.execute(update(leg).where(leg.c.role == "caller").values(flow_version=99))
    line.press("*")
    run(world, 5)
    assert "something went wrong on our side" in said_to(line)
    told = [entry.detail["status"] for entry in world.net.trace if entry.kind == "recording"]
    assert told == ["in-progress", "paused", "in-progress"]
