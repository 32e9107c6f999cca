"""Commands in a demo's settings live in the time that its pages show; those of an installation in the machine's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.audit.tables import audit_row
from ivr.closures.tables import closure
from ivr.core.clock import SystemClock
from ivr.core.demo_clock import DemoClock
from tests.ops.conftest import Run
from tests.web.line import NIGHT as SHOWN
from tests.web.line import Line, wav

pytestmark = pytest.mark.usefixtures("on_a_disk")
A_WHILE = timedelta(hours=1)
CLOSED = ("closure", "begin", "maple", "--until", "2027-01-02 08:00 America/Chicago", "--why", "water")
WORDS = ("--say", "en-US", "We are closed.", "--say", "es-US", "Hemos cerrado.")


@pytest.fixture(autouse=True)
def shown(line: Line) -> None:
    DemoClock(line.database).set(SHOWN - timedelta(days=20))


def test_a_closure_begins_and_hours_are_told_at_the_time_that_the_demo_shows(line: Line, run: Run) -> None:
    made = run(*CLOSED, *WORDS, SUNLINE_MODE="demo")
    assert made.exit_code == 0, made.output
    assert timedelta() <= line.one(closure).begins_at - (SHOWN - timedelta(days=20)) < A_WHILE
    assert timedelta() <= line.rows(audit_row)[-1].at - (SHOWN - timedelta(days=20)) < A_WHILE
    assert "maple, loop: closed (emergency)" in run("hours", SUNLINE_MODE="demo").output


def test_what_is_looked_at_in_the_vault_is_noted_at_the_time_that_the_demo_shows(line: Line, run: Run) -> None:
    line.recording(line.new_call()[0], wav(1))
    run("vault", "list", SUNLINE_MODE="demo")
    assert timedelta() <= line.rows(audit_row)[-1].at - (SHOWN - timedelta(days=20)) < A_WHILE


def test_outside_of_a_demo_the_machine_tells_the_time(line: Line, run: Run) -> None:
    before = SystemClock().now()
    assert run(*CLOSED[:4], "2099-01-02 08:00 America/Chicago", *CLOSED[5:], *WORDS).exit_code == 0
    assert before <= line.one(closure).begins_at
