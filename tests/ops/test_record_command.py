"""``sunline record``: the record of a call, for people and for programs, on the record."""

from __future__ import annotations

import json

from ivr.audit.tables import audit_row
from tests.ops.conftest import Run
from tests.web.line import COMPLAINT, Line

LISTS = ("Questions", "Questions not asked", "Levels", "Advice", "Help lines", "Called", "Came", "Promises")


def test_it_tells_of_a_call_on_the_clocks_of_the_practice_and_in_utc(line: Line, run: Run) -> None:
    told = run("record", line.ill_caller()).stdout
    assert "Received: 2026-11-01 01:30:00 CDT (06:30:00 UTC)" in told
    assert f"Complaint: {COMPLAINT}" in told
    assert "Screened: (not asked: an emergency was found first)" in told


def test_every_list_begins_with_what_its_columns_are(line: Line, run: Run) -> None:
    lines = run("record", line.ill_caller()).stdout.splitlines()
    headings = {lines[place - 1]: one.split(" | ") for place, one in enumerate(lines) if lines[place - 1] in LISTS}
    assert headings["Questions"] == ["  Time", "Asked", "Answer", "Heard", "Red flag", "Taken for"]
    assert headings["Called"] == ["  Who", "As", "By", "Asked", "Answered", "Ended", "End"]
    assert {"Levels", "Advice"} <= set(headings)
    rows = {name: lines[lines.index(name) + 2].split(" | ") for name in headings}
    assert {name: len(row) for name, row in rows.items()} == {name: len(row) for name, row in headings.items()}


def test_a_program_is_given_every_item_with_its_value_or_the_reason(line: Line, run: Run) -> None:
    found = json.loads(run("record", line.ill_caller(), "--json").stdout)
    assert {frozenset(one) for one in found} == {frozenset(("part", "item", "value", "missing"))}
    assert all(one["value"] or one["missing"] for one in found)
    (asked,) = [one["value"] for one in found if one["part"] == "Questions" and one["value"]["Red flag"] == "chest"]
    assert (asked["Heard"], asked["Time"]) == ("phrase of the protocol", "2026-11-01T06:30:00Z")


def test_each_use_leaves_a_row_about_the_call(line: Line, run: Run) -> None:
    call_id = line.ill_caller()
    run("record", call_id)
    row = line.rows(audit_row)[-1]
    assert (row.action, row.outcome, row.call_id, row.practice_id) == ("call.record", "ok", call_id, "maple")


def test_a_call_that_is_not_there_is_one_line_that_quotes_nothing(run: Run) -> None:
    refused = run("record", "Maria Lopez")
    assert refused.exit_code == 1
    assert "there is no call of this id" in refused.output
    assert "Maria" not in refused.output


def test_a_call_of_our_own_has_no_record_of_a_patient(line: Line, run: Run) -> None:
    refused = run("record", line.call_of_our_own())
    assert refused.exit_code == 1
    assert "a test of whether somebody on call can be reached" in refused.output
