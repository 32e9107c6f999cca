"""The page behind the link in the text: nothing before the PIN, the summary after it, and being rung again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, update

from callflows.lifecycles.tables import ESCALATION
from callflows.vocabulary import Interrupted, PinChecked, Pressed
from ivr.accounts.passwords import verify_password
from ivr.accounts.throttle import SOURCE
from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.core.state_machines import fire
from ivr.jobs.tables import outbox, timer
from ivr.jobs.timers import fire_due_timers
from ivr.oncall import page_sign_in, pages, pins
from ivr.oncall.page_again import AGAIN_AFTER, MOST_RINGS
from ivr.oncall.tables import clinician_session, escalation, page, pin
from routing.zones import to_local
from tests.web.line import COMPLAINT, HOST, PIN, Browser, Line

WRONG = "914703"
UNKNOWN = "/oncall/" + "x" * 32


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
    since = f"{to_local(paged.made_at, 'America/Chicago'):%a %Y-%m-%d %H:%M:%S %Z}"
    assert f">{since}</time></dd>" in clinician.get(path).get_data(as_text=True)


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


def test_a_pin_that_was_locked_on_the_telephone_is_never_right(line: Line, path: str) -> None:
    with line.database.write() as connection:
        connection.execute(pin.update().values(failures=pins.MOST_FAILURES))
    assert line.client().post(path, pin=PIN).status_code == 403


def test_many_tries_have_to_wait_over_all_links_of_a_person(line: Line, path: str) -> None:
    other = f"/oncall/{line.one(page, call_id=line.ill_caller('chest pain again')).token}"
    for number in range(SOURCE.free):
        line.client().post((path, other)[number % 2], pin=WRONG)
    assert line.client().post(path, pin=PIN).status_code == 403
    assert line.trail()[-1] == ("dr-lee", "oncall.sign-in", "too-early")
    line.clock.advance(timedelta(seconds=2))
    assert line.client().post(path, pin=PIN).status_code == 303


def test_whoever_has_the_link_cannot_keep_its_clinician_from_the_page_or_the_telephone(line: Line, path: str) -> None:
    for number in range(3 * pins.MOST_FAILURES):
        stranger = line.client()
        stranger.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        stranger.post(path, pin=WRONG)
    assert line.client().post(path, pin=PIN).location == path
    with line.work() as work:
        assert pins.check_pin(work, "dr-lee", PIN)


def test_a_browser_that_is_known_gets_in_from_a_network_that_is_made_to_wait(line: Line, path: str) -> None:
    browser = line.client()
    browser.post(path, pin=PIN)
    for _ in range(SOURCE.free + 1):
        line.client().post(path, pin=WRONG)
    assert line.client().post(path, pin=PIN).status_code == 403
    assert browser.post(path, pin=PIN).location == path


def copy_of(line: Line, browser: Browser) -> Browser:
    """Another browser with the same cookie."""
    cookie = browser.client.get_cookie("__Host-sunline", domain="sunline.example")
    assert cookie is not None
    other = line.client()
    other.client.set_cookie("__Host-sunline", cookie.value, domain="sunline.example", secure=True)
    assert "Ring me now" in other.get(path_of(line)).get_data(as_text=True)
    return other


def path_of(line: Line) -> str:
    return f"/oncall/{line.one(page).token}"


def asks_for_the_pin(browser: Browser, path: str) -> bool:
    return "Enter your PIN" in browser.get(path).get_data(as_text=True)


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(line: Line, clinician: Browser, path: str) -> None:
    copy = copy_of(line, clinician)
    clinician.post(f"{path}/leave", form=path)
    assert asks_for_the_pin(copy, path)
    assert line.rows(clinician_session) == []
    assert line.trail()[-1] == ("dr-lee", "oncall.sign-out", "ok")


def test_a_new_pin_signs_its_clinician_out_everywhere(line: Line, clinician: Browser, path: str) -> None:
    with line.database.write() as connection:
        pins.set_pin(connection, line.services.cipher, "dr-patel", WRONG, line.clock.now())
    assert not asks_for_the_pin(clinician, path)
    with line.database.write() as connection:
        pins.set_pin(connection, line.services.cipher, "dr-lee", WRONG, line.clock.now())
    assert asks_for_the_pin(clinician, path)


def test_after_the_end_of_a_page_nothing_of_its_patient_is_shown_to_whoever_was_signed_in(
    line: Line, clinician: Browser, path: str
) -> None:
    copy = copy_of(line, clinician)
    with line.database.write() as connection:
        connection.execute(page.update().values(state="lapsed", ended_at=line.clock.now()))
    html = copy.get(path).get_data(as_text=True)
    assert "This page is over" in html
    for word in (COMPLAINT.split()[0], "Maple", "emergent"):
        assert word not in html
    line.clock.advance(timedelta(minutes=11))
    assert asks_for_the_pin(copy, path)


def test_signing_in_again_ends_the_session_that_the_browser_had(line: Line, clinician: Browser, path: str) -> None:
    copy = copy_of(line, clinician)
    clinician.post(path, pin=PIN)
    assert asks_for_the_pin(copy, path)
    assert not asks_for_the_pin(clinician, path)


def test_a_session_of_the_version_before_asks_for_the_pin_once_more(line: Line, path: str) -> None:
    browser = line.client()
    browser.get(path)
    with browser.client.session_transaction(base_url="https://sunline.example") as session:
        session["oncall"] = {"page": line.one(page).id, "until": (line.clock.now() + timedelta(hours=1)).isoformat()}
    assert asks_for_the_pin(browser, path)


def test_a_pin_that_is_changed_while_it_is_checked_opens_nothing(
    line: Line, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked_slowly(hashed: str | None, digits: str) -> bool:
        with line.database.write() as connection:
            pins.set_pin(connection, line.services.cipher, "dr-lee", WRONG, line.clock.now())
        return verify_password(hashed, digits)

    monkeypatch.setattr(page_sign_in, "verify_password", checked_slowly)
    assert line.client().post(path, pin=PIN).status_code == 403
    assert line.rows(clinician_session) == []


def test_supervisors_hear_when_a_pin_is_locked(line: Line, paged: Row[Any]) -> None:
    with line.database.write() as connection:
        connection.execute(pin.update().values(failures=pins.MOST_FAILURES - 1))
    for _ in range(2):
        with line.work() as work:
            keyed = legs.lock(work, paged.leg_id)
            assert pins.check_keyed_pin(work, keyed, Pressed(WRONG)) == PinChecked(False)
    assert [row.data["what"] for row in line.rows(event, kind="alert")] == ["pin-locked"]


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


def test_a_page_shows_what_else_the_same_ring_is_for(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    assert "Also waiting" not in clinician.get(path).get_data(as_text=True)
    other = line.one(page, call_id=line.ill_caller("a second chest that hurts"))
    html = clinician.get(path).get_data(as_text=True)
    for expected in ("Also waiting for you: 1 call", "a second chest that hurts", "on the line, same telephone"):
        assert expected in html
    read = [row.call_id for row in line.rows(audit_row) if row.action == "oncall.read"]
    assert read == [paged.call_id, paged.call_id, other.call_id]


def test_the_link_of_a_ring_is_good_as_long_as_it_rings_for_somebody(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    other = f"/oncall/{line.one(page, call_id=line.ill_caller('a second chest that hurts')).token}"
    with line.work() as work:
        legs.lock_call(work, paged.call_id)
        fire(work, ESCALATION, escalation, paged.escalation_id, "stop")
    assert "a second chest" not in clinician.get(path).get_data(as_text=True)
    assert clinician.post(path, pin=PIN).location == other
    assert clinician.get(path).location == other
    html = clinician.get(other).get_data(as_text=True)
    assert "a second chest that hurts" in html
    assert "it is another call" in html
    assert COMPLAINT not in html


def test_whoever_asks_to_be_rung_again_is_rung_for_all(line: Line, clinician: Browser, path: str) -> None:
    line.ill_caller("a second chest that hurts")
    line.clock.advance(timedelta(seconds=30))
    ring(clinician, path)
    (new,) = {row.leg_id for row in line.rows(page, state="open")}
    assert new == rings(line)[-1].id
    with line.work() as work:
        legs.note_status(work, rings(line)[0].id, "completed", None)
    assert [row.state for row in line.rows(page)] == ["open", "open"]


def test_ten_minutes_without_a_look_end_the_sign_in(line: Line, clinician: Browser, paged: Row[Any], path: str) -> None:
    with line.database.write() as connection:
        connection.execute(timer.update().values(state="cancelled"))
    line.clock.advance(timedelta(minutes=9))
    assert "Ring me now" in clinician.get(path).get_data(as_text=True)
    line.clock.advance(timedelta(minutes=10, seconds=1))
    assert "Ring me now" not in clinician.get(path).get_data(as_text=True)


def test_signing_out_asks_for_the_pin_again(clinician: Browser, path: str) -> None:
    clinician.post(f"{path}/leave", form=path)
    assert "Enter your PIN" in clinician.get(path).get_data(as_text=True)


def test_a_page_that_has_ended_looks_to_others_as_if_it_never_was(line: Line, path: str) -> None:
    line.clock.advance(timedelta(seconds=200))
    fire_due_timers(line.services)
    assert [row.state for row in line.rows(page, person_id="dr-lee")] == ["lapsed"]
    html = line.client().get(path).get_data(as_text=True)
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


def test_a_clinician_who_has_read_for_a_while_is_rung(line: Line, clinician: Browser, path: str) -> None:
    """The use of the session is then noted too, after the call of the page is locked."""
    form = {"csrf_token": clinician.token(path)}
    line.clock.advance(timedelta(minutes=1))
    assert clinician.client.post(f"{path}/ring", base_url=HOST, data=form).location == path
    assert len(rings(line)) == 2
    line.clock.advance(timedelta(minutes=9, seconds=30))
    assert not asks_for_the_pin(clinician, path)


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
