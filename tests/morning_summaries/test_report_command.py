"""``sunline report morning-summary``: the night on the terminal, without a word of a patient."""

from __future__ import annotations

import json
from datetime import timedelta

from ivr.audit.tables import audit_row
from ivr.morning_summaries.tables import morning_summary
from tests.morning_summaries.test_summary_page import make
from tests.ops.conftest import Run
from tests.web.line import CALLER, COMPLAINT, NIGHT, Line

ASKED = ("report", "morning-summary", "--practice", "maple")


def test_it_tells_who_was_paged_and_what_is_open_and_nothing_that_was_said(line: Line, run: Run) -> None:
    call_id = line.ill_caller()
    make(line)
    told = run(*ASKED).stdout
    assert "maple: 1 call between " in told
    assert " and Mon 2026-11-02 08:00 CST (America/Chicago)" in told
    assert "Dr Lee, step 1: not settled yet" in told
    assert f"(call {call_id})" in told
    assert COMPLAINT not in told
    assert CALLER not in told


def test_a_quiet_night_says_so(line: Line, run: Run) -> None:
    make(line)
    told = run(*ASKED, "--date", "2026-11-02").stdout
    assert "\nNothing happened between Sun 2026-11-01 01:30 CDT and Mon 2026-11-02 08:00 CST.\n" in told


def test_a_quiet_night_with_an_emergency_from_before_says_that_it_is_open(line: Line, run: Run) -> None:
    line.ill_caller()
    make(line)
    with line.database.write() as connection:
        connection.execute(morning_summary.update().values(begins_at=NIGHT + timedelta(hours=5)))
    told = run(*ASKED).stdout
    assert "\nNothing new happened between Sun 2026-11-01 05:30 CST and Mon 2026-11-02 08:00 CST. What was open" in told
    assert "\nStill open" in told


def test_a_program_is_given_each_line_with_its_night(line: Line, run: Run) -> None:
    call_id = line.ill_caller()
    make(line)
    found = json.loads(run(*ASKED, "--json").stdout)
    assert {frozenset(one) for one in found} == {
        frozenset(("practice", "location", "from", "until", "part", "at", "call", "what"))
    }
    assert {one["until"] for one in found} == {"2026-11-02T14:00:00Z"}
    assert [one["call"] for one in found if one["part"] == "Clinical calls"] == [call_id]
    assert COMPLAINT not in str(found)


def test_each_use_leaves_a_row(line: Line, run: Run) -> None:
    summary_id = make(line)
    run(*ASKED)
    row = line.rows(audit_row)[-1]
    assert (row.action, row.outcome, row.object_id, row.practice_id) == (
        "morning-summary.read",
        "ok",
        summary_id,
        "maple",
    )


def test_a_day_without_a_summary_is_one_line_with_where_to_look(line: Line, run: Run) -> None:
    make(line)
    refused = run(*ASKED, "--date", "2026-11-01")
    assert refused.exit_code == 1
    assert "maple has no morning summary on 2026-11-01" in refused.output
    assert run("report", "morning-summary", "--practice", "mapel").exit_code == 1
    assert "did you mean" in run("report", "morning-summary", "--practice", "mapel").output


def test_a_call_of_our_own_is_no_call_of_the_night(line: Line, run: Run) -> None:
    line.call_of_our_own()
    make(line)
    assert "maple: 0 calls between " in run(*ASKED).stdout


def test_a_location_that_has_none_of_its_own_is_told_what_to_ask_for(line: Line, run: Run) -> None:
    make(line)
    assert "leave --location out" in run(*ASKED, "--location", "loop").output
    assert "location of maple 'moon'" in run(*ASKED, "--location", "moon").output
