"""Guessing at patients' records over many calls, and numbers that somebody else would pay for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls.addresses import FIELD
from ivr.calls.event_tables import event
from ivr.calls.identity_tables import identity_try
from ivr.calls.tables import call
from ivr.core.cipher import name_row
from ivr.core.unit_of_work import transaction
from ivr.patients.tables import patient
from rehearsals.provisioning import PIN, WRONG_PIN
from rehearsals.world import World
from routing.identity_tries import BULK_FAILURES, BULK_PACE, CROWD, NUMBER, RECORD, RECORDS
from tests.calls.office import CALLER, Office, Party
from tests.calls.scenes import EMERGENCY, dial, goes_on, run, until_it_rings
from tests.taking_in import take_in_rows

pytestmark = pytest.mark.sqlite_first

MOST_FAILURES, MOST_FAILURES_HIDDEN = NUMBER.last, CROWD.last
OTHER, HIDDEN = "+13125550177", "Anonymous"
BIRTH, ZIP, WRONG_ZIP = "02291988", "60699", "60601"
BERT, BERTS_ZIP, BERTS_PHONE = "05061971", "60698", "+13125550176"
HEADING = "id,name,date_of_birth,zip,mrn,phone,language,state\n"
PATIENTS = ("X-9,Ana Example,1988-02-29,60699,77310942,,en-US,IL\n"
            "X-8,Bert Example,1971-05-06,60698,77310943,+13125550176,en-US,IL\n")  # fmt: skip
POUND, ASKED_FOR_MORE = "", "To go on without it, press pound"
APPOINTMENT_OF_A_PATIENT = ("1", "2", "1")
BILLING_OF_A_PATIENT = ("1", "4", "1")
DR_LEE = "+13125550181"


@pytest.fixture
def line(any_office: Office, tmp_path: Path) -> Office:
    """An office that knows two patients, of whom one has a telephone on file."""
    take_in(any_office, tmp_path, PATIENTS)
    return any_office


def take_in(office: Office, folder: Path, rows: str) -> None:
    """Patients become known to the practice."""
    take_in_rows(office.services, folder, HEADING + rows, office.world.now, seed=len(rows))


def take_in_patients(office: Office, folder: Path, count: int) -> list[str]:
    """So many patients at one address, without telephones; their dates of birth as they are keyed."""
    days = [f"{day:02}" for day in range(1, count + 1)]
    take_in(office, folder, "".join(f"Y-{day},Kid Example,1990-03-{day},{ZIP},,,en-US,IL\n" for day in days))
    return [f"03{day}1990" for day in days]


def asked(office: Office, from_: str) -> Party:
    """Somebody who is asked for a date of birth."""
    caller = office.dialled(from_=from_)
    for key in APPOINTMENT_OF_A_PATIENT:
        caller.presses(key)
    return caller


def tries(caller: Party, zip_code: str, birth: str = BIRTH) -> str:
    """Give a date of birth and a ZIP code, and no more; what is said to it."""
    caller.presses(birth)
    heard = caller.presses(zip_code).words
    return caller.presses(POUND).words if ASKED_FOR_MORE in heard else heard


def fails(office: Office, from_: str, times: int) -> None:
    """So many failures, at most three a call, each as soon as it counts."""
    for first in range(0, times, 3):
        caller = asked(office, from_)
        for _ in range(min(3, times - first)):
            until_counted(office, from_)
            tries(caller, WRONG_ZIP)


def until_counted(office: Office, from_: str) -> None:
    """Time goes by until the next failure of a number counts, and no longer."""
    limit = CROWD if from_ == HIDDEN else NUMBER
    failed = [
        row.at for row in office.rows(identity_try) if row.failed and (row.telephone == "hidden") == (from_ == HIDDEN)
    ]
    if limit.holds(failed, office.world.now):
        office.passes((max(failed) + limit.wait(len(failed)) - office.world.now).total_seconds())


def found(office: Office) -> list[str]:
    """What came of each try."""
    return [row.data["found"] for row in office.rows(event, event.c.kind == "identity-tried")]


def level_of(office: Office, caller: Party) -> str:
    return str(office.one(call, call.c.id == caller.leg.call_id).identity_level)


def test_a_number_that_failed_too_often_is_matched_with_nobody(line: Office) -> None:
    fails(line, CALLER, MOST_FAILURES)
    caller = asked(line, CALLER)
    wrong = tries(asked(line, OTHER), WRONG_ZIP)
    assert tries(caller, ZIP) == wrong
    assert level_of(line, caller) == "L0"
    assert "records-guessed-at" in line.alerts()


def test_one_failure_fewer_and_the_patient_is_found(line: Office) -> None:
    fails(line, CALLER, MOST_FAILURES - 1)
    until_counted(line, CALLER)
    caller = asked(line, CALLER)
    tries(caller, ZIP)
    assert level_of(line, caller) == "L1"
    assert "records-guessed-at" not in line.alerts()


def test_another_number_is_not_held_to_account(line: Office) -> None:
    fails(line, CALLER, MOST_FAILURES)
    caller = asked(line, OTHER)
    tries(caller, ZIP)
    assert level_of(line, caller) == "L1"


def test_after_a_day_the_number_starts_anew(line: Office) -> None:
    fails(line, CALLER, MOST_FAILURES)
    line.passes(timedelta(days=1).total_seconds())
    caller = asked(line, CALLER)
    tries(caller, ZIP)
    assert level_of(line, caller) == "L1"


def test_being_right_is_not_held_against_a_number(line: Office) -> None:
    for _ in range(MOST_FAILURES + 1):
        tries(asked(line, CALLER), ZIP)
    assert found(line) == ["one"] * (MOST_FAILURES + 1)


def tries_before(office: Office, ago: timedelta, count: int, **about: object) -> None:
    """So many tries of the caller's number, a second apart."""
    usual = {"practice_id": "maple", "call_id": "call", "telephone": "unknown", "own": False, "alerted": ""}
    source = office.rows(identity_try)[0].source
    with transaction(office.services) as work:
        rows = [
            {**usual, "source": source, "at": work.at - ago + timedelta(seconds=one), **about} for one in range(count)
        ]
        work.connection.execute(insert(identity_try), rows)


