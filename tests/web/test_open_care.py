"""Supervisors see the most urgent of those who wait for contact, and are told when there are more than are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from ivr.responsibility import open_care
from ivr.responsibility.tables import responsibility
from tests.web.line import NIGHT, Line


def wait(line: Line, urgency: str, minutes: int, state: str = "escalating") -> str:
    """Somebody has waited for contact for so many minutes; the call's id."""
    call_id, _ = line.new_call()
    since = NIGHT - timedelta(minutes=minutes)
    row = {"id": call_id, "practice_id": "maple", "state": state, "person_id": "", "urgency": urgency}
    with line.database.write() as connection:
        connection.execute(insert(responsibility).values(row | {"opened_at": since, "changed_at": since}))
    return call_id


def test_the_newest_emergency_goes_before_the_oldest_of_what_is_less_urgent(
    any_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    urgent, _urgent, routine = (wait(any_line, *about) for about in (("urgent", 90), ("urgent", 60), ("routine", 99)))
    newest, older = wait(any_line, "emergent", 1), wait(any_line, "emergent", 2)
    monkeypatch.setattr(open_care, "MOST", 3)
    with any_line.database.read() as connection:
        shown = open_care.read_open(connection, NIGHT)
    assert [one.row.id for one in shown] == [older, newest, urgent]
    assert routine not in [one.row.id for one in shown]


def test_the_page_says_when_there_are_more_than_are_shown(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes in range(3):
        wait(line, "urgent", minutes)
    wait(line, "urgent", 9, state="closed")
    supervisor = line.client("supervisor")
    told = supervisor.get("/open-care").text
    assert "3 calls without contact" in told
    assert "not shown" not in told
    monkeypatch.setattr(open_care, "MOST", 2)
    told = supervisor.get("/open-care").text
    assert "3 calls without contact" in told
    assert "1 call is not shown" in " ".join(told.split())
