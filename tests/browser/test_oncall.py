"""The clinician's card and home in a real browser, in each state, at the size of a telephone and of a desk."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from ivr.calls import legs
from ivr.calls.events import record
from ivr.oncall.tables import page as page_table
from tests.browser.conftest import LAPTOP, PHONE
from tests.web.conftest import any_line, furnished, furnished_postgres
from tests.web.line import COMPLAINT, PIN, Line

__all__ = ["any_line", "furnished", "furnished_postgres"]

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_first]

WIDER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
UNDER_A_THUMB = """() => [...document.querySelectorAll('main button, main select, main textarea, main a.button')]
    .filter((one) => one.checkVisibility()).filter((one) => one.getBoundingClientRect().height < 40)
    .map((one) => one.textContent)"""
PICTURES = os.environ.get("ONCALL_PICTURES", "")
"""A folder for pictures of each state, for whoever wants to look."""
SIZES = pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["desk", "telephone"])


@pytest.fixture
def address(any_line: Line) -> Iterator[str]:
    """The pages, served to a browser."""
    server = make_server("127.0.0.1", 0, any_line.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def shown(browser: Browser, size: tuple[int, int]) -> Iterator[Page]:
    """A page of that size, on which nothing goes wrong."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    page.set_default_timeout(8000)
    expect.set_options(timeout=8000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    page.close()
    assert complaints == []


def look(page: Page, name: str, size: tuple[int, int]) -> None:
    """Nothing must be scrolled sideways to, what is pressed is big enough for a thumb, and a picture where wanted."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"oncall-{name}-{size[0]}.png")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate(UNDER_A_THUMB) == []


def sign_in(page: Page, line: Line, address: str, *, own: bool = False) -> str:
    path = f"{address}/oncall/{line.one(page_table, state='open').token}"
    page.goto(path)
    page.get_by_label("PIN").fill(PIN)
    if own:
        page.get_by_label("This is my own telephone").check()
    page.keyboard.press("Enter") if not own else page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(COMPLAINT).first).to_be_visible()
    return path


def end_talk(line: Line, call_id: str, *, talked: bool) -> None:
    with line.work() as work:
        legs.lock_call(work, call_id)
        if talked:
            record(work, "talked", call_id, leg="x", role="clinician")
            work.touched.add(call_id)
        for row in legs.list_living(work, call_id, "caller", "clinician"):
            legs.note_status(work, row.id, "completed", None)


@SIZES
def test_the_first_screen_of_a_telephone_tells_enough_and_one_tap_accepts(
    any_line: Line, shown: Page, address: str, size: tuple[int, int]
) -> None:
    call_id = any_line.ill_caller()
    sign_in(shown, any_line, address)
    accept = shown.get_by_role("button", name="Accept, and ring me to join")
    for needed in (accept, shown.get_by_text(COMPLAINT).first, shown.get_by_text("Red flag").first):
        box = needed.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1]
    clock = shown.locator("[data-left]")
    before = clock.text_content()
    expect(clock).not_to_have_text(str(before))
    look(shown, "ringing", size)
    accept.click()
    expect(shown.get_by_role("heading", level=1)).to_contain_text("You have accepted: answer your telephone")
    look(shown, "accepted", size)
    any_line.clock.advance(timedelta(minutes=1))
    end_talk(any_line, call_id, talked=False)
    shown.reload()
    expect(shown.get_by_role("heading", level=1)).to_contain_text("Nobody has talked with the patient yet")
    look(shown, "to-reach", size)


@SIZES
def test_an_outcome_is_written_with_the_keyboard(
    any_line: Line, shown: Page, address: str, size: tuple[int, int]
) -> None:
    call_id = any_line.ill_caller()
    sign_in(shown, any_line, address)
    shown.get_by_role("button", name="Accept, and ring me to join").press("Enter")
    any_line.clock.advance(timedelta(minutes=1))
    end_talk(any_line, call_id, talked=True)
    shown.reload()
    expect(shown.get_by_role("heading", level=1)).to_contain_text("write the outcome")
    look(shown, "to-write", size)
    shown.get_by_label("Outcome").select_option("advised")
    shown.get_by_label("Follow-up").select_option("office-calls")
    shown.get_by_role("button", name="Done").press("Enter")
    expect(shown.get_by_role("heading", level=1)).to_contain_text("Done")
    look(shown, "done", size)


@SIZES
def test_the_home_shows_shifts_and_what_is_open(
    any_line: Line, shown: Page, address: str, size: tuple[int, int]
) -> None:
    call_id = any_line.ill_caller()
    path = sign_in(shown, any_line, address, own=True)
    shown.get_by_role("button", name="Accept, and ring me to join").click()
    any_line.clock.advance(timedelta(minutes=1))
    end_talk(any_line, call_id, talked=True)
    shown.get_by_role("link", name="My calls and shifts").click()
    expect(shown.get_by_role("heading", name="Open calls")).to_be_visible()
    expect(shown.get_by_text("Talked, and no outcome is written.")).to_be_visible()
    look(shown, "home", size)
    shown.get_by_text("Let somebody stand in for me").click()
    shown.get_by_label("Who", exact=True).select_option("dr-okafor")
    shown.get_by_role("button", name="Let them stand in").click()
    expect(shown.get_by_role("status")).to_contain_text("Dr Okafor stands in for you")
    shown.get_by_text("Ask for a swap").click()
    shown.get_by_label("To whom").select_option(index=0)
    look(shown, "home-swap", size)
    shown.goto(path)
    shown.get_by_role("button", name="Sign out").click()
    expect(shown.get_by_label("PIN")).to_be_visible()


@SIZES
def test_whoever_was_slower_is_told_who_has_it(
    any_line: Line, shown: Page, address: str, size: tuple[int, int]
) -> None:
    any_line.ill_caller()
    sign_in(shown, any_line, address)
    shown.get_by_role("button", name="Hand to backup now").click()
    expect(shown.get_by_role("heading", level=1)).to_contain_text("This page is over")
    look(shown, "over", size)
