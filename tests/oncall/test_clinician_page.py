"""The page behind the link in the text: nothing before the PIN, the summary after it, and being rung again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, update

from callflows.vocabulary import Interrupted
from ivr.accounts.throttle import ACCOUNT
from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.tables import call, leg
from ivr.jobs.tables import outbox, timer
from ivr.jobs.timers import fire_due_timers
from ivr.oncall import pages, pins
from ivr.oncall.page_again import AGAIN_AFTER, MOST_RINGS
from ivr.oncall.tables import escalation, page, pin
from routing.zones import to_local
from tests.web.line import COMPLAINT, PIN, Browser, Line

WRONG = "914703"
UNKNOWN = "/oncall/" + "x" * 32


@pytest.fixture
def paged(line: Line) -> Row[Any]:
    """Dr Lee is being paged for somebody with a red flag."""
    line.ill_caller()
    return line.one(page)


@pytest.fixture
def path(paged: Row[Any]) -> str:
    return f"/oncall/{paged.token}"


@pytest.fixture
def clinician(line: Line, path: str) -> Browser:
    browser = line.client()
    assert browser.post(path, pin=PIN).location == path
    return browser


def without_tokens(html: str, path: str) -> str:
    return "\n".join(row for row in html.splitlines() if "csrf_token" not in row).replace(path, "")


def test_before_the_pin_every_link_shows_the_same_page(line: Line, path: str) -> None:
    shown = {without_tokens(line.client().get(one).get_data(as_text=True), one) for one in (path, UNKNOWN)}
    (html,) = shown
    for word in (*COMPLAINT.split()[:1], "Maple", "emergent", "dr-lee", "Lee"):
        assert word not in html


def test_an_unknown_link_and_a_wrong_pin_are_refused_alike(line: Line, path: str) -> None:
    answers = [(one, line.client().post(one, pin=digits)) for one, digits in ((path, WRONG), (UNKNOWN, PIN))]
    assert [answer.status_code for _, answer in answers] == [403, 403]
    assert len({without_tokens(answer.get_data(as_text=True), one) for one, answer in answers}) == 1


def test_the_right_pin_shows_urgency_practice_language_and_the_caller_s_words(clinician: Browser, path: str) -> None:
    html = clinician.get(path).get_data(as_text=True)
    for expected in ("emergent", "Maple Family Medicine", "English", COMPLAINT, "on the line", "Ring me now"):
        assert expected in html
    assert "<title>On call - Sunline</title>" in html


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (None, "<dd>not asked</dd>"),
        ("", "<dd>not known</dd>"),
        ("IL", "<dd>Illinois</dd>"),
        ("CA", "<dd>California; we know of no license of yours in California</dd>"),
    ],
)
def test_the_page_tells_where_the_patient_is(
    line: Line, clinician: Browser, path: str, state: str | None, shown: str
) -> None:
    with line.database.write() as connection:
        connection.execute(update(call).values(patient_state=state))
    assert f"<dt>Patient is in</dt>{shown}" in clinician.get(path).get_data(as_text=True)


def test_a_clinician_reads_when_they_were_paged_on_the_clocks_of_the_practice(
    line: Line, clinician: Browser, path: str, paged: Row[Any]
) -> None:
    since = f"{to_local(paged.made_at, 'America/Chicago'):%a %Y-%m-%d %H:%M %Z}"
    assert f"</span> since {since}</dd>" in clinician.get(path).get_data(as_text=True)


def test_markup_in_the_caller_s_words_stays_text(line: Line) -> None:
    line.ill_caller("chest pain <img src=x onerror=alert(1)>")
    path, browser = f"/oncall/{line.one(page).token}", line.client()
    browser.post(path, pin=PIN)
    html = browser.get(path).get_data(as_text=True)
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


def test_the_page_is_stored_nowhere_and_its_address_is_told_to_nobody(clinician: Browser, path: str) -> None:
    answer = clinician.get(path)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_wrong_pins_count_for_the_person_over_all_links(line: Line, path: str) -> None:
    line.client().post(path, pin=WRONG)
    assert line.one(pin, person_id="dr-lee").failures == 1


def test_a_locked_pin_is_never_right(line: Line, path: str) -> None:
    with line.database.write() as connection:
        connection.execute(pin.update().values(failures=pins.MOST_FAILURES))
    assert line.client().post(path, pin=PIN).status_code == 403


def test_many_tries_at_one_link_have_to_wait(line: Line, path: str) -> None:
    for _ in range(ACCOUNT.free):
        line.client().post(path, pin=WRONG)
    assert line.client().post(path, pin=PIN).status_code == 403
    assert line.one(pin, person_id="dr-lee").failures == ACCOUNT.free
    line.clock.advance(timedelta(seconds=2))
    assert line.client().post(path, pin=PIN).status_code == 303


def test_every_try_and_every_look_leaves_a_row(line: Line, paged: Row[Any], path: str) -> None:
    line.client().post(UNKNOWN, pin=PIN)
    line.client().post(path, pin=WRONG)
    browser = line.client()
    browser.post(path, pin=PIN)
    browser.get(path)
    assert [(row.actor, row.action, row.outcome, row.object_id) for row in line.rows(audit_row)] == [
        ("unknown", "oncall.sign-in", "denied", None),
        ("dr-lee", "oncall.sign-in", "denied", paged.id),
        ("dr-lee", "oncall.sign-in", "ok", paged.id),
        ("dr-lee", "oncall.read", "ok", paged.id),
    ]


def test_a_sign_in_is_for_one_page_only(line: Line, clinician: Browser) -> None:
    other = line.one(page, call_id=line.ill_caller("chest pain again"))
    html = clinician.get(f"/oncall/{other.token}").get_data(as_text=True)
    assert "Enter your PIN" in html
    assert "chest pain again" not in html


def test_ten_minutes_without_a_look_end_the_sign_in(line: Line, clinician: Browser, paged: Row[Any], path: str) -> None:
    with line.database.write() as connection:
        connection.execute(timer.update().values(state="cancelled"))
    line.clock.advance(timedelta(minutes=9))
    assert "Ring me now" in clinician.get(path).get_data(as_text=True)
    line.clock.advance(timedelta(minutes=10))
    assert "Ring me now" not in clinician.get(path).get_data(as_text=True)


def test_signing_out_asks_for_the_pin_again(clinician: Browser, path: str) -> None:
    clinician.post(f"{path}/leave", form=path)
    assert "Enter your PIN" in clinician.get(path).get_data(as_text=True)


def test_a_page_that_has_ended_looks_as_if_it_never_was(line: Line, clinician: Browser, path: str) -> None:
    line.clock.advance(timedelta(seconds=200))
    fire_due_timers(line.services)
    assert [row.state for row in line.rows(page, person_id="dr-lee")] == ["lapsed"]
    html = clinician.get(path).get_data(as_text=True)
    assert without_tokens(html, path) == without_tokens(line.client().get(UNKNOWN).get_data(as_text=True), UNKNOWN)
    assert line.client().post(path, pin=PIN).status_code == 403


def test_whoever_accepted_may_read_the_summary_again_for_some_hours(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    with line.database.write() as connection:
        connection.execute(page.update().values(state="accepted", ended_at=line.clock.now()))
        connection.execute(escalation.update().values(state="accepted", accepted_by="dr-lee"))
    html = clinician.get(path).get_data(as_text=True)
    assert COMPLAINT in html
    assert "Ring me now" not in html
    line.clock.advance(timedelta(hours=4))
    assert line.client().post(path, pin=PIN).status_code == 403


def rings(line: Line) -> list[Row[Any]]:
    return sorted(line.rows(leg, role="clinician"), key=lambda row: row.created_at)


def ring(browser: Browser, path: str) -> str:
    assert browser.post(f"{path}/ring", form=path).location == path
    return browser.get(path).get_data(as_text=True)


def test_ring_me_now_dials_a_new_leg_of_the_same_page_and_ends_the_old_one(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    line.clock.advance(AGAIN_AFTER)
    assert "Your phone will ring in a moment." in ring(clinician, path)
    old, new = rings(line)
    assert (new.subject_id, new.flow, new.person_id) == (paged.id, "clinician_page", "dr-lee")
    assert line.one(page).leg_id == new.id
    effects = [(row.kind, row.subject, row.urgency) for row in line.rows(outbox)]
    assert ("dial_leg", new.id, 0) in effects
    assert ("end_leg", old.id, 0) in effects


def test_the_end_of_the_old_leg_does_not_end_the_page(line: Line, clinician: Browser, path: str) -> None:
    line.clock.advance(AGAIN_AFTER)
    ring(clinician, path)
    old, new = rings(line)
    with line.work() as work:
        legs.note_status(work, old.id, "completed", None)
    assert line.one(page).state == "open"
    with line.work() as work:
        legs.note_status(work, new.id, "no-answer", None)
    assert line.one(page, person_id="dr-lee").state == "lapsed"


def test_a_phone_that_is_about_to_ring_is_not_rung_again(line: Line, clinician: Browser, path: str) -> None:
    assert "Not now" in ring(clinician, path)
    assert len(rings(line)) == 1
    assert line.trail()[-2] == ("dr-lee", "oncall.ring", "refused")


def test_asking_often_does_not_keep_the_next_person_from_being_paged(line: Line, clinician: Browser, path: str) -> None:
    for _ in range(MOST_RINGS + 2):
        line.clock.advance(timedelta(seconds=30))
        ring(clinician, path)
    assert len(rings(line)) == MOST_RINGS


def test_the_step_s_time_runs_anew_from_the_new_ring(line: Line, clinician: Browser, path: str) -> None:
    line.clock.advance(timedelta(seconds=100))
    ring(clinician, path)
    due = line.one(timer, kind="page_over").due_at
    assert due == line.clock.now() + timedelta(seconds=150) + pages.LANE_SLACK


def test_nobody_is_rung_without_the_pin(line: Line, path: str) -> None:
    line.clock.advance(AGAIN_AFTER)
    assert line.client().post(f"{path}/ring", form=path).status_code == 403
    assert len(rings(line)) == 1


def test_a_caller_who_hung_up_is_told_as_such_and_the_page_goes_on(line: Line, clinician: Browser, path: str) -> None:
    (caller,) = line.rows(leg, role="caller")
    line.say(caller.id, Interrupted("hung-up"))
    with line.work() as work:
        legs.note_status(work, caller.id, "completed", None)
    assert len(line.rows(promise)) == 1
    html = clinician.get(path).get_data(as_text=True)
    assert "has hung up" in html
    assert "Ring me now" in html
