"""The record on its page, on the card of whoever is paged, and on the command line: who sees it, and what it tells."""

from __future__ import annotations

import html
import io
import re

import pytest
from sqlalchemy import select, update

from callflows.call_record.material import Material
from callflows.call_record.record import CallRecord
from callflows.engine import answers
from callflows.vocabulary import Interrupted, Pressed, Spoke
from ivr.audit.tables import audit_row
from ivr.call_records import reading
from ivr.calls.forgetting import forget_call
from ivr.calls.log import FIELD
from ivr.calls.tables import call, call_log, leg
from ivr.core.cipher import name_row
from ivr.oncall.tables import page
from tests.web.line import CALLER, COMPLAINT, PIN, Line


def shown(line: Line, path: str, role: str = "supervisor") -> str:
    answer = line.client(role).get(path)
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(html.unescape(text).split())


def test_the_page_tells_question_answer_hearing_level_advice_and_pages(line: Line) -> None:
    told = shown(line, f"/calls/{line.ill_caller()}/record")
    for expected in (
        COMPLAINT,
        CALLER,
        "In a few words, what is wrong?",
        "phrase of the protocol",
        "chose “For a nurse, press 1.”",
        "emergent",
        "This may be an emergency. Please hang up and dial 911 now.",
        "red flags of every set, before one was chosen: adult-red-flags, version",
        "signed: name Dr Meera Patel, date September 14, 2026, review by September 14, 2027, fingerprint 5b12d14d",
        "Dr Lee clinician on call, step 1",
        "not asked: an emergency was found first",
        "Sun 2026-11-01 01:30:00 CDT Sun 06:30 UTC",
    ):
        assert expected in told


def test_every_table_says_what_its_columns_are_to_eyes_and_to_screen_readers(line: Line) -> None:
    page = line.client("supervisor").get(f"/calls/{line.ill_caller()}/record").get_data(as_text=True)
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    assert len(tables) >= 4
    for table in tables:
        columns = re.findall(r'<th role="columnheader" scope="col">([^<]+)</th>', table)
        rows = re.findall(r'<tr role="row">(.*?)</tr>', table.partition("<tbody")[2], re.DOTALL)
        assert rows
        for row in rows:
            assert row.count('scope="row"') == 1
            assert [html.unescape(one) for one in re.findall(r'data-label="([^"]+)"', row)] == columns


def test_every_look_leaves_a_row_and_the_page_of_the_call_has_nothing_of_it(line: Line) -> None:
    call_id = line.ill_caller()
    shown(line, f"/calls/{call_id}/record", "compliance")
    row = line.rows(audit_row)[-1]
    assert (row.actor, row.action, row.outcome, row.call_id) == ("compliance", "call.record", "ok", call_id)
    assert COMPLAINT not in shown(line, f"/calls/{call_id}")


def test_only_who_may_see_it_is_led_to_it(line: Line) -> None:
    call_id = line.ill_caller()
    assert f"/calls/{call_id}/record" in line.client("supervisor").get(f"/calls/{call_id}").get_data(as_text=True)
    assert f"/calls/{call_id}/record" not in line.client("admin").get(f"/calls/{call_id}").get_data(as_text=True)
    assert line.client("admin").get(f"/calls/{call_id}/record").status_code == 403


def test_whoever_is_paged_reads_it_on_their_card(line: Line) -> None:
    line.ill_caller()
    path, browser = f"/oncall/{line.one(page).token}", line.client()
    assert "In a few words" not in browser.get(path).get_data(as_text=True)
    browser.post(path, pin=PIN)
    told = browser.get(path).get_data(as_text=True)
    for expected in (
        "What was asked, said and done",
        "In a few words, what is wrong?",
        "phrase of the protocol",
        CALLER,
    ):
        assert expected in told
    assert "cannot be shown" not in told
    assert line.trail()[-1] == ("dr-lee", "oncall.read", "ok")


