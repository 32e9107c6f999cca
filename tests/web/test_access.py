"""Who may open what, on every page there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Response

from ivr.accounts.roles import ROLES
from ivr.calls.places import Place
from ivr.core.settings import read_settings
from ivr.morning_summaries.register import write_down
from ivr.web.headers import demand_https
from routing.spans import Span
from tests.web.line import NIGHT, PASSWORD, Line, wav
from tests.web.test_coverage import keep_causes

PAGES = {
    "/calls": "calls",
    "/calls/{call}": "calls",
    "/calls/{call}/record": "call-record",
    "/calls/{call}/identity": "prove-caller",
    "/my-call": "own-call",
    "/recordings": "recordings",
    "/recordings/{recording}": "recordings",
    "/recordings/{recording}/audio": "play-call",
    "/recordings/{sound}/audio": "play-message",
    "/messages": "messages",
    "/messages/{message}": "messages",
    "/open-care": "open-care",
    "/morning-summaries": "morning-summary",
    "/morning-summaries/{summary}": "morning-summary",
    "/alerts": "alerts",
    "/coverage": "coverage",
    "/coverage/map.svg": "coverage",
}
MAY = {
    "calls": {"supervisor", "compliance", "admin"},
    "call-record": {"supervisor", "compliance"},
    "prove-caller": {"supervisor", "agent"},
    "own-call": {"agent"},
    "recordings": {"supervisor", "compliance", "admin"},
    "play-call": {"supervisor", "compliance"},
    "play-message": {"supervisor", "compliance", "agent"},
    "messages": {"supervisor", "compliance", "agent"},
    "handle": {"supervisor", "agent"},
    "open-care": {"supervisor", "compliance"},
    "morning-summary": {"supervisor", "compliance"},
    "close-care": {"supervisor"},
    "alerts": {"supervisor", "compliance", "admin"},
    "coverage": {"supervisor", "compliance", "admin"},
}
"""Every permission that a feature gives, so that they are looked through together (45 CFR 164.502(b))."""
PUBLIC = {"sign_in", "oncall", "on_call_home", "rota_calendars"}
"""Pages with a door of their own."""
OF_THEIR_OWN = ("agent", "/calls/{call}/identity")
"""Whoever may open this page for calls that they have taken, which none of these is; see tests/verification."""
NO_PATIENT = "/my-call"
"""A page that names nobody and leads on to one that does: looking at it leaves no row."""
HANDLED = "/messages/{message}/handled"
PROVING = ("/calls/{call}/identity/code", "/calls/{call}/identity/code/given", "/calls/{call}/identity/check")
REACHED = ("/open-care/{call}/{outcome}", "/oncall/{token}/talked")
NEVER = "0" * 24


@pytest.fixture
def ids(line: Line) -> dict[str, str]:
    message = line.message(wav(1))
    call = line.ill_caller()
    recording = line.recording(call, wav(1))
    keep_causes(line, 1)
    with line.work() as work:
        summary = write_down(work, Place("maple"), Span(NIGHT - timedelta(hours=8), NIGHT))
    return {
        "summary": str(summary),
        "call": call,
        "recording": recording,
        "message": message.id,
        "sound": message.recording_id,
    }


def test_every_page_that_a_feature_brings_is_looked_at_here(line: Line) -> None:
    names = {page.name for page in line.services.features.pages} - PUBLIC
    rules = [rule for rule in line.app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in names]
    # The two kinds of sound have one rule; of time zones one shows and one chooses.
    assert len(rules) == len(PAGES) + len(("/", HANDLED, *PROVING, *REACHED, "/time-zone", "/time-zone")) - 1


def test_the_features_give_these_permissions_and_no_others(line: Line) -> None:
    assert dict(line.services.features.permissions) == MAY


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others(line: Line, ids: dict[str, str], role: str, page: str) -> None:
    answer = line.client(role).get(page.format(**ids))
    allowed = role in MAY[PAGES[page]] and (role, page) != OF_THEIR_OWN
    assert answer.status_code == (200 if allowed else 403)
    if allowed and page == NO_PATIENT:
        assert line.trail() == []
        return
    (row,) = line.trail()
    assert (row[0], row[2]) == (role, "ok" if allowed else "denied")


@pytest.mark.parametrize("page", [*PAGES, "/"])
def test_without_signing_in_no_page_opens_and_nothing_tells_what_exists(
    line: Line, ids: dict[str, str], page: str
) -> None:
    there = line.client().get(page.format(**ids))
    never = line.client().get(page.format(**dict.fromkeys(ids, NEVER)))
    assert (there.status_code, there.location) == (never.status_code, never.location) == (302, "/sign-in")
    assert there.data == never.data


@pytest.mark.parametrize("page", [page for page in PAGES if "{" in page])
def test_an_id_that_is_unknown_is_a_404_without_detail(line: Line, ids: dict[str, str], page: str) -> None:
    never = page.format(**dict.fromkeys(ids, NEVER))
    answer = line.client("supervisor").get(never)
    assert answer.status_code == 404
    assert NEVER not in answer.get_data(as_text=True)
    assert [row[2] for row in line.trail()] == ["unknown"]


@pytest.mark.parametrize("odd", ["..%2F..%2Fetc%2Fpasswd", "%00", "a" * 4096, "Maria%20Lopez", "' OR 1=1"])
@pytest.mark.parametrize("page", [page for page in PAGES if "{" in page])
def test_an_odd_id_is_unknown_and_stays_out_of_the_trail(line: Line, page: str, odd: str) -> None:
    answer = line.client("supervisor").get(page.format(call=odd, recording=odd, message=odd, sound=odd, summary=odd))
    assert answer.status_code == 404
    assert "Maria" not in answer.get_data(as_text=True)


def test_only_who_may_handle_a_message_can_settle_it(line: Line, ids: dict[str, str]) -> None:
    page = f"/messages/{ids['message']}"
    for role in ("compliance", "admin"):
        assert line.client(role).post(f"{page}/handled", form="/calls").status_code == 403
        assert line.trail()[-1] == (role, "page.handle", "denied")


def test_the_start_leads_to_the_first_page_of_a_role(line: Line) -> None:
    assert {role: line.client(role).get("/").location for role in ROLES} == {
        "supervisor": "/calls",
        "compliance": "/calls",
        "admin": "/calls",
        "agent": "/messages",
    }


@pytest.mark.parametrize("page", ["/calls", "/messages", "/recordings", "/morning-summaries"])
@pytest.mark.parametrize("before", ["", NEVER, "Maria Lopez", "-1"])
def test_a_list_that_should_go_on_from_nowhere_is_not_there(line: Line, page: str, before: str) -> None:
    assert line.client("supervisor").get(page, query_string={"before": before}).status_code == 404


def test_a_page_tells_the_browser_to_keep_and_run_nothing(line: Line, ids: dict[str, str]) -> None:
    answer = line.client("supervisor").get(f"/calls/{ids['call']}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    text = answer.get_data(as_text=True)
    assert "<script" not in text
    assert "style=" not in text


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/nothing/here", "/static/sunline.css", "/audio/waiting.wav"])
def test_every_answer_asks_for_https_also_behind_a_proxy_that_ends_it(line: Line, path: str) -> None:
    with line.client().client.get(path, base_url="http://127.0.0.1:8000") as answer:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_demo_asks_for_no_https_that_it_does_not_have(line: Line) -> None:
    demo = read_settings({"SUNLINE_MODE": "demo"})
    assert "Strict-Transport-Security" not in demand_https(Response(), demo).headers


def test_a_webhook_without_a_signature_is_refused_as_before_and_needs_no_form_token(line: Line) -> None:
    answer = line.client().client.post("/voice/incoming", base_url="https://sunline.example", data={"CallSid": "CA"})
    assert answer.status_code == 403
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize("path", ["/oncall/%00", "/oncall/a%00/leave", "/calls/%00"])
def test_an_address_with_a_nul_is_of_nothing(line: Line, path: str) -> None:
    assert line.client("supervisor").get(path).status_code == 404


@pytest.mark.parametrize(("page", "field"), [("/sign-in", "name"), ("/oncall/nothing", "pin")])
def test_a_form_with_a_nul_is_refused_before_it_is_looked_at(line: Line, page: str, field: str) -> None:
    fields = {"name": "supervisor", "password": PASSWORD, field: "a\0"}
    assert line.client().post(page, **fields).status_code == 400


def test_an_address_that_nothing_answers_to_is_a_page(line: Line) -> None:
    answer = line.client().get("/nothing/here")
    assert answer.status_code == 404
    assert '<html lang="en">' in answer.get_data(as_text=True)
