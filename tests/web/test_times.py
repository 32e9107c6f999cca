"""Times on pages: by the clocks of the practice, and by those of whoever looks where they differ."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ivr.accounts import accounts_store
from ivr.accounts.guard import is_own_path
from ivr.accounts.tables import account
from ivr.accounts.viewer_zone import use_viewer_zone
from ivr.audit.tables import audit_row
from ivr.calls.events import record
from ivr.calls.places import Place
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of
from ivr.morning_summaries.register import write_down
from ivr.oncall.tables import page
from ivr.web.formatting import format_instant
from routing.spans import Span
from tests.web.line import HOST, PIN, Browser, Line, wav
from tests.web.test_coverage import keep_causes

TEMPLATES = Path(__file__).parents[2] / "ivr" / "templates"
MANILA, CHICAGO = "Asia/Manila", "America/Chicago"
NIGHT_IN_CHICAGO = "Sun 2026-11-01 01:30:00 CDT"
BY_DAY_IN_MANILA = '<span class="own">Sun 14:30 Manila, UTC+08:00</span>'


def text(line: Line, path: str, role: str = "supervisor") -> str:
    answer = line.client(role).get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def choose(line: Line, zone: str, role: str = "supervisor", back: str = "/calls") -> Any:
    return line.client(role).post("/time-zone", form="/calls", zone=zone, back=back)


def change(line: Line, changed: Callable[[dict[str, Any]], object]) -> None:
    """Put a changed configuration in force."""
    with line.database.write() as connection:
        tree = json.loads(revisions.load(connection).to_json())
        changed(tree)
        revisions.apply(connection, organisation_of(tree), line.clock.now(), "rosa")


def shown(line: Line, instant: datetime, place: str | None, viewer: str | None) -> str:
    with line.app.test_request_context(base_url=HOST):
        use_viewer_zone(viewer)
        return re.sub(r"<[^>]*>", "", format_instant(instant, place))


# --- the filter


@pytest.mark.parametrize(
    ("place", "viewer", "told"),
    [
        (CHICAGO, None, NIGHT_IN_CHICAGO),
        (CHICAGO, CHICAGO, NIGHT_IN_CHICAGO),
        (CHICAGO, "US/Central", NIGHT_IN_CHICAGO),
        (CHICAGO, "America/New_York", NIGHT_IN_CHICAGO),  # where the clocks have gone back already
        (CHICAGO, "America/Denver", f"{NIGHT_IN_CHICAGO} Sun 00:30 MDT"),
        (CHICAGO, MANILA, f"{NIGHT_IN_CHICAGO} Sun 14:30 Manila, UTC+08:00"),
        (CHICAGO, "Pacific/Pago_Pago", f"{NIGHT_IN_CHICAGO} Sat 19:30 Pago Pago, UTC-11:00"),
        (None, MANILA, "Sun 2026-11-01 14:30:00 Manila, UTC+08:00"),
        (None, None, "Sun 2026-11-01 06:30:00 UTC"),
        (CHICAGO, "Nowhere/Left", NIGHT_IN_CHICAGO),
    ],
)
def test_an_instant_is_told_by_the_clocks_there_and_by_one_s_own_where_they_differ(
    line: Line, place: str | None, viewer: str | None, told: str
) -> None:
    assert shown(line, datetime(2026, 11, 1, 6, 30, tzinfo=UTC), place, viewer) == told


def test_the_hour_that_comes_twice_is_told_apart(line: Line) -> None:
    first, second = (shown(line, datetime(2026, 11, 1, hour, 30, tzinfo=UTC), CHICAGO, None) for hour in (6, 7))
    assert (first, second) == (NIGHT_IN_CHICAGO, NIGHT_IN_CHICAGO.replace("CDT", "CST"))


def test_programs_find_the_instant_in_utc(line: Line) -> None:
    with line.app.test_request_context(base_url=HOST):
        use_viewer_zone(MANILA)
        told = format_instant(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), CHICAGO)
    assert told.startswith('<time datetime="2026-11-01T06:30:00Z">')


# --- the choice


def test_whoever_chooses_a_zone_reads_times_in_it_beside_the_practice_s(line: Line) -> None:
    line.ill_caller()
    assert BY_DAY_IN_MANILA not in text(line, "/calls")
    answer = choose(line, MANILA, back="/calls")
    assert (answer.status_code, answer.location) == (303, "/calls")
    page = text(line, "/calls")
    assert NIGHT_IN_CHICAGO in page
    assert BY_DAY_IN_MANILA in page
    assert f"<option selected>{MANILA}</option>" in page
    assert page.count(f">{MANILA}</option>") == 1
    assert BY_DAY_IN_MANILA not in text(line, "/calls", role="compliance")


def test_the_choice_is_kept_with_the_account_and_left_on_the_record(line: Line) -> None:
    choose(line, MANILA)
    assert line.one(account, name="supervisor").time_zone == MANILA
    row = line.rows(audit_row)[-2 if line.rows(audit_row)[-1].action != "account.time-zone" else -1]
    assert (row.actor, row.action, row.outcome) == ("supervisor", "account.time-zone", "ok")
    choose(line, "")
    assert line.one(account, name="supervisor").time_zone is None


@pytest.mark.parametrize("zone", ["Manila", "asia/manila", "../etc", "x" * 500])
def test_what_is_no_zone_is_refused_and_nothing_is_changed(line: Line, zone: str) -> None:
    assert choose(line, zone).status_code == 400
    assert line.one(account, name="supervisor").time_zone is None


def test_a_choice_without_the_token_of_the_form_is_refused(line: Line) -> None:
    answer = line.client("supervisor").client.post("/time-zone", base_url=HOST, data={"zone": MANILA})
    assert answer.status_code == 400
    assert line.one(account, name="supervisor").time_zone is None


def test_whoever_is_not_signed_in_chooses_nothing(line: Line) -> None:
    assert line.client().post("/time-zone", form="/sign-in", zone=MANILA).location == "/sign-in"


def test_a_page_offers_the_zones_in_use_and_leads_to_all_of_them(line: Line) -> None:
    person = line.client("supervisor")
    page = person.get("/coverage?first=0").get_data(as_text=True)
    assert "<option>America/Chicago</option>" in page
    assert "Africa/Abidjan" not in page
    found = re.search(r'href="(/time-zone[^"]*)"', page)
    assert found is not None
    everywhere = person.get(found[1]).get_data(as_text=True)
    assert "<option>Africa/Abidjan</option>" in everywhere
    assert 'name="back" value="/coverage?first=0"' in everywhere


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_the_page_of_all_zones_leads_back_to_ours_only(line: Line, back: str) -> None:
    page = line.client("supervisor").get("/time-zone", query_string={"back": back}).get_data(as_text=True)
    assert 'name="back" value="/"' in page
    assert "elsewhere" not in page


def test_nobody_is_shown_the_zones_without_signing_in(line: Line) -> None:
    assert line.client().get("/time-zone").location == "/sign-in"


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", ""])
def test_the_choice_leads_back_to_these_pages_only(line: Line, back: str) -> None:
    assert not is_own_path(back)
    assert choose(line, MANILA, back=back).location == "/"


def test_the_page_on_which_it_was_made_is_gone_back_to_with_its_place_in_the_list(line: Line) -> None:
    page = text(line, "/alerts?before=7")
    assert 'name="back" value="/alerts?before=7"' in page
    assert choose(line, MANILA, back="/alerts?before=7").location == "/alerts?before=7"


def test_who_chose_none_reads_the_operator_s_time_where_there_is_one(line: Line) -> None:
    line.ill_caller()
    assert "as the practice (usual)" in text(line, "/calls")
    change(line, lambda tree: tree["operator"].update(timezone=MANILA))
    page = text(line, "/calls")
    assert f"{MANILA} (usual)" in page
    assert BY_DAY_IN_MANILA in page
    choose(line, CHICAGO)
    assert BY_DAY_IN_MANILA not in text(line, "/calls")


def test_a_person_of_an_account_has_the_zone_at_once(line: Line) -> None:
    with line.database.write() as connection:
        user = accounts_store.find_account_id(connection, "agent")
        accounts_store.choose_time_zone(connection, user, MANILA)
    browser = line.client()
    browser.sign_in("agent")
    line.message()
    assert "Manila, UTC+08:00" in browser.get("/messages").get_data(as_text=True)


# --- the clinician


def clinician(line: Line) -> tuple[Browser, str]:
    line.ill_caller()
    path, browser = f"/oncall/{line.one(page).token}", line.client()
    browser.post(path, pin=PIN)
    return browser, path


def test_a_clinician_reads_times_by_the_clocks_of_the_practice(line: Line) -> None:
    browser, path = clinician(line)
    assert re.search(rf">{NIGHT_IN_CHICAGO}</time>", browser.get(path).get_data(as_text=True))


def test_a_clinician_whose_own_zone_is_configured_reads_it_too(line: Line) -> None:
    change(line, lambda tree: tree["oncall"]["people"]["dr-lee"].update(timezone="America/Denver"))
    browser, path = clinician(line)
    assert '<span class="own">Sun 00:30 MDT</span>' in browser.get(path).get_data(as_text=True)


def test_a_clinician_s_page_shows_nothing_of_who_else_is_signed_in_in_that_browser(line: Line) -> None:
    choose(line, MANILA)
    line.ill_caller()
    path, browser = f"/oncall/{line.one(page).token}", line.client("supervisor")
    browser.post(path, pin=PIN)
    assert "Manila" not in browser.get(path).get_data(as_text=True)


# --- every page


def test_no_page_tells_an_instant_in_another_way(line: Line) -> None:
    """Outside of what the filter makes, no page of a line that has everything shows a date or a time of day."""
    choose(line, MANILA)
    message = line.message(wav(1))
    call = line.ill_caller()
    recording = line.recording(call, wav(1))
    keep_causes(line, 2)
    with line.work() as work:
        record(work, "alert", call, what="ladder-exhausted")
        record(work, "promised", call, due=(work.at + timedelta(hours=1)).isoformat())
        summary = write_down(work, Place("maple"), Span(work.at - timedelta(hours=8), work.at + timedelta(hours=1)))
    addresses = ["/calls", "/recordings", "/messages", "/alerts", "/coverage", f"/calls/{call}"]
    addresses += [f"/calls/{message.call_id}", f"/recordings/{recording}", f"/messages/{message.id}"]
    addresses += ["/morning-summaries", f"/morning-summaries/{summary}"]
    browser, path = clinician_again(line)
    pages = {address: text(line, address) for address in addresses}
    pages |= {path: browser.get(path).get_data(as_text=True)}
    for address, html in pages.items():
        assert "<time datetime=" in html, address
        outside = re.sub(r"<time [^>]*>.*?</time>|<select.*?</select>", "", html, flags=re.DOTALL)
        assert not re.findall(r"\d{4}-\d\d-\d\d|\b\d\d:\d\d\b|\bUTC\b", outside), address


def clinician_again(line: Line) -> tuple[Browser, str]:
    path, browser = f"/oncall/{line.rows(page)[0].token}", line.client()
    browser.post(path, pin=PIN)
    return browser, path


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_no_template_prints_an_instant_but_by_the_filter(file: Path) -> None:
    written = file.read_text("utf-8")
    assert not re.findall(r"strftime|isoformat|\.(?:date|time|timestamp|ctime)\(\)|\.(?:hour|minute|year)\b", written)
    for expression in re.findall(r"\{\{(.*?)\}\}", written, re.DOTALL):
        told = re.findall(r"\b\w+(?:\.\w+)*\b", re.sub(r"'[^']*'|\"[^\"]*\"", "", expression))
        instants = [name for name in told if re.search(r"(?:^|[._])(?:at|until|since|computed_for|first_from)$", name)]
        assert not instants or "format_instant" in expression, expression
