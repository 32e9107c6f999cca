"""The desk in a browser, with a small application behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from phonesim import Network
from phonesim.live import Server
from routing.zones import to_local
from tests.browser.conftest import LAPTOP, PHONE, Opener, Scheme
from tests.browser.hands import Desk, Keyboard, Mouse
from tests.simulator.stage import ACCOUNT, OURS, START, TOKEN
from tests.simulator.town import GIVE_UP, Town

pytestmark = pytest.mark.browser

MENU = "Welcome. For a person press one, for the opening hours press two, or say what you need."
PAGES = {
    "/voice": f'<Gather input="dtmf speech" numDigits="1" timeout="60" action="/menu"><Say>{MENU}</Say></Gather>',
    "/menu": '<Dial timeout="60"><Client>agent</Client></Dial>',
}
SPOKEN = {
    "/voice": '<Gather input="speech" speechTimeout="auto" action="/menu"><Say>What do you need?</Say></Gather>',
    "/menu": "<Pause length='60'/>",
}
WORLD = {
    "sites": [
        {"name": "Chicago", "zone": "America/Chicago", "staffed": [["2026-11-01T14:00Z", "2026-11-01T23:00Z"]]},
        {"name": "Manila", "zone": "Asia/Manila", "staffed": [["2026-10-31T23:00Z", "2026-11-01T11:00Z"]]},
    ],
    "people": [
        {"address": "client:ana", "name": "Ana Reyes", "role": "agent", "site": "Manila"},
        {"address": "client:grace", "name": "Grace Miller", "role": "agent", "site": "Chicago"},
        {"address": "+12025550122", "name": "Dr Okafor", "role": "clinician", "duty": "on call"},
        {
            "address": "+12025550123",
            "name": "Dr Lee",
            "role": "clinician",
            "duty": "next on call for a house of long name",
        },
    ],
}
TYPE_AT_ONCE = """(keys) => { for (const key of keys) document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true })); }"""
# Recognition needs a service elsewhere and voices need a loudspeaker: the two things that stand in for the browser's.
EAR = """window.SpeechRecognition = class {
    start() {}
    stop() { this.onresult({ results: [[["a new prescription", 0.75], ["a new subscription", 0.5]]
        .map(([transcript, confidence]) => ({ transcript, confidence }))] }); } }"""
VOICE = """window.spoken = [];
speechSynthesis.speak = (words) => window.spoken.push([words.lang, words.text]);
speechSynthesis.cancel = () => window.spoken.push("hushed");"""
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    town.office.pages = dict(PAGES)
    yield town
    town.close()


def a_call(page: Page) -> None:
    """The patient talks with the agent, and the clinician's phone rings."""
    mouse, desk = Mouse(page), Desk(page)
    mouse.use("patient", "call")
    desk.hears("patient", "Welcome")
    mouse.press("patient", "1")
    mouse.use("agent", "answer")
    mouse.say("agent", "Good morning, how can I help?")
    desk.hears("patient", "how can I help?")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


# For everybody


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(town: Town, opened: Opener, scheme: Scheme, size: tuple[int, int]) -> None:
    page = opened(town.server.url, scheme, size)
    Desk(page)
    assert violations(page) == []
    town.sim.tell_world(WORLD)
    town.sim.note([{"at": START.isoformat(), "text": "offered to Ana because Manila is awake"}])
    page.wait_for_selector(".site")
    if size == LAPTOP:
        a_call(page)
        page.click("#debugger summary")
        page.click("[data-role=agent] .how")
    assert violations(page) == []
    page.click("#add-phone")
    assert violations(page) == []


def test_everything_on_the_page_can_be_hit_with_a_thumb(town: Town, opened: Opener) -> None:
    page = opened(town.server.url, size=PHONE)
    town.sim.tell_world(WORLD)
    page.wait_for_selector(".person >> visible=true")
    boxes = page.locator("button:visible, input:visible, select:visible, summary:visible").all()
    small = [box.evaluate("one => one.outerHTML.slice(0, 80)") for box in boxes if not _big_enough(box.bounding_box())]
    assert small == []