def test_many_successes_do_not_push_failures_out_of_sight(line: Office) -> None:
    tries(asked(line, CALLER), BERTS_ZIP, BERT)
    tries_before(line, timedelta(hours=6), MOST_FAILURES, about="ana", failed=True)
    tries_before(line, timedelta(hours=1), 500, about="bert", failed=False)
    caller = asked(line, CALLER)
    tries(caller, ZIP)
    assert level_of(line, caller) == "L0"


def test_many_successes_at_one_record_hide_neither_others_nor_an_alert(line: Office) -> None:
    tries(asked(line, CALLER), BERTS_ZIP, BERT)
    for one in range(RECORDS.last):
        alerted = {"alerted": "many-records-from-one-number"} if one == 2 else {}
        tries_before(line, timedelta(hours=6), 1, about=f"record-{one}", failed=False, **alerted)
    tries_before(line, timedelta(hours=1), 500, about="record-0", failed=False)
    caller = asked(line, CALLER)
    tries(caller, ZIP)
    assert level_of(line, caller) == "L0"
    assert line.alerts() == []


def test_hiding_the_number_does_not_escape_the_limit(line: Office) -> None:
    fails(line, HIDDEN, MOST_FAILURES_HIDDEN)
    caller = asked(line, HIDDEN)
    tries(caller, ZIP)
    assert level_of(line, caller) == "L0"
    known = asked(line, CALLER)
    tries(known, BERTS_ZIP, BERT)
    assert level_of(line, known) == "L1"


def test_a_guess_that_comes_too_early_makes_nobody_wait_longer(line: Office) -> None:
    fails(line, CALLER, NUMBER.first)
    for _ in range(4):
        tries(asked(line, CALLER), WRONG_ZIP)
    line.passes(NUMBER.wait(NUMBER.first).total_seconds())
    caller = asked(line, CALLER)
    tries(caller, ZIP)
    assert level_of(line, caller) == "L1"


def guesses_from_many_numbers(office: Office) -> None:
    for number in range(RECORD.first):
        tries(asked(office, f"+1312555016{number}"), WRONG_ZIP)


def test_one_patient_tried_from_many_numbers_is_slowed_for_all_of_them_and_told_once(line: Office) -> None:
    guesses_from_many_numbers(line)
    caller = asked(line, OTHER)
    wrong = tries(asked(line, OTHER), WRONG_ZIP, "01011950")
    assert tries(caller, ZIP) == wrong
    assert level_of(line, caller) == "L0"
    another = asked(line, OTHER)
    tries(another, BERTS_ZIP, BERT)
    assert level_of(line, another) == "L1"
    line.passes(RECORD.wait(RECORD.first).total_seconds())
    tries(asked(line, OTHER), WRONG_ZIP)
    assert line.alerts() == ["record-guessed-at"]


def test_who_was_tried_is_in_no_event_nor_alert(line: Office) -> None:
    guesses_from_many_numbers(line)
    patients = {row.id for row in line.rows(patient)} | {row.date_of_birth_hash for row in line.rows(patient)}
    written = str([row.data for row in line.rows(event)]) + str(line.rows(identity_try))
    assert not any(one in written for one in patients)


