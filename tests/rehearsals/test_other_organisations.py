"""Calls to organisations that lack what the example has."""

from __future__ import annotations

import shutil
from pathlib import Path

from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import rehearse
from tests.rehearsals.conftest import FOLDER, TO_A_PAGE, Write


def test_when_every_licence_has_lapsed_the_caller_is_told_at_once_and_brought_to_the_house(
    write: Write, tmp_path: Path
) -> None:
    config = Path(shutil.copytree(FOLDER.parent / "config", tmp_path / "config"))
    on_call = config / "oncall.yaml"
    on_call.write_text(on_call.read_text("utf-8").replace("expires: 2027-07-31", "expires: 2026-11-03"), "utf-8")
    script = read_script(
        write(
            "caller hears: 911",
            "caller hangs up",
            "time jumps to: 2026-11-04 20:00 America/Chicago",
            "caller calls again",
            *TO_A_PAGE,
            "caller hears: no clinician has answered yet",
            "house's phone rings",
            "house answers",
            "house hears: press 1",
            "house presses: 1",
            "connected: [caller, house]",
            "house hangs up",
            at="2026-11-03 12:00 America/Chicago",
            extra="expect alerts: [ladder-exhausted, no-clinician-answered]",
            outcome="with the house",
        )
    )
    result = rehearse(script, config=config)
    assert result.passed, failure(result)