def test_a_record_that_fails_keeps_nobody_from_the_rest_of_the_card_and_tells_the_log_nothing(
    line: Line, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def fail(known: Material) -> CallRecord:
        raise ValueError(known.about.complaint)

    line.ill_caller()
    path, browser = f"/oncall/{line.one(page).token}", line.client()
    browser.post(path, pin=PIN)
    monkeypatch.setattr(reading, "compose_record", fail)
    told = browser.get(path).get_data(as_text=True)
    for expected in ("The record cannot be shown now", COMPLAINT, "Ring me now"):
        assert expected in told
    assert "call_record_failed" in log.getvalue()
    assert COMPLAINT.split()[0] not in log.getvalue()


def test_markup_in_what_was_said_stays_text(line: Line) -> None:
    told = line.client("supervisor").get(f"/calls/{line.ill_caller('chest pain <b>bold</b>')}/record")
    assert "<b>bold" not in told.get_data(as_text=True)


def test_what_identifies_a_patient_is_not_on_the_page(line: Line) -> None:
    call_id, leg_id = line.new_call()
    line.say(leg_id, Pressed("1"), Pressed("2"), Pressed("1"), Pressed("03141980"), Pressed("60614"))
    told = shown(line, f"/calls/{call_id}/record")
    assert "pressed several keys, not shown here" in told
    assert "03141980" not in told
    assert "60614" not in told


def test_a_message_is_in_the_record_with_what_became_of_it(line: Line) -> None:
    message = line.message()
    assert "left, open" in shown(line, f"/calls/{message.call_id}/record")
    line.client("agent").post(f"/messages/{message.id}/handled", form=f"/messages/{message.id}")
    assert "left, kept" in shown(line, f"/calls/{message.call_id}/record")


def test_a_call_logged_before_marks_were_kept_says_that_they_are_not_known(line: Line) -> None:
    call_id = line.ill_caller()
    caller = line.one(leg, call_id=call_id, role="caller")
    with line.database.write() as connection:
        for row in line.rows(call_log, leg_id=caller.id):
            if row.key == "symptom/words/0":
                bound = name_row(call_log, row.leg_id, row.step)
                old = line.services.cipher.seal("maple", FIELD, bound, answers.write(Spoke(COMPLAINT, 0.9)))
                this = (call_log.c.leg_id == row.leg_id) & (call_log.c.step == row.step)
                connection.execute(update(call_log).where(this).values(answer_sealed=old))
    told = shown(line, f"/calls/{call_id}/record")
    assert "not known: logged before it was kept, or the ear failed" in told
    assert COMPLAINT in told


def test_a_call_of_a_flow_that_no_longer_ships_says_that_its_questions_are_not_known(line: Line) -> None:
    call_id = line.ill_caller()
    with line.database.write() as connection:
        connection.execute(update(leg).where(leg.c.role == "caller").values(flow_version=0))
    told = shown(line, f"/calls/{call_id}/record")
    assert "what had been asked is not known: the flow has changed since, or no longer ships" in told
    assert "emergent" in told


def test_a_call_of_a_flow_that_has_changed_says_that_its_words_are_those_of_today(line: Line) -> None:
    call_id = line.ill_caller()
    with line.database.write() as connection:
        connection.execute(update(leg).where(leg.c.role == "caller").values(flow_fingerprint="of another day"))
    assert "its questions stand here in the words of today" in shown(line, f"/calls/{call_id}/record")


def test_a_call_that_is_forgotten_says_so_and_still_tells_who_was_paged(line: Line) -> None:
    call_id = line.ill_caller()
    with line.database.write() as connection:
        connection.execute(select(call).where(call.c.id == call_id).with_for_update())
        forget_call(connection, call_id)
    told = shown(line, f"/calls/{call_id}/record")
    assert "no longer kept: what was said and keyed is forgotten" in told
    assert "Dr Lee" in told
    assert COMPLAINT not in told


def test_what_cannot_be_opened_hides_nothing_else(line: Line) -> None:
    call_id = line.ill_caller()
    with line.database.write() as connection:
        connection.execute(call_log.update().values(answer_sealed=b"\x01damaged"))
        connection.execute(call.update().values(complaint_sealed=b"\x01damaged"))
    told = shown(line, f"/calls/{call_id}/record")
    assert "cannot be opened with the keys that are here" in told
    assert "Dr Lee" in told


def test_a_caller_who_hung_up_before_the_screening_is_told_as_such(line: Line) -> None:
    call_id, leg_id = line.new_call()
    line.say(leg_id, Pressed("1"), Pressed("1"), Spoke("my knee is sore", 0.9, danger="calm"), Interrupted("hung-up"))
    told = shown(line, f"/calls/{call_id}/record")
    assert "my knee is sore" in told
    assert "hung up: not answered" in told


def test_nothing_of_a_record_is_stored(line: Line) -> None:
    call_id = line.ill_caller()
    before = {table.name: len(line.rows(table)) for table in line.services.features.tables}
    shown(line, f"/calls/{call_id}/record")
    after = {table.name: len(line.rows(table)) for table in line.services.features.tables}
    signed_in = {"staff_session"}
    assert {name for name in before if before[name] != after[name]} - signed_in == {"audit_row"}
