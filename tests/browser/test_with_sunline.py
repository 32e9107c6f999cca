"""A whole warm transfer by hand: a patient, an agent and a clinician on one page, with the real Sunline behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from phonesim.client import SimClient
from rehearsals.demo.director import Director
from rehearsals.demo.installation import PIN, Demo
from rehearsals.demo.scenes import CALLER
from tests.browser.conftest import Opener, picture
from tests.browser.hands import Desk, Hands, Keyboard, Mouse

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("hands_of", "scheme"), [(Mouse, "dark"), (Keyboard, "light")], ids=["mouse", "keyboard"])
def test_an_agent_brings_in_the_clinician_on_call_and_leaves(
    sunline: tuple[Demo, SimClient, Director], opened: Opener, hands_of: Callable[[Page], Hands], scheme: str
) -> None:
    demo, _, director = sunline
    director.seat(CALLER)
    page = opened(demo.network_url, scheme)
    desk, hands = Desk(page), hands_of(page)

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
    hands.press("clinician", f"{PIN}#")
    desk.hears("clinician", "urgent call for Maple")
    desk.hears("clinician", "To accept")
    hands.press("clinician", "1")
    desk.shows("clinician", " and ")
    hands.say("clinician", "Hello, I am Doctor Okafor.")
    desk.hears("patient", "I am Doctor Okafor")
    desk.hears("agent", "I am Doctor Okafor")
    picture(page, "transfer")

    hands.use("agent", "hang-up")
    desk.shows("agent", "Call ended")
    desk.shows("patient", "Talking with Dr Okafor")
    hands.say("clinician", "Keep it raised and come in tomorrow.")
    desk.hears("patient", "Keep it raised")
    hands.use("patient", "hang-up")
    desk.shows("clinician", "Call ended")
