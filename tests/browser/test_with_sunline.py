"""The desk with the real Sunline behind it, as the demo runs them: a warm transfer by hand, and a clock to move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from ivr.oncall.pin_rules import DEMO_PIN
from phonesim.client import SimClient
from rehearsals.demo.director import Director
from rehearsals.demo.installation import Demo
from rehearsals.demo.scenes import CALLER
from tests.browser.conftest import PHONE, Opener, picture
from tests.browser.hands import Desk, Hands, Keyboard, Mouse
from tests.conftest import thorough

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("hands_of", "scheme"), [(Mouse, "dark"), thorough(Keyboard, "light")], ids=["mouse", "keyboard"]
)
def test_an_agent_brings_in_the_clinician_on_call_and_leaves(
    sunline: tuple[Demo, SimClient, Director], opened: Opener, hands_of: Callable[[Page], Hands], scheme: str
) -> None:
    demo, sim, director = sunline
    director.seat(CALLER)
    page = opened(demo.network_url, scheme)
    desk, hands = Desk(page, sim), hands_of(page)

    hands.use("patient", "call")
    desk.hears("patient", "For English")
    hands.press("patient", "1")
    desk.hears("patient", "For a person")
    hands.press("patient", "0")

    hands.use("agent", "answer")
    desk.hears("agent", "To take the call")
    hands.press("agent", "1")
    desk.shows("patient", "Talking with")
    hands.say("patient", "while we talk, my ankle has swollen badly")
    desk.hears("agent", "my ankle has swollen")

    hands.press("agent", "*")
    desk.hears("agent", "bring in the clinician on call")
    desk.hears("patient", "still with you")
    hands.press("agent", "1")
    desk.hears("agent", "I am calling the clinician on call")

    hands.use("clinician", "answer")
    desk.hears("clinician", "Enter your PIN")
    hands.press("clinician", f"{DEMO_PIN}#")
    desk.hears("clinician", "urgent call for Maple")
    desk.hears("clinician", "To accept")
    hands.press("clinician", "1")
    desk.shows("clinician", " and ")
    hands.say("clinician", "Hello, I am Doctor Okafor.")
    desk.hears("patient", "I am Doctor Okafor")
    desk.hears("agent", "I am Doctor Okafor")
    if scheme == "dark":
        picture(page, "transfer")

    hands.use("agent", "hang-up")
    desk.shows("agent", "Call ended")
    desk.shows("patient", "Talking with Dr Okafor")
    hands.say("clinician", "Keep it raised and come in tomorrow.")
    desk.hears("patient", "Keep it raised")
    hands.use("patient", "hang-up")
    desk.shows("clinician", "Call ended")
    desk.shows("agent", "Call ended")


def test_the_clock_of_the_page_moves_sunline_and_who_is_awake(
    sunline: tuple[Demo, SimClient, Director], opened: Opener
) -> None:
    demo, sim, director = sunline
    director.seat(CALLER)
    page = opened(demo.network_url)
    desk, mouse = Desk(page, sim), Mouse(page)
    before = demo.services.clock.now()
    expect(page.locator(".site", has_text="Manila")).to_contain_text("Awake")

    page.select_option("#clock-form [name=weekday]", "tue")
    page.fill("#clock-form [name=time]", "14:30")
    page.click("#clock-form [type=submit]")
    expect(page.locator(".site", has_text="Chicago")).to_contain_text("Awake")
    expect(page.locator(".site", has_text="Manila")).to_contain_text("Not staffed now")
    page.wait_for_function("() => document.getElementById('clock-time').textContent.startsWith('14:3')")
    desk.until(lambda: timedelta(hours=13) < demo.services.clock.now() - before < timedelta(hours=14))

    mouse.use("patient", "call")
    desk.hears("patient", "For English")
    mouse.press("patient", "1")
    desk.hears("patient", "For a person")
    mouse.press("patient", "0")
    desk.shows("agent", "Rings")
    assert page.locator("[data-role=agent] .name").inner_text() in ("Grace Miller", "Rosa Delgado")
    expect(page.locator("#notes")).to_contain_text("because pool maple-front-desk is awake (14:3")
    mouse.use("agent", "answer")
    desk.hears("agent", "To take the call")
    mouse.press("agent", "1")
    desk.shows("patient", "Talking with")
    mouse.say("agent", "Maple Family Medicine, how can I help?")
    desk.hears("patient", "how can I help?")
    picture(page, "laptop")
    small = opened(demo.network_url, size=PHONE)
    Desk(small).shows("patient", "Talking with")
    picture(small, "small")
    mouse.use("patient", "hang-up")
    desk.shows("agent", "Call ended")