def test_a_patient_s_own_telephone_is_not_held_by_what_others_try(line: Office) -> None:
    for number in range(RECORD.first):
        tries(asked(line, f"+1312555016{number}"), WRONG_ZIP, BERT)
    held, own = asked(line, OTHER), asked(line, BERTS_PHONE)
    tries(held, BERTS_ZIP, BERT)
    tries(own, BERTS_ZIP, BERT)
    assert (level_of(line, held), level_of(line, own)) == ("L0", "L1")


def test_records_of_one_day_of_birth_are_guarded_as_one(line: Office, tmp_path: Path) -> None:
    """Whoever tries a date of birth tries everybody born that day."""
    take_in(line, tmp_path, "X-1,Twin Example,1988-02-29,60697,,,en-US,IL\n")
    guesses_from_many_numbers(line)
    twin = asked(line, OTHER)
    tries(twin, "60697")
    assert level_of(line, twin) == "L0"


def test_many_patients_from_one_number_are_told_once_and_slowed(line: Office, tmp_path: Path) -> None:
    births = take_in_patients(line, tmp_path, RECORDS.first + 2)
    for birth in births[: RECORDS.first]:
        tries(asked(line, CALLER), ZIP, birth)
    assert line.alerts() == ["many-records-from-one-number"]
    again, another = asked(line, CALLER), asked(line, CALLER)
    tries(again, ZIP, births[0])
    tries(another, ZIP, births[-1])
    assert (level_of(line, again), level_of(line, another)) == ("L1", "L0")
    line.passes(RECORDS.wait(RECORDS.first).total_seconds())
    later = asked(line, CALLER)
    tries(later, ZIP, births[-1])
    assert level_of(line, later) == "L1"
    assert line.alerts() == ["many-records-from-one-number"]


def test_a_burst_at_a_practice_slows_telephones_that_nobody_knows_and_no_others(line: Office) -> None:
    with transaction(line.services) as work:
        about = {"at": work.at, "practice_id": "maple", "telephone": "unknown", "own": False, "failed": True}
        rows = [
            {**about, "call_id": f"call-{one}", "source": f"phone-{one}", "alerted": ""}
            for one in range(BULK_FAILURES - 1)
        ]
        work.connection.execute(insert(identity_try), rows)
    tries(asked(line, CALLER), WRONG_ZIP)
    unknown, known = asked(line, OTHER), asked(line, BERTS_PHONE)
    tries(unknown, ZIP)
    tries(known, ZIP)
    assert (level_of(line, unknown), level_of(line, known)) == ("L0", "L1")
    line.passes(BULK_PACE.total_seconds())
    tries(asked(line, OTHER), WRONG_ZIP)
    assert line.alerts() == ["records-guessed-at-in-bulk"]


def test_every_try_is_in_the_trail_with_level_and_kind_of_telephone_and_without_values(line: Office) -> None:
    fails(line, CALLER, NUMBER.first)
    tries(asked(line, CALLER), ZIP)
    tries(asked(line, BERTS_PHONE), BERTS_ZIP, BERT)
    tries(asked(line, HIDDEN), BERTS_ZIP, "01011950")
    trail = line.rows(audit_row, audit_row.c.action == "patient.identify")[2 * NUMBER.first - 2 :]
    assert [(row.outcome, row.reason) for row in trail] == [
        *[("none", "level l0, unknown telephone")] * 2,
        *[("locked", "level l0, unknown telephone, refused by limit of number")] * 2,
        ("one", "level l1, on-file telephone"),
        *[("none", "level l0, hidden telephone")] * 2,
    ]


def test_a_number_that_is_expensive_to_ring_is_not_rung_and_the_supervisors_hear_of_it(line: Office) -> None:
    goes_on(line.world, dial(line.world), (*BILLING_OF_A_PATIENT, BIRTH, ZIP, "2", "8765551234", "0"))
    run(line.world, 10)
    made = line.one(promise)
    assert line.services.cipher.open("maple", FIELD, name_row(promise, made.id), made.number_sealed) == CALLER
    assert line.alerts() == ["typed-number-refused"]


def test_a_clinician_s_pins_and_what_they_heard_are_in_the_trail(world: World) -> None:
    goes_on(world, dial(world), EMERGENCY)
    until_it_rings(world, DR_LEE)
    goes_on(world, world.net.phone(DR_LEE).answer(), (f"{WRONG_PIN}#", f"{PIN}#"))
    with world.services.database.read() as connection:
        told = connection.execute(select(audit_row).where(audit_row.c.actor == "dr-lee")).all()
    assert [(row.action, row.outcome) for row in told] == [
        ("oncall.pin", "denied"),
        ("oncall.pin", "ok"),
        ("oncall.hear", "ok"),
    ]
    assert {row.call_id for row in told} == {Office(world).one(call).id}
