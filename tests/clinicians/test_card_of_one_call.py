"""What is pressed on a card is done to the call that was read there, and to no other of the same person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, update

from callflows.lifecycles.tables import PAGE
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.core.state_machines import fire
from ivr.oncall import escalations, pages
from ivr.oncall.tables import care_item, care_note, escalation, page
from tests.web.line import COMPLAINT, PIN, Browser, Line

OTHER = "a second chest that hurts"
BUTTONS = ("accept", "ring", "call", "pass", "note", "more", "done", "talked")


@dataclass(frozen=True)
class Two:
    """Dr Lee, signed in for the shift, who is paged for two calls by one ring."""

    browser: Browser
    first: Row[Any]
    second: Row[Any]

    @property
    def path(self) -> str:
        return f"/oncall/{self.first.token}"

    @property
    def other(self) -> str:
        return f"/oncall/{self.second.token}"

    def press(self, button: str) -> int:
        fields = {"words": "what was heard of the first", "missing": "record", "outcome": "advised"}
        form = {"csrf_token": self.browser.token("/oncall"), **fields, "follow_up": "none", "reached": "talked"}
        answer = self.browser.client.post(f"{self.path}/{button}", base_url="https://sunline.example", data=form)
        return answer.status_code


@pytest.fixture
def two(line: Line) -> Two:
    first = line.one(page, call_id=line.ill_caller())
    second = line.one(page, call_id=line.ill_caller(OTHER))
    assert first.leg_id == second.leg_id
    browser = line.client()
    browser.post(f"/oncall/{first.token}", pin=PIN, own="yes")
    return Two(browser, first, second)


def lapse(line: Line, row: Row[Any]) -> None:
    with line.database.write() as connection:
        gone = update(page).where(page.c.id == row.id).values(state="lapsed", ended_at=line.clock.now())
        connection.execute(gone)


def of_call(line: Line, row: Row[Any]) -> list[tuple[str, str]]:
    return [(one.person_id, one.state) for one in line.rows(page, call_id=row.call_id)]


def test_handing_on_twice_hands_on_one_call(line: Line, two: Two) -> None:
    assert [two.press("pass"), two.press("pass")] == [303, 303]
    assert ("dr-lee", "declined") in of_call(line, two.first)
    assert of_call(line, two.second) == [("dr-lee", "open")]
    assert [row[1:] for row in line.trail() if row[1] == "oncall.pass"] == [
        ("oncall.pass", "ok"),
        ("oncall.pass", "refused"),
    ]


@pytest.mark.parametrize("button", BUTTONS)
def test_no_button_of_a_page_that_is_over_does_anything_to_another_call(line: Line, two: Two, button: str) -> None:
    lapse(line, two.first)
    assert two.press(button) in (303, 403)
    assert of_call(line, two.second) == [("dr-lee", "open")]
    assert line.rows(care_note) == []
    done = [row for row in line.trail() if row[1] in ("oncall.accept", "oncall.note", "oncall.pass", "oncall.talked")]
    assert "ok" not in [outcome for _, _, outcome in done]


def test_a_link_whose_page_is_over_leads_to_the_card_of_the_other_and_says_so(line: Line, two: Two) -> None:
    lapse(line, two.first)
    assert two.browser.get(two.path).location == two.other
    html = two.browser.get(two.other).get_data(as_text=True)
    assert OTHER in html
    assert COMPLAINT not in html
    assert "it is another call" in html


def test_pages_that_rang_no_telephone_share_nothing(line: Line, two: Two) -> None:
    with line.database.write() as connection:
        connection.execute(update(page).values(leg_id=None))
    lapse(line, two.first)
    assert "This page is over" in two.browser.get(two.path).get_data(as_text=True)
    two.press("note")
    assert line.rows(care_note) == []


def test_whoever_pressed_too_late_is_told_that_nothing_was_done(line: Line, two: Two) -> None:
    lapse(line, two.first)
    lapse(line, two.second)
    assert two.press("accept") == 303
    assert "That page is over: nothing was done." in two.browser.get(two.path).get_data(as_text=True)
    assert ("dr-lee", "oncall.accept", "refused") in line.trail()


def test_whoever_has_the_call_no_more_rings_no_patient_by_an_old_tab(line: Line, two: Two) -> None:
    two.press("accept")
    taken_by_another(line, two.first)
    line.clock.advance(timedelta(minutes=1))
    before = len(line.rows(leg))
    assert two.press("call") == 303
    assert len(line.rows(leg)) == before
    assert line.rows(event, kind="asked-to-call-back") == []
    assert "Somebody else has taken this call since." in two.browser.get(two.path).get_data(as_text=True)
    assert ("dr-lee", "oncall.call", "refused") in line.trail()


def taken_by_another(line: Line, mine: Row[Any]) -> None:
    """Dr Okafor accepts the call by a page of their own."""
    line.clock.advance(timedelta(minutes=1))
    with line.work() as work:
        legs.lock_call(work, mine.call_id)
        pages.insert_page(work, escalations.get(work, mine.escalation_id), "okafors", "dr-okafor", 1, None)
        fire(work, PAGE, page, "okafors", "accept")
    with line.database.write() as connection:
        connection.execute(update(escalation).values(state="accepted"))
        connection.execute(update(leg).where(leg.c.role == "clinician").values(state="ended"))
    assert line.one(care_item, id=mine.call_id).page_id == "okafors"