def _big_enough(box: dict[str, float] | None) -> bool:
    return box is not None and min(box["width"], box["height"]) >= 24


def test_nothing_is_cut_off_on_the_narrowest_screen(town: Town, opened: Opener) -> None:
    page = opened(town.server.url, size=(320, 700))
    town.sim.tell_world(WORLD)
    page.wait_for_selector(".site")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_on_a_laptop_phones_and_world_are_seen_without_scrolling(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    town.sim.tell_world(WORLD)
    page.wait_for_selector(".site")
    a_call(page)
    for selector in ("#sky", "[data-role=patient] .hang-up", "[data-role=clinician] .call", "#notes", "#debugger"):
        expect(page.locator(selector)).to_be_in_viewport(ratio=1)
    for number in range(20):
        Mouse(page).say("agent", f"and another thing, number {number}")
        town.sim.note([{"at": START.isoformat(), "text": f"decided another thing, number {number}"}])
    expect(page.locator("[data-role=patient] .log")).to_contain_text("thing, number 19")
    assert page.evaluate("document.body.scrollHeight") == LAPTOP[1]


def test_what_is_typed_while_words_are_on_their_way_is_kept(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    a_call(page)
    under_way: list[Route] = []
    page.route("**/say", lambda route: under_way.append(route))
    field = page.locator("[data-role=agent] [name=text]")
    with page.expect_request("**/say"):
        Mouse(page).say("agent", "how can I help?")
    field.fill("and what else")
    with page.expect_response("**/say"):
        under_way.pop().continue_()
    expect(page.locator("[data-role=patient] .log")).to_contain_text("how can I help?")
    page.unroute("**/say")
    page.click("[data-role=agent] .talk [type=submit]")
    expect(page.locator("[data-role=patient] .log")).to_contain_text("and what else")
    expect(field).to_have_value("")


def test_a_small_screen_shows_one_phone_and_which_other_one_rings(town: Town, opened: Opener) -> None:
    page = opened(town.server.url, size=PHONE)
    desk = Desk(page)
    Mouse(page).use("patient", "call")
    desk.hears("patient", "Welcome")
    page.click('[data-role=patient] .keypad [data-key="1"]')
    expect(page.locator("#switcher button", has_text="Agent")).to_contain_text("rings")
    page.click("#switcher button:has-text('Agent')")
    page.click("[data-role=agent] .answer")
    expect(page.locator("[data-role=patient]")).to_be_hidden()
    expect(page.locator("#switcher button", has_text="Patient")).to_contain_text("on a call")


# The keyboard


def test_the_skip_link_leads_to_the_phones(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    Desk(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "phones"


def test_arrow_keys_go_from_key_to_key_and_digits_press_them(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    Desk(page)
    field = page.locator("[data-role=patient] [name=to]")
    field.fill("")
    Keyboard(page).reach("[data-role=patient] .keypad button")
    for key in ("ArrowRight", "ArrowDown", "Enter", "ArrowDown", "ArrowDown", "Enter", "7", "#"):
        page.keyboard.press(key)
    expect(field).to_have_value("507#")


def test_digits_typed_into_a_field_press_no_keys(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    desk, mouse = Desk(page), Mouse(page)
    mouse.use("patient", "call")
    desk.hears("patient", "Welcome")
    mouse.say("patient", "number 1")
    expect(page.locator("[data-role=patient] .log .said")).to_have_text(["says number 1"])


def test_after_a_call_has_begun_the_next_key_goes_to_the_phone(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    desk = Desk(page)
    Keyboard(page).use("patient", "call")
    desk.hears("patient", "Welcome")
    page.keyboard.press("1")
    desk.shows("agent", "Rings")


def test_keys_typed_quickly_arrive_in_their_order(town: Town, opened: Opener) -> None:
    town.office.pages["/voice"] = '<Gather timeout="60" finishOnKey="#" action="/menu"><Say>Your number?</Say></Gather>'
    page = opened(town.server.url)
    desk = Desk(page)
    Keyboard(page).use("patient", "call")
    desk.hears("patient", "Your number?")
    number = "3141592653589793238462643383279"
    page.evaluate(TYPE_AT_ONCE, f"{number}#")
    desk.shows("agent", "Rings")
    assert next(one for one in town.office.seen if one.path == "/menu")["Digits"] == number


# What is heard and said


def test_what_was_cut_short_is_struck_through(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    desk, mouse = Desk(page), Mouse(page)
    mouse.use("patient", "call")
    desk.hears("patient", "Welcome")
    mouse.press("patient", "1")
    struck = page.locator("[data-role=patient] .heard s")
    expect(struck).to_have_text(re.compile("say what you need.$"))
    expect(page.locator("[data-role=patient] .heard").first).to_contain_text("(cut short)")


def test_what_is_typed_is_understood_as_the_sliders_say(town: Town, opened: Opener) -> None:
    town.office.pages = dict(SPOKEN)
    page = opened(town.server.url)
    desk, mouse = Desk(page), Mouse(page)
    mouse.use("patient", "call")
    desk.hears("patient", "What do you need?")
    page.click("[data-role=patient] .how")
    page.fill("[data-role=patient] [name=misheard]", "a chess expert")
    page.locator("[data-role=patient] [name=misheard-confidence]").fill("0.8")
    page.locator("[data-role=patient] [name=confidence]").fill("0.35")
    expect(page.locator("[data-role=patient] output").first).to_have_text("0.35")
    mouse.say("patient", "a chest expert")
    expect(page.locator("[data-role=patient] [name=text]")).to_have_value("")
    town.sim.advance(5)
    seen = next(one for one in town.office.seen if one.path == "/menu")
    assert (seen["SpeechResult"], float(seen["Confidence"])) == ("a chess expert", 0.8)


def test_only_the_phone_in_use_is_read_aloud_unless_its_switch_says_otherwise(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    Desk(page)
    switches = page.locator(".speaker[aria-pressed=true]")
    expect(switches).to_have_count(0)
    page.click('[data-role=agent] .keypad [data-key="1"]')
    expect(page.locator("[data-role=agent] .speaker")).to_have_attribute("aria-pressed", "true")
    page.click('[data-role=patient] .keypad [data-key="1"]')
    expect(page.locator("[data-role=agent] .speaker")).to_have_attribute("aria-pressed", "false")
    page.click("[data-role=agent] .speaker")
    page.click('[data-role=patient] .keypad [data-key="1"]')
    expect(switches).to_have_count(2)
    expect(page.locator("[data-role=patient] .log")).to_have_attribute("aria-live", "polite")
    expect(page.locator("[data-role=clinician] .log")).to_have_attribute("aria-live", "off")


def test_a_browser_without_recognition_offers_no_microphone(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    Desk(page)
    offered = page.evaluate("'SpeechRecognition' in window || 'webkitSpeechRecognition' in window")
    expect(page.locator("[data-role=patient] .hold-to-talk")).to_have_count(1)
    assert page.locator("[data-role=patient] .hold-to-talk").get_attribute("hidden") == ("" if not offered else None)
    page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition")
    page.reload()
    Desk(page)
    assert page.locator("[data-role=patient] .hold-to-talk").get_attribute("hidden") == ""


def test_what_is_said_into_the_microphone_is_sent_with_what_else_it_might_have_been(town: Town, opened: Opener) -> None:
    town.office.pages = dict(SPOKEN)
    page = opened(town.server.url)
    page.add_init_script(EAR)
    page.reload()
    desk, mouse = Desk(page), Mouse(page)
    mouse.use("patient", "call")
    desk.hears("patient", "What do you need?")
    page.locator("[data-role=patient] .hold-to-talk").focus()
    page.keyboard.down(" ")
    page.keyboard.up(" ")
    desk.hears("patient", "a new prescription")
    town.sim.advance(5)
    seen = next(one for one in town.office.seen if one.path == "/menu")
    assert (seen["SpeechResult"], float(seen["Confidence"])) == ("a new prescription", 0.75)


def test_prompts_are_read_aloud_in_their_language_until_they_are_cut(town: Town, opened: Opener) -> None:
    town.office.pages["/voice"] = PAGES["/voice"].replace("<Say>", '<Say language="es-MX">')
    page = opened(town.server.url)
    page.add_init_script(VOICE)
    page.reload()
    desk, mouse = Desk(page), Mouse(page)
    mouse.use("patient", "call")
    desk.hears("patient", "Welcome")
    assert page.evaluate("window.spoken") == [["es-MX", MENU]]
    mouse.press("patient", "1")
    desk.shows("agent", "Rings")
    assert page.evaluate("window.spoken") == [["es-MX", MENU], "hushed"]


def test_a_text_message_is_shown_on_the_phone(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    desk = Desk(page)
    url = f"{town.server.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    requests.post(
        url, {"To": "+12025550122", "From": OURS, "Body": "You are paged."}, auth=(ACCOUNT, TOKEN), timeout=GIVE_UP
    )
    desk.hears("clinician", "You are paged.")


# Phones


def test_a_phone_that_rings_is_announced_and_can_be_declined(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    desk, mouse = Desk(page), Mouse(page)
    mouse.use("patient", "call")
    desk.hears("patient", "Welcome")
    mouse.press("patient", "1")
    expect(page.locator("#rings")).to_have_text("Agent's phone rings")
    mouse.use("agent", "decline")
    desk.shows("agent", "Ready")
    desk.hears("agent", "Declined")


def test_a_phone_behaves_as_it_is_told(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    desk, mouse = Desk(page), Mouse(page)
    page.select_option("[data-role=agent] .behaviour", "busy")
    mouse.use("patient", "call")
    desk.hears("patient", "Welcome")
    mouse.press("patient", "1")
    desk.shows("patient", "Call ended")
    assert town.net.phone("client:agent").history == []
    assert town.net.phone("client:agent").behaviour == "busy"


def test_phones_are_added_and_taken_away_by_keyboard_for_everybody_who_looks(town: Town, opened: Opener) -> None:
    page, other = opened(town.server.url), opened(town.server.url)
    Desk(page)
    keyboard = Keyboard(page)
    keyboard.reach("#add-phone")
    page.keyboard.press("Enter")
    page.keyboard.type("client:zoe")
    page.keyboard.press("Tab")
    page.keyboard.type("Zoe")
    page.keyboard.press("Enter")
    expect(other.locator(".phone .name")).to_have_text(["Patient", "Agent", "Clinician", "Zoe"])
    keyboard.reach("#phone-client-zoe .remove")
    page.keyboard.press("Enter")
    expect(other.locator(".phone .name")).to_have_text(["Patient", "Agent", "Clinician"])


def test_a_phone_that_cannot_be_is_refused_in_words(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    Desk(page)
    page.click("#add-phone")
    page.fill("#new-phone [name=address]", "zoe")
    page.click("#new-phone [value=add]")
    expect(page.locator("#trouble")).to_contain_text("'zoe' is not an address")


# The world


def test_the_strip_shows_where_it_is_day_and_who_is_awake(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    town.sim.tell_world(WORLD)
    manila, chicago = page.locator(".site", has_text="Manila"), page.locator(".site", has_text="Chicago")
    expect(manila).to_contain_text("Sun 14:30")
    expect(manila.locator(".marker")).to_have_class(re.compile("by-day"))
    expect(manila).to_contain_text("Ana")
    expect(chicago).to_contain_text("Not staffed now")
    expect(page.locator("#duty")).to_contain_text("Dr Okafor on call")
    manila.locator(".person").click()
    expect(page.locator(".phone .name")).to_have_text(["Patient", "Agent", "Dr Okafor", "Ana Reyes"])


def test_the_clock_goes_where_it_is_told(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    town.sim.tell_world(WORLD)
    expect(page.locator("#clock-zone option")).to_have_text(["Chicago", "Manila"])
    expect(page.locator("#clock-time")).to_have_text("01:30")
    page.select_option("#clock-form [name=weekday]", "mon")
    page.fill("#clock-form [name=time]", "09:15")
    page.select_option("#clock-zone", "Asia/Manila")
    page.click("#clock-form [type=submit]")
    expect(page.locator("#clock-time")).to_have_text("09:15")
    expect(page.locator("#clock-day")).to_have_text("Monday 2 November")
    page.click("[data-advance='600']")
    expect(page.locator("#clock-time")).to_have_text("09:25")
    page.click("[data-rate='10']")
    expect(page.locator("[data-rate='10']")).to_have_attribute("aria-pressed", "true")
    assert town.sim.state()["rate"] == 10


def test_without_a_world_the_clock_goes_anywhere(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    Desk(page)
    page.select_option("#clock-zone", label="Chicago")
    page.click("#clock-form [type=submit]")
    expect(page.locator("#clock-time")).to_have_text("02:00")
    expect(page.locator("#clock-place")).to_have_text("Chicago")


def test_a_long_way_for_the_clock_asks_before_calls_end(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    desk = Desk(page)
    Mouse(page).use("patient", "call")
    desk.hears("patient", "Welcome")
    page.click("#clock-form [type=submit]")
    expect(page.locator("#trouble")).to_contain_text("1 call goes on")
    page.click("#trouble [data-yes]")
    desk.shows("patient", "Call ended")
    expect(page.locator("#clock-time")).to_have_text("02:00")


def test_who_waits_and_what_was_decided_and_what_went_wrong(town: Town, opened: Opener) -> None:
    town.office.pages = {"/voice": "<Say></Say><Enqueue>support</Enqueue>"}
    page = opened(town.server.url)
    Desk(page)
    Mouse(page).use("patient", "call")
    waiting = page.locator("#waiting li")
    expect(waiting).to_contain_text("Patient")
    sid = town.sim.state()["phones"]["+12025550111"]["lines"][0]["call_sid"]
    since = START.isoformat()
    town.sim.tell_world({"waiting": [{"call_sid": sid, "since": since, "wants": "scheduling, en-US"}]})
    town.sim.note([{"at": since, "text": "nobody is awake yet", "about": sid}])
    expect(waiting).to_contain_text("scheduling, en-US")
    expect(page.locator("#notes li")).to_have_text([re.compile("nobody is awake yet.*Patient")])
    page.click("#debugger summary")
    alert = town.net.alerts[0]
    expect(page.locator("#alerts li")).to_contain_text([f"{alert.level} {alert.code} {alert.title}"])


def test_a_page_opened_late_tells_now_and_then_on_the_clocks_of_its_zone(town: Town, opened: Opener) -> None:
    town.sim.note([{"at": START.isoformat(), "text": "nobody is awake yet"}])
    town.sim.tell_world(WORLD)
    town.sim.set_rate(0.001)
    with town.net.entered():
        town.net.advance(3600)
    page = opened(town.server.url)
    Desk(page)
    expect(page.locator("#notes time")).to_have_text(f"{to_local(START, 'America/Chicago'):%H:%M}")
    for zone in ("Asia/Manila", "America/Chicago"):
        page.select_option("#clock-zone", zone)
        expect(page.locator("#notes time")).to_have_text(f"{to_local(START, zone):%H:%M}")
        expect(page.locator("#clock-time")).to_have_text(f"{to_local(town.net.now, zone):%H:%M}")


# A bad day


def test_when_the_network_comes_back_the_page_begins_afresh(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    Desk(page)
    town.sim.note([{"at": START.isoformat(), "text": "before"}])
    expect(page.locator("#notes li")).to_have_count(1)
    port = int(town.server.url.rpartition(":")[2])
    town.server.stop()
    expect(page.locator("#link")).to_be_visible()
    town.server = Server(Network(ACCOUNT, TOKEN, town.application, START), port=port).start()
    expect(page.locator("#link")).to_be_hidden()
    expect(page.locator("#notes li")).to_have_count(0)
    expect(page.locator(".phone")).to_have_count(3)


def test_faults_are_switched_on_the_page_and_shown_to_everybody(town: Town, opened: Opener) -> None:
    page, other = opened(town.server.url), opened(town.server.url)
    Desk(page)
    page.click("#faults summary")
    page.fill("#fault-value-callbacks-lost", "0.25")
    page.check("#fault-callbacks-lost")
    expect(other.locator("#faults-count")).to_have_text("1")
    assert [(one["name"], one["value"]) for one in town.sim.faults() if one["on"]] == [("callbacks-lost", 0.25)]
    other.click("#faults summary")
    other.uncheck("#fault-callbacks-lost")
    expect(page.locator("#fault-callbacks-lost")).not_to_be_checked()
    page.fill("#fault-value-callbacks-lost", "7")
    page.click("#fault-callbacks-lost")
    expect(page.locator("#trouble")).to_contain_text("a share is more than 0")
    expect(page.locator("#fault-callbacks-lost")).not_to_be_checked()


# Loaded again, and on a small laptop


def test_a_page_loaded_again_in_mid_call_has_the_call(town: Town, opened: Opener) -> None:
    page = opened(town.server.url)
    a_call(page)
    page.click("#add-phone")
    page.fill("#new-phone [name=address]", "+12025550133")
    page.select_option("#new-phone [name=role]", "")
    page.click("#new-phone [type=submit]")
    expect(page.locator(".phone")).to_have_count(4)
    page.reload()
    desk, mouse = Desk(page), Mouse(page)
    desk.shows("patient", "Talking with Agent")
    desk.shows("agent", "Talking with Patient")
    expect(page.locator("[data-role=patient] .log").first).to_contain_text("how can I help?")
    mouse.say("agent", "Still there?")
    desk.hears("patient", "Still there?")
    mouse.use("patient", "hang-up")
    desk.shows("agent", "Call ended")


def test_somebody_texts_from_the_page_and_reads_the_answer(town: Town, opened: Opener) -> None:
    town.sim.add_number(OURS, sms_url=f"{town.base}/texted")
    town.office.pages["/texted"] = "<Message>we will call you</Message>"
    page = opened(town.server.url)
    desk = Desk(page)
    page.fill("[data-role=patient] [name=body]", "call me")
    page.press("[data-role=patient] [name=body]", "Enter")
    desk.hears("patient", "Text to +13125550100call me")
    desk.hears("patient", "we will call you")
    expect(page.locator("[data-role=patient] [name=body]")).to_have_value("")
    page.fill("[data-role=patient] [name=to]", "+13125550999")
    expect(page.locator("[data-role=agent] .write")).to_be_hidden()
    page.fill("[data-role=patient] [name=body]", "anybody?")
    page.click("[data-role=patient] .write button")
    expect(page.locator("[data-role=patient] .phone-trouble")).to_contain_text("nobody has +13125550999")


@pytest.mark.parametrize("size", [(1366, 768), (1366, 625), (1280, 720), (1024, 768)], ids=str)
@pytest.mark.parametrize("world", [{}, WORLD], ids=["phones alone", "with a world"])
def test_every_phone_can_be_used_without_scrolling(
    town: Town, opened: Opener, world: dict[str, Any], size: tuple[int, int]
) -> None:
    town.sim.tell_world(world)
    page = opened(town.server.url, size=size)
    Desk(page)
    for number in range(3):
        expect(page.locator(".phone").nth(number).locator(".call")).to_be_in_viewport(ratio=1)
    a_call(page)
    expect(page.locator("[data-role=patient] .hang-up")).to_be_in_viewport(ratio=1)
