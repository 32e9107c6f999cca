"""The card of a call: what it tells, what its buttons do, and that nothing is open to whoever is not signed in."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, update

from callflows.lifecycles.tables import PAGE
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.tables import leg
from ivr.clinicians import items
from ivr.core.state_machines import fire
from ivr.jobs.timers import fire_due_timers
from ivr.oncall.tables import care_item, care_note, escalation, page, shift_session
from ivr.responsibility.tables import responsibility
from tests.web.line import COMPLAINT, PIN, Browser, Line

SECRET_NOTE = "quollmarker sounds like angina"


def shown(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def press(browser: Browser, path: str, button: str, **fields: str) -> str:
    answer = browser.post(f"{path}/{button}", form=path, **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return shown(browser, path)


def end_leg(line: Line, leg_id: str, how: str = "no-answer") -> None:
    with line.work() as work:
        legs.lock_call(work, line.one(leg, id=leg_id).call_id)
        legs.note_status(work, leg_id, how, None)


def talked(line: Line, call_id: str) -> None:
    with line.work() as work:
        legs.lock_call(work, call_id)
        record(work, "talked", call_id, leg="x", role="clinician")
        work.touched.add(call_id)


def test_the_card_tells_at_a_glance_and_says_what_is_not_known(clinician: Browser, path: str) -> None:
    html = shown(clinician, path)
    for words in (COMPLAINT, "emergent", "Red flag", "not known: no record system is connected", "Identity level"):
        assert words in html
    assert "is rung in <b data-left=" in html


def test_only_pages_with_a_clock_may_run_a_script_and_only_ours(line: Line, clinician: Browser, path: str) -> None:
    assert "script-src 'self'" in clinician.get(path).headers["Content-Security-Policy"]
    assert "script-src" not in line.client().get(path).headers["Content-Security-Policy"]


def test_accepting_on_the_card_keeps_the_telephone_ringing_and_the_caller_waiting(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    html = press(clinician, path, "accept")
    assert "You have accepted: answer your telephone" in html
    assert line.one(page, id=paged.id).state == "accepted"
    assert line.one(escalation).accepted_by == "dr-lee"
    assert [row.id for row in line.rows(leg, role="clinician")] == [paged.leg_id]
    assert line.one(leg, role="caller").pending_kind != "WithPerson"
    assert line.one(responsibility).person_id == "dr-lee"
    assert line.one(care_item).person_id == "dr-lee"
    assert line.trail()[-2][1:] == ("oncall.accept", "ok")


def test_a_telephone_that_is_not_answered_after_that_has_the_ladder_climbed_anew(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    press(clinician, path, "accept")
    end_leg(line, paged.leg_id)
    assert [row.state for row in line.rows(escalation)] == ["accepted", "paging"]
    assert [row.data["what"] for row in line.rows(event, kind="alert")] == []
    assert line.one(responsibility).person_id == ""


def test_handing_to_the_backup_pages_the_next_person_at_once(line: Line, clinician: Browser, path: str) -> None:
    html = press(clinician, path, "pass")
    assert [(row.person_id, row.state) for row in line.rows(page)] == [("dr-lee", "declined"), ("dr-okafor", "open")]
    assert "This page is over" in html
    with line.database.write() as connection:
        connection.execute(update(escalation).values(state="accepted", accepted_by="dr-okafor"))
    html = shown(clinician, path)
    assert "Somebody else has taken this call" in html
    assert COMPLAINT.split()[0] not in html


def test_a_note_is_sealed_and_in_no_event(line: Line, clinician: Browser, path: str) -> None:
    assert SECRET_NOTE in press(clinician, path, "note", words=SECRET_NOTE)
    assert b"quollmarker" not in line.one(care_note).words_sealed
    assert "quollmarker" not in str([row.data for row in line.rows(event)])
    assert ("dr-lee", "oncall.note", "ok") in line.trail()


def test_whoever_needs_more_has_the_supervisors_told_without_words(line: Line, clinician: Browser, path: str) -> None:
    press(clinician, path, "more", missing="medicines", words=SECRET_NOTE)
    (alert,) = line.rows(event, kind="alert")
    assert (alert.data["what"], alert.data["missing"]) == ("clinician-needs-more", "medicines")
    assert "Choose what you need" in press(clinician, path, "more", missing="everything")


def test_done_needs_contact_or_the_word_of_the_clinician(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    press(clinician, path, "accept")
    given = {"outcome": "advised", "follow_up": "none"}
    assert "Say how the patient was reached" in press(clinician, path, "done", **given)
    assert line.one(care_item).outcome is None
    line.clock.advance(timedelta(minutes=1))
    done = partial(press, clinician, path, "done", reached="talked", words=SECRET_NOTE, **given)
    assert "The caller is on the line and waits" in done()
    assert (line.one(care_item).outcome, line.rows(care_note)) == (None, [])
    end_leg(line, line.one(leg, role="caller").id, "completed")
    assert "Done. Nobody is paged" in done()
    assert (line.one(care_item).state, line.one(care_item).outcome) == ("done", "advised")
    assert line.one(responsibility).state in ("contacted", "closed")


def test_contact_alone_leaves_the_item_open_and_the_card_asks_for_the_outcome(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    press(clinician, path, "accept")
    talked(line, paged.call_id)
    end_leg(line, paged.leg_id)
    assert line.one(care_item).state == "open"
    line.clock.advance(timedelta(minutes=9))
    html = shown(clinician, path)
    assert "You have talked: write the outcome" in html
    assert "How was the patient reached" not in html
    press(clinician, path, "done", outcome="to-be-seen", follow_up="appointment")
    assert line.one(care_item).state == "done"


def test_nobody_who_is_not_signed_in_can_press_anything(line: Line, path: str) -> None:
    for button in ("accept", "ring", "call", "pass", "note", "more", "done"):
        assert line.client().post(f"{path}/{button}", form=path).status_code == 403
    assert [row.state for row in line.rows(page)] == ["open"]


def test_an_own_telephone_stays_signed_in_until_the_shift_ends(line: Line, path: str) -> None:
    browser = line.client()
    browser.post(path, pin=PIN, own="yes")
    assert line.one(shift_session).person_id == "dr-lee"
    line.clock.advance(timedelta(hours=2))
    assert "Who is on call" in shown(browser, "/oncall")
    second = f"/oncall/{line.one(page, call_id=line.ill_caller('another chest')).token}"
    assert "another chest" in shown(browser, second)
    line.clock.advance(timedelta(days=1))
    assert "Sign in for your shift" in shown(browser, "/oncall")


def test_a_device_that_is_not_known_is_offered_no_pin(line: Line, path: str) -> None:
    stranger = line.client()
    assert "This device is not known yet" in shown(stranger, "/oncall")
    assert "dr-lee" not in shown(stranger, "/oncall")
    clinician = line.client()
    clinician.post(path, pin=PIN)
    clinician.post("/oncall/leave", form="/oncall")
    assert clinician.post("/oncall", form="/oncall", pin="111111").status_code == 403
    assert clinician.post("/oncall", form="/oncall", pin=PIN).status_code == 303
    assert "My shifts" in shown(clinician, "/oncall")


def test_at_shift_change_an_open_item_is_offered_and_stays_until_it_is_taken(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    press(clinician, path, "accept")
    talked(line, paged.call_id)
    end_leg(line, paged.leg_id)
    line.clock.advance(timedelta(days=2))
    items.look_again(line.services, "")
    row = line.one(care_item)
    assert (row.state, row.person_id, row.offered_to) == ("offered", "dr-lee", "dr-okafor")
    with line.work() as work:
        assert items.take_item(work, paged.call_id, "dr-patel") is None
        assert items.take_item(work, paged.call_id, "dr-okafor") is not None
    row = line.one(care_item)
    assert (row.state, row.person_id, row.offered_to) == ("open", "dr-okafor", None)


def test_an_item_that_nobody_takes_is_told_to_supervisors(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    press(clinician, path, "accept")
    talked(line, paged.call_id)
    end_leg(line, paged.leg_id)
    for _ in range(2):
        line.clock.advance(timedelta(days=2))
        items.look_again(line.services, "")
    assert [row.data["what"] for row in line.rows(event, kind="alert")] == ["item-not-taken"]


def test_without_contact_the_ladder_is_climbed_again_half_an_hour_after_the_accept(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    press(clinician, path, "accept")
    with line.database.write() as connection:
        connection.execute(
            update(leg).where(leg.c.role == "clinician").values(state="ended", ended_at=line.clock.now())
        )
    for minutes, climbing in ((29, 1), (2, 2)):
        line.clock.advance(timedelta(minutes=minutes))
        items.look_again(line.services, "")
        assert len(line.rows(escalation)) == climbing
    assert line.one(care_item).begun_again_at == line.clock.now()


def test_whoever_accepts_later_has_the_item(line: Line, clinician: Browser, paged: Row[Any], path: str) -> None:
    press(clinician, path, "accept")
    end_leg(line, paged.leg_id)
    with line.work() as work:
        legs.lock_call(work, paged.call_id)
        again = line.one(page, state="open", person_id="dr-okafor")
        line.clock.advance(timedelta(seconds=1))
    with line.work() as work:
        legs.lock_call(work, paged.call_id)
        fire(work, PAGE, page, again.id, "accept")
    assert (line.one(care_item).person_id, line.one(care_item).page_id) == ("dr-okafor", again.id)
    assert "Somebody else has taken this call" in shown(clinician, path)


def test_a_clinician_who_talked_with_nobody_may_hand_an_accepted_call_on(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    press(clinician, path, "accept")
    assert "It stays with you until they accept" in press(clinician, path, "pass")
    assert [row.person_id for row in line.rows(page, state="open")] == ["dr-okafor"]
    assert line.one(care_item).person_id == "dr-lee"


def name_twice(line: Line) -> None:
    """Let the ladder that is climbed name Dr Lee again behind Dr Okafor."""
    steps = line.one(escalation).steps
    with line.database.write() as connection:
        connection.execute(update(escalation).values(steps=[*steps[:2], steps[0], *steps[2:]]))


def test_whoever_handed_the_call_on_is_rung_for_it_no_more_however_often_the_ladder_names_them(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    name_twice(line)
    press(clinician, path, "pass")
    end_leg(line, paged.leg_id, "completed")
    for _ in range(2):
        line.clock.advance(timedelta(minutes=5))
        fire_due_timers(line.services)
    assert "dr-lee" in [step["person"] for step in line.one(escalation).steps[1:]]
    assert [(row.person_id, row.state) for row in in_order(line)] == [
        ("dr-lee", "declined"),
        ("dr-okafor", "lapsed"),
        ("dr-patel", "lapsed"),
    ]


def in_order(line: Line) -> list[Row[Any]]:
    return sorted(line.rows(page), key=lambda row: row.made_at)


def test_whoever_hands_an_accepted_call_on_is_in_none_of_the_steps_that_follow(
    line: Line, clinician: Browser, path: str
) -> None:
    press(clinician, path, "accept")
    with line.database.write() as connection:
        connection.execute(update(escalation).values(urgency="routine"))
    press(clinician, path, "pass")
    again = line.one(escalation, state="paging")
    persons = [step["person"] for step in again.steps]
    assert persons[: again.step + 1] == ["dr-okafor"]
    assert "dr-lee" not in persons
    assert [row.person_id for row in line.rows(page, escalation_id=again.id)] == ["dr-okafor"]
    assert [row.data["urgency"] for row in line.rows(event, kind="escalated")][-1] == "routine"
