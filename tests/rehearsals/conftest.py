"""Rehearsals written on the spot, and the ones that come with Sunline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsals.language import read_script
from rehearsals.running import Result, rehearse

FOLDER = Path(__file__).resolve().parents[2] / "rehearsals"
HEADER = """rehearsal: a call
at: {at}
dial: "+13125550100"
from: "+13125550199"
{extra}
steps:
"""
EVENING = "2026-11-03 20:00 America/Chicago"
MORNING = "2026-11-03 09:30 America/Chicago"

Write = Callable[..., Path]
Play = Callable[..., Result]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a rehearsal of some steps to a file."""

    def written(*steps: str, outcome: str = "with an agent", at: str = EVENING, extra: str = "") -> Path:
        path = tmp_path / "call.yaml"
        body = "".join(f"  - {step}\n" for step in steps)
        path.write_text(HEADER.format(at=at, extra=extra) + body + f"outcome: {outcome}\n", "utf-8")
        return path

    return written


@pytest.fixture
def play(write: Write) -> Play:
    """Plays a rehearsal of some steps."""

    def played(*steps: str, outcome: str = "with an agent", at: str = EVENING, extra: str = "") -> Result:
        return rehearse(read_script(write(*steps, outcome=outcome, at=at, extra=extra)))

    return played


TO_ANA = (
    "caller hears: press 1",
    "caller presses: 1",
    "caller hears: for a person, press 0",
    "caller presses: 0",
    "call is offered to: ana",
)
"""In the evening, up to an agent's ringing phone."""

TO_A_PAGE = (
    "caller hears: press 1",
    "caller presses: 1",
    "caller hears: a nurse",
    "caller presses: 1",
    "caller hears: what is wrong",
    "caller says: my chest hurts",
    "caller hears: dial 911 now",
)
"""In the evening, up to the page of dr-okafor, who is on call, which no step has mentioned yet."""
