"""The pages of morning summaries: who reads them, what is put on the record, and what is on them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.audit.tables import audit_row
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.morning_summaries import making
from ivr.morning_summaries.tables import morning_summary
from tests.morning_summaries.mornings import chicago
from tests.web.line import COMPLAINT, NIGHT, Line

OPENS = chicago("2026-11-02 08:00")
"""The night of the furnished line is a Sunday: Maple opens on Monday."""


def make(line: Line) -> str:
    """The night is over; the id of Maple's summary."""
    line.clock.move_to(OPENS)
    making.make_summaries(line.services, "")
    return str(line.one(morning_summary, practice_id="maple").id)


def words(line: Line, path: str, role: str = "supervisor") -> str:
    return " ".join(line.client(role).get(path).text.split())


def test_the_list_leads_to_a_page_with_what_the_caller_said(any_line: Line) -> None:
    call_id = any_line.ill_caller()
    summary_id = make(any_line)
    assert f"/morning-summaries/{summary_id}" in words(any_line, "/morning-summaries")
    told = words(any_line, f"/morning-summaries/{summary_id}")
    assert COMPLAINT in told
    assert "Morning summary: Maple Family Medicine" in told
    assert f'href="/calls/{call_id}"' in told
    assert "Clinical calls" in told
    assert "Dr Lee" in told
    assert "Nothing happened" not in told


def test_a_quiet_night_says_so_plainly(line: Line) -> None:
    told = words(line, f"/morning-summaries/{make(line)}")
    assert "Nothing happened between" in told
    assert told.count("<h2>") == 0
    assert "Sun 2026-11-01 01:30:00 CDT" in told
    assert "Mon 2026-11-02 08:00:00 CST" in told


def test_a_quiet_night_with_an_emergency_from_before_does_not_say_that_nothing_happened(line: Line) -> None:
    """The symptom was told of before this night began, and nobody has had contact."""
    line.ill_caller()
    summary_id = make(line)
    with line.database.write() as connection:
        connection.execute(morning_summary.update().values(begins_at=NIGHT + timedelta(hours=5)))
    told = words(line, f"/morning-summaries/{summary_id}")
    assert "Nothing new happened between" in told
    assert "What was open from before is below." in told
    assert "Still open: no contact, or no outcome" in told
    assert "Nothing happened" not in told


def test_a_hand_over_is_told_with_who_had_it_and_who_has_it_now(line: Line) -> None:
    call_id = line.ill_caller()
    with line.work() as work:
        record(work, "item-handed-over", call_id, person="dr-lee", to="dr-okafor")
        record(work, "item-taken", call_id, person="dr-okafor", of="dr-lee")
        record(work, "handed-to-backup", call_id, person="dr-patel", page="x")
        record(work, "transfer-asked", call_id, agent="grace", escalation="x")
    told = words(line, f"/morning-summaries/{make(line)}")
    cells = re.findall(r'data-label="(?:What|From|To)">([^<]*)</td>', told.partition("<h2>Hand-overs</h2>")[2])
    assert cells == [
        *("item handed over", "Dr Lee", "Dr Okafor"),
        *("item taken", "Dr Lee", "Dr Okafor"),
        *("handed to backup", "Dr Patel", "whoever is paged next"),
        *("transfer asked", "Grace Miller", "whoever is paged next"),
    ]


def test_a_message_is_told_with_its_promise_and_without_its_number(line: Line) -> None:
    message = line.message()
    told = words(line, f"/morning-summaries/{make(line)}")
    assert f'href="/messages/{message.id}"' in told
    assert "To be kept" in told
    assert "+1312555" not in told


def test_reading_leaves_a_row_for_the_summary_and_for_each_call_whose_words_are_shown(line: Line) -> None:
    call_id = line.ill_caller()
    line.new_call()
    summary_id = make(line)
    line.client("compliance").get(f"/morning-summaries/{summary_id}")
    mine = [row for row in line.rows(audit_row) if row.action == "morning-summary.read"]
    assert [(row.actor, row.object_id, row.call_id, row.practice_id, row.outcome) for row in mine] == [
        ("compliance", summary_id, None, "maple", "ok"),
        ("compliance", summary_id, call_id, "maple", "ok"),
    ]


def test_words_that_were_forgotten_or_cannot_be_opened_hide_nothing_else(line: Line) -> None:
    ids = [line.ill_caller(), line.ill_caller("another thing hurts")]
    with line.database.write() as connection:
        connection.execute(call.update().where(call.c.id == ids[0]).values(complaint_sealed=None))
        connection.execute(call.update().where(call.c.id == ids[1]).values(complaint_sealed=b"broken"))
    told = words(line, f"/morning-summaries/{make(line)}")
    assert "nothing is kept" in told
    assert "cannot be opened" in told
    assert all(f'href="/calls/{one}"' in told for one in ids)


@pytest.mark.parametrize("role", ["admin", "agent"])
def test_whoever_may_not_read_records_may_not_read_summaries(line: Line, role: str) -> None:
    line.ill_caller()
    summary_id = make(line)
    answer = line.client(role).get(f"/morning-summaries/{summary_id}")
    assert answer.status_code == 403
    assert COMPLAINT not in answer.text


def test_a_summary_goes_on_to_older_ones(line: Line) -> None:
    make(line)
    line.clock.move_to(OPENS + timedelta(days=60))
    making.make_summaries(line.services, "")
    first = line.client("supervisor").get("/morning-summaries")
    assert "Older" in first.text
    with line.database.read() as connection:
        newest = select(morning_summary.c.id).order_by(morning_summary.c.ends_at.desc(), morning_summary.c.id.desc())
        ids = connection.execute(newest).scalars().all()
    older = line.client("supervisor").get(f"/morning-summaries?before={ids[49]}").text
    assert f"/morning-summaries/{ids[50]}" in older
    assert f"/morning-summaries/{ids[49]}" not in older


def test_a_summary_of_a_practice_that_is_gone_is_read_all_the_same(line: Line) -> None:
    line.ill_caller()
    summary_id = make(line)
    with line.database.write() as connection:
        connection.execute(morning_summary.update().values(practice_id="gone", begins_at=NIGHT))
    assert "Nothing happened between" in words(line, f"/morning-summaries/{summary_id}")
