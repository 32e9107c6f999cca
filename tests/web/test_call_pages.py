"""The list of calls and the story of one: everything that happened, nothing that was said."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from callflows.vocabulary import Pressed, Spoke
from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls.events import alert_daily, record
from ivr.calls.tables import call_log
from ivr.web import call_list
from tests.web.line import CALLER, COMPLAINT, Line, wav


def text_of(line: Line, path: str, role: str = "supervisor") -> str:
    answer = line.client(role).get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", html, re.DOTALL)
    inner = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in inner]


def test_a_call_of_our_own_is_told_to_be_a_test(line: Line) -> None:
    call_id = line.call_of_our_own()
    _, row = cells(text_of(line, "/calls"))
    assert "test before a shift" in row
    assert "test before a shift" in text_of(line, f"/calls/{call_id}")


def test_the_list_tells_time_practice_service_urgency_language_outcome_promise_and_recordings(line: Line) -> None:
    call_id = line.ill_caller()
    line.recording(call_id, wav(1))
    _, row = cells(text_of(line, "/calls"))
    assert row == [
        "Sun 2026-11-01 01:30:00 CDT",
        "Maple Family Medicine",
        "nurse",
        "emergent",
        "English",
        "in progress",
        "none",
        "2",
    ]


def test_the_newest_call_stands_first(line: Line) -> None:
    line.new_call()
    line.clock.advance(timedelta(minutes=1))
    line.new_call()
    rows = cells(text_of(line, "/calls"))[1:]
    assert [row[0] for row in rows] == [
        "Sun 2026-11-01 01:31:00 CDT",
        "Sun 2026-11-01 01:30:00 CDT",
    ]


def test_the_list_shows_what_was_promised(line: Line) -> None:
    line.message()
    assert "message open by Mon 2026-11-02 10:00:00 CST" in cells(text_of(line, "/calls"))[1]


def test_every_call_is_on_exactly_one_page_of_the_list(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_list, "PAGE", 2)
    made = [line.new_call()[0] for _ in range(5)]
    browser, path, seen = line.client("supervisor"), "/calls", list[str]()
    for _ in range(3):
        html = browser.get(path).get_data(as_text=True)
        seen += re.findall(r'<a href="/calls/([0-9a-f]+)">', html)
        older = re.search(r'<a href="(/calls\?before=[0-9a-f]+)">Older', html)
        path = older[1] if older else "/none"
    assert sorted(seen) == sorted(made)
    assert path == "/none"


def test_the_story_of_a_call_names_every_step_and_nothing_that_was_said_or_keyed(line: Line) -> None:
    call_id = line.ill_caller()
    html = re.sub("<select.*?</select>", "", text_of(line, f"/calls/{call_id}"), flags=re.DOTALL)
    for expected in ("caller", "dr-lee", "pressed keys", "spoke", "symptom/words/0", "paged", "escalated"):
        assert expected in html
    for word in (*COMPLAINT.split(), CALLER, CALLER[1:]):
        assert word not in html


def test_keys_that_identify_somebody_are_shown_only_as_keys(line: Line) -> None:
    call_id, leg_id = line.new_call()
    line.say(leg_id, Pressed("1"), Pressed("2"), Pressed("1"), Pressed("03141980"), Pressed("60614"))
    html = text_of(line, f"/calls/{call_id}")
    assert html.count("pressed keys") == 5
    assert "03141980" not in html
    assert "60614" not in html


def test_an_answer_that_cannot_be_opened_is_told_as_unreadable(line: Line) -> None:
    call_id = line.ill_caller()
    with line.database.write() as connection:
        connection.execute(call_log.update().values(answer_sealed=b"\x01damaged"))
    assert "unreadable" in text_of(line, f"/calls/{call_id}")


def test_markup_in_what_a_caller_said_or_in_an_event_stays_text(line: Line) -> None:
    call_id, leg_id = line.new_call()
    line.say(leg_id, Pressed("1"), Spoke("<script>alert(1)</script>", 0.9))
    with line.work() as work:
        record(work, "alert", call_id, what="<b>bold</b>")
    assert "<b>bold" not in text_of(line, "/alerts")
    assert "<script" not in text_of(line, f"/calls/{call_id}")


def test_looking_at_a_call_leaves_who_when_what_and_from_where(line: Line) -> None:
    call_id = line.ill_caller()
    line.client("compliance").get(f"/calls/{call_id}")
    row = line.rows(audit_row)[-1]
    assert (row.actor, row.role, row.action, row.outcome) == ("compliance", "compliance", "call.read", "ok")
    assert (row.call_id, row.practice_id, row.address, row.purpose) == (call_id, "maple", "127.0.0.1", "compliance")


def test_a_page_is_not_shown_when_its_row_cannot_be_written(line: Line) -> None:
    call_id = line.ill_caller()
    browser = line.client("supervisor")
    with line.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_row RENAME TO lost")
    answer = browser.get(f"/calls/{call_id}")
    assert answer.status_code == 500
    assert "nurse" not in answer.get_data(as_text=True)


def test_an_alert_about_no_call_is_listed_once_a_day(line: Line) -> None:
    for _ in range(2):
        with line.work() as work:
            alert_daily(work, "recordings-of-no-call", recordings=3)
    rows = cells(text_of(line, "/alerts"))[1:]
    assert rows == [["Sun 2026-11-01 06:30:00 UTC", "recordings of no call", "operator", "none"]]


def test_alerts_are_listed_with_their_call(line: Line) -> None:
    call_id = line.ill_caller()
    with line.work() as work:
        record(work, "alert", call_id, what="ladder-exhausted")
    html = text_of(line, "/alerts")
    assert cells(html)[1] == ["Sun 2026-11-01 01:30:00 CDT", "ladder exhausted", "Maple Family Medicine", "Its call"]
    assert f'href="/calls/{call_id}"' in html


class Outline(HTMLParser):
    """What assistive technology needs of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize(
    "page", ["/sign-in", "/calls", "/calls/{call}", "/messages", "/recordings", "/alerts", "/none"]
)
def test_every_page_has_language_landmarks_one_heading_and_labelled_fields(line: Line, page: str) -> None:
    message = line.message()
    browser = line.client() if page == "/sign-in" else line.client("supervisor")
    outline = Outline(browser.get(page.format(call=message.call_id)).get_data(as_text=True))
    assert outline.all("html") == [{"lang": "en"}]
    assert [len(outline.all(tag)) for tag in ("header", "main", "h1", "title")] == [1, 1, 1, 1]
    labelled = {attrs["for"] for attrs in outline.all("label")}
    fields = [*outline.all("input"), *outline.all("select")]
    assert {attrs["id"] for attrs in fields if attrs.get("type") != "hidden"} == labelled
    assert all({"scope", "role"} <= attrs.keys() for attrs in outline.all("th"))
    assert len(outline.all("table")) == len(outline.all("caption"))


def test_a_promise_that_was_kept_says_so_on_the_story(line: Line) -> None:
    message = line.message()
    with line.database.write() as connection:
        connection.execute(promise.update().values(state="kept", ended_at=line.clock.now()))
    assert ["message, prescriptions", "kept"] in [
        [row[0], row[3]] for row in cells(text_of(line, f"/calls/{message.call_id}")) if len(row) == 6
    ]


def test_people_are_called_by_their_names(line: Line) -> None:
    shown = line.client("supervisor").get(f"/calls/{line.ill_caller()}").get_data(as_text=True)
    assert ">Dr Lee<" in shown
    assert ">dr-lee<" not in shown
