"""Whoever answers at a help line was not told that the call is recorded, and is not recorded."""

from __future__ import annotations

import pytest

from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import EXAMPLE, play
from rehearsals.world import World
from tests.conftest import thorough
from tests.rehearsals.conftest import FOLDER

LINES = {"+18002738255", "+18002221222"}


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
