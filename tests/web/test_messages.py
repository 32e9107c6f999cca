"""Messages: whoever deals with one keeps its promise, and nobody is asked to call back any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.jobs.tables import timer
from ivr.jobs.timers import fire_due_timers
from ivr.queue.tables import waiting
from tests.web.line import CALLER, Line, wav


@pytest.fixture
def message_id(line: Line) -> str:
    return str(line.message(wav(1)).id)


def handle(line: Line, message_id: str, role: str = "agent") -> str:
    browser, page = line.client(role), f"/messages/{message_id}"
    answer = browser.post(f"{page}/handled", form=page)
    assert (answer.status_code, answer.location) == (303, page)
    return browser.get(page).get_data(as_text=True)


def test_the_list_shows_what_was_promised_and_no_number(line: Line, message_id: str) -> None:
    html = line.client("agent").get("/messages").get_data(as_text=True)
    assert "Mon 2026-11-02 10:00:00 CST" in html
    assert f'href="/messages/{message_id}"' in html
    assert CALLER not in html


def test_the_message_shows_the_number_to_call_back_and_leaves_a_row(line: Line, message_id: str) -> None:
    html = line.client("agent").get(f"/messages/{message_id}").get_data(as_text=True)
    assert CALLER in html
    assert "<audio" in html
    row = line.rows(audit_row)[-1]
    assert (row.actor, row.action, row.object_id, row.purpose) == ("agent", "message.read", message_id, "treatment")


def test_a_message_whose_sound_is_still_on_its_way_says_so(line: Line) -> None:
    message = line.message()
    html = line.client("agent").get(f"/messages/{message.id}").get_data(as_text=True)
    assert "The sound is not here yet" in html
    assert "<audio" not in html


def test_handling_a_message_keeps_its_promise_and_stops_its_timers(line: Line, message_id: str) -> None:
    html = handle(line, message_id)
    assert "The promise is kept." in html
    assert "Handled: the promise is kept" not in html
    assert line.one(promise).state == "kept"
    mine = [row.state for row in line.rows(timer) if row.kind.startswith("promise_")]
    assert mine == ["cancelled", "cancelled"]
    assert line.rows(event, kind="promise-kept")[0].data["by"] == "agent"
    assert ("agent", "message.handle", "ok") in line.trail()


def test_nobody_is_searched_for_any_more_once_it_is_handled(line: Line, message_id: str) -> None:
    line.clock.move_to(line.one(promise).start_at + timedelta(seconds=1))
    fire_due_timers(line.services)
    assert (line.one(promise).state, line.one(waiting).state) == ("working", "searching")
    handle(line, message_id)
    assert (line.one(promise).state, line.one(waiting).state) == ("kept", "left")


def test_handling_a_message_twice_changes_nothing_more(line: Line, message_id: str) -> None:
    browser, page = line.client("supervisor"), f"/messages/{message_id}"
    token = browser.token(page)
    for _ in range(2):
        browser.client.post(f"{page}/handled", base_url="https://sunline.example", data={"csrf_token": token})
    assert len(line.rows(event, kind="promise-kept")) == 1
    assert [row[2] for row in line.trail() if row[1] == "message.handle"] == ["ok", "refused"]


def test_other_promises_of_the_same_call_stay_open(line: Line, message_id: str) -> None:
    with line.database.write() as connection:
        kept = connection.execute(promise.select()).one()._asdict()
        connection.execute(promise.insert().values(kept | {"id": "f" * 24, "kind": "urgent-callback"}))
    handle(line, message_id)
    assert {row.kind: row.state for row in line.rows(promise)} == {"message": "kept", "urgent-callback": "open"}


def test_a_compliance_officer_sees_no_button(line: Line, message_id: str) -> None:
    html = line.client("compliance").get(f"/messages/{message_id}").get_data(as_text=True)
    assert "Handled" not in html


def test_whoever_deals_with_a_message_finds_the_approved_answers_and_the_practice_s_own_time(line: Line) -> None:
    message = line.message()
    shown = line.client("agent").get(f"/messages/{message.id}").get_data(as_text=True)
    assert "Park in the garage on Quincy Street." in shown
    assert '<time datetime="2026-11-01T06:30:00Z">Sun 2026-11-01 01:30:00 CDT</time>' in shown
