"""Guessing at patients' records over many calls, and numbers that somebody else would pay for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls.addresses import FIELD
from ivr.calls.event_tables import event
from ivr.calls.identity_throttle import MOST_FAILURES, MOST_FAILURES_HIDDEN
from ivr.calls.tables import call
from ivr.core.cipher import name_row
from ivr.core.ids import seeded_ids
from ivr.patients.importing import carry_out, plan_import, read_patients
from ivr.patients.sealing import seal_patients
from rehearsals.provisioning import PIN, WRONG_PIN
from rehearsals.world import World
from tests.calls.office import CALLER, Office, Party
from tests.calls.scenes import EMERGENCY, dial, goes_on, run, until_it_rings

pytestmark = pytest.mark.sqlite_first

OTHER = "+13125550177"
BIRTH, ZIP, WRONG_ZIP = "02291988", "60699", "60601"
POUND, ASKED_FOR_MORE = "", "To go on without it, press pound"
PATIENT = ("id,name,date_of_birth,zip,mrn,phone,language,state\n"
           "X-9,Ana Example,1988-02-29,60699,77310942,,en-US,IL\n")  # fmt: skip
APPOINTMENT_OF_A_PATIENT = ("1", "2", "1")
BILLING_OF_A_PATIENT = ("1", "4", "1")
DR_LEE = "+13125550181"


@pytest.fixture
def line(any_office: Office, tmp_path: Path) -> Office:
    """An office that knows one patient."""
    file = tmp_path / "patients.csv"
    file.write_text(PATIENT, "utf-8")
    services = any_office.services
    sealed = seal_patients(services.cipher, "maple", read_patients(file, any_office.world.now))
    with services.database.write() as connection:
        carry_out(connection, plan_import(connection, sealed, any_office.world.now, seeded_ids(7)))
    return any_office


def asked(office: Office, from_: str) -> Party:
    """Somebody who is asked for a date of birth."""
    caller = office.dialled(from_=from_)
    for key in APPOINTMENT_OF_A_PATIENT:
        caller.presses(key)
    return caller


def tries(caller: Party, zip_code: str) -> str:
    """Give a date of birth and a ZIP code, and no more; what is said to it."""
    caller.presses(BIRTH)
    heard = caller.presses(zip_code).words
    return caller.presses(POUND).words if ASKED_FOR_MORE in heard else heard


def fails(office: Office, from_: str, times: int) -> None:
    """So many failures, at most three a call."""
    for first in range(0, times, 3):
        caller = asked(office, from_)
        for _ in range(min(3, times - first)):
            tries(caller, WRONG_ZIP)


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


def test_hiding_the_number_does_not_escape_the_limit(line: Office) -> None:
    fails(line, "Anonymous", MOST_FAILURES_HIDDEN)
    caller = asked(line, "Anonymous")
    tries(caller, ZIP)
    assert level_of(line, caller) == "L0"
    known = asked(line, CALLER)
    tries(known, ZIP)
    assert level_of(line, known) == "L1"


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
