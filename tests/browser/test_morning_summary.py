"""The morning summary in a real browser, at the size of a telephone, of a desk and on paper."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ivr.calls import legs
from ivr.calls.events import record
from ivr.clinicians import items
from ivr.morning_summaries import making
from ivr.oncall import page_accept
from ivr.oncall.tables import page as page_table
from ivr.responsibility.outcomes import TALKED, Taken, report_contact
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_oncall import WIDER, address, end_talk, shown
from tests.morning_summaries.mornings import chicago
from tests.web.conftest import any_line, furnished, furnished_postgres
from tests.web.line import COMPLAINT, PASSWORD, Line

__all__ = ["address", "any_line", "furnished", "furnished_postgres", "shown"]

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_first]

PICTURES = os.environ.get("SUMMARY_PICTURES", "")
"""A folder for pictures of each page, for whoever wants to look."""
SIZES = pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["desk", "telephone"])
TOO_SMALL = """() => [...document.querySelectorAll('main td, main th, main p, main dd')]
    .filter((one) => one.checkVisibility() && parseFloat(getComputedStyle(one).fontSize) < 13)
    .map((one) => one.textContent)"""


def look(page: Page, name: str, size: tuple[int, int]) -> None:
    """Nothing must be scrolled sideways to, everything can be read, and there is a picture where one is wanted."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"morning-{name}-{size[0]}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate(TOO_SMALL) == []


def accept(line: Line, call_id: str) -> None:
    """Whoever is paged for a call accepts it, both talk, and the call is over."""
    with line.work() as work:
        page_accept.accept_on_page(work, line.one(page_table, call_id=call_id, state="open").id)
    line.clock.advance(timedelta(minutes=3))
    end_talk(line, call_id, talked=False)
    with line.work() as work:
        assert report_contact(work, call_id, "dr-lee", TALKED) is Taken.TAKEN


def night(line: Line) -> None:
    """One is cared for, one waits for an outcome, one for anybody; a message, a caller who is gone, an alert."""
    cared_for = line.ill_caller()
    accept(line, cared_for)
    with line.work() as work:
        legs.lock_call(work, cared_for)
        items.write_outcome(work, cared_for, "sent-to-emergency", "with-emergency-room")
    line.clock.advance(timedelta(hours=1))
    accept(line, line.ill_caller("my arm has been numb since this evening, and now I cannot lift it any more"))
    waits = line.ill_caller("I cannot breathe")
    end_talk(line, waits, talked=False)
    line.message()
    gone, _ = line.new_call()
    end_talk(line, gone, talked=False)
    with line.work() as work:
        for _ in range(3):
            record(work, "alert", waits, what="ladder-exhausted")


def open_newest(page: Page, line: Line, address: str) -> None:
    line.clock.move_to(chicago("2026-11-02 08:00"))
    making.make_summaries(line.services, "")
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name").fill("supervisor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Mornings").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Morning summaries")


@SIZES
def test_a_night_is_read_at_a_glance(any_line: Line, shown: Page, address: str, size: tuple[int, int]) -> None:
    night(any_line)
    open_newest(shown, any_line, address)
    look(shown, "list", size)
    shown.get_by_role("row", name="Maple Family Medicine").get_by_role("link").click()
    expect(shown.get_by_role("heading", level=1)).to_contain_text("Maple Family Medicine")
    expect(shown.get_by_text(COMPLAINT)).to_be_visible()
    expect(shown.get_by_role("table", name="Still open").get_by_role("row")).to_have_count(3)
    expect(shown.get_by_role("heading", name="5 calls")).to_be_visible()
    first = shown.get_by_role("heading", name="Still open").bounding_box()
    assert first is not None
    assert first["y"] + first["height"] < size[1]
    look(shown, "night", size)


@SIZES
def test_a_quiet_night_is_one_sentence(any_line: Line, shown: Page, address: str, size: tuple[int, int]) -> None:
    open_newest(shown, any_line, address)
    shown.get_by_role("row", name="Maple Family Medicine").get_by_role("link").click()
    expect(shown.get_by_text("Nothing happened between")).to_be_visible()
    expect(shown.get_by_role("table")).to_have_count(0)
    look(shown, "quiet", size)


@pytest.mark.parametrize("size", [LAPTOP], ids=["paper"])
def test_on_paper_there_is_the_summary_and_nothing_around_it(
    any_line: Line, shown: Page, address: str, size: tuple[int, int]
) -> None:
    night(any_line)
    open_newest(shown, any_line, address)
    shown.get_by_role("row", name="Maple Family Medicine").get_by_role("link").click()
    shown.emulate_media(media="print")
    expect(shown.get_by_role("navigation", name="Pages")).to_be_hidden()
    expect(shown.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(shown.get_by_text(COMPLAINT)).to_be_visible()
    if PICTURES:
        shown.screenshot(path=Path(PICTURES) / "morning-paper.png", full_page=True)
        shown.pdf(path=Path(PICTURES) / "morning-paper.pdf", format="Letter")
