"""An agent's page of the call that they are in, in a real browser, at the size of a desk and of a telephone."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from ivr.accounts import accounts_store
from rehearsals.world import World
from tests.browser.conftest import LAPTOP, PHONE
from tests.calls.office import Office
from tests.calls.scenes import run
from tests.codes.conftest import any_office, any_world, furnished_postgres, known
from tests.verification.desk import Desk, newest_call, talk, texts_to
from tests.web.line import PASSWORD

__all__ = ["any_office", "any_world", "furnished_postgres", "known"]

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_first]

WIDER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
UNDER_A_THUMB = """() => [...document.querySelectorAll('main button, main .checks label, main select, main input')]
    .filter((one) => one.type !== 'hidden' && one.type !== 'checkbox')
    .every((one) => one.getBoundingClientRect().height >= 24)"""


@pytest.fixture
def address(known: Office) -> Iterator[str]:
    """The pages of the office, served to a browser."""
    server = make_server("127.0.0.1", 0, known.world.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


def sign_in(known: Office, page: Page, address: str) -> None:
    with known.services.database.write() as connection:
        accounts_store.add_account(connection, known.services.cipher, "ana", "agent", PASSWORD, known.world.now)
    page.goto(f"{address}/my-call")
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def texted(world: World, office: Office) -> str:
    run(world, 3)
    return texts_to(office)[-1].partition("code ")[2][:6]


def fits(page: Page) -> None:
    """Nothing is cut off or must be scrolled sideways to, and what is pressed is big enough for a thumb.

    It is measured once the page has its style, which a busy machine brings after the words.
    """
    page.wait_for_load_state("load")
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate(UNDER_A_THUMB)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["desk", "telephone"])
def test_an_agent_raises_a_caller_to_l3_with_a_keyboard_and_a_thumb(
    known: Office, browser: Browser, address: str, size: tuple[int, int]
) -> None:
    talk(known.world)
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(known, page, address)
    expect(page.get_by_role("heading", name="Who is calling")).to_be_visible()
    fits(page)

    page.get_by_role("button", name="Text a code to the number on file").click()
    expect(page.get_by_role("status")).to_contain_text("A code is on its way")
    code = texted(known.world, known)
    page.get_by_label("Code that the caller reads out").fill(f"{code[:3]} {code[3:]}")
    fits(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("identity level L2")

    fits(page)
    boxes = page.get_by_role("checkbox")
    for box in boxes.all()[:-1]:
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="All of it is so, raise to L3").click()
    expect(page.get_by_role("status")).to_contain_text("Every item must be ticked")

    assert [box.is_checked() for box in boxes.all()] == [True] * 5 + [False]
    boxes.last.check()
    page.get_by_role("button", name="All of it is so, raise to L3").click()
    expect(page.get_by_role("status")).to_contain_text("identity level L3 for this call")
    fits(page)
    assert Desk(known).level == "L3"
    assert page.url.endswith(f"/calls/{newest_call(known)}/identity")
    assert complaints == []
    page.close()
