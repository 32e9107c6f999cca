"""Guesses that are made at the same moment all count."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import update

from callflows.vocabulary import PinChecked, Pressed
from ivr.accounts import throttle
from ivr.audit.tables import audit_row
from ivr.calls import legs
from ivr.core.database import Database
from ivr.core.unit_of_work import transaction
from ivr.oncall import pins
from ivr.oncall.tables import page, pin
from rehearsals.provisioning import PIN, WRONG_PIN
from routing.identity_tries import RECORD, RECORDS
from tests.calls.office import CALLER, NIGHT, Office
from tests.calls.test_identity_throttle import (
    MOST_FAILURES,
    WRONG_ZIP,
    ZIP,
    asked,
    fails,
    line,
    take_in_patients,
    tries,
    until_counted,
)
from tests.races.threads import at_once

__all__ = ["line"]
GUESSES = 8


def test_no_more_first_tries_are_admitted_than_cost_nothing(database: Database) -> None:
    attempt = throttle.Try.of("secret", "rosa", "192.0.2.1")

    def guess() -> bool:
        with database.write() as connection:
            return throttle.admit_try(connection, attempt, NIGHT)

    assert sum(at_once(*[guess] * GUESSES)) == throttle.SOURCE.free


def test_a_pin_is_locked_by_guesses_of_several_telephones_at_once(any_office: Office) -> None:
    caller = any_office.dialled()
    caller.plays("11")
    caller.says("my chest hurts")
    paged = any_office.one(page)
    nearly = update(pin).where(pin.c.person_id == paged.person_id).values(failures=pins.MOST_FAILURES - 2)
    with any_office.services.database.write() as connection:
        connection.execute(nearly)

    def key(digits: str) -> object:
        with transaction(any_office.services) as work:
            return pins.check_keyed_pin(work, legs.lock(work, paged.leg_id), Pressed(digits))

    at_once(*[partial(key, WRONG_PIN)] * 4)
    assert any_office.one(pin, pin.c.person_id == paged.person_id).failures == pins.MOST_FAILURES
    assert key(PIN) == PinChecked(False)
    assert any_office.alerts() == ["pin-locked"]


def outcomes(office: Office) -> list[str]:
    """What came of each try, as the audit trail has it."""
    return [row.outcome for row in office.rows(audit_row, audit_row.c.action == "patient.identify")]


def test_records_are_not_guessed_at_by_several_calls_of_one_number_at_once(line: Office) -> None:
    fails(line, CALLER, MOST_FAILURES - 1)
    at_the_zip = [asked(line, CALLER) for _ in range(3)]
    until_counted(line, CALLER)
    at_once(*[partial(tries, caller, WRONG_ZIP) for caller in at_the_zip])
    assert outcomes(line) == ["none"] * MOST_FAILURES + ["locked"] * 2


def test_one_patient_is_not_guessed_at_from_many_numbers_at_once(line: Office) -> None:
    """Each number fails less often than any limit of its own; together they are slowed at the fifth failure."""
    callers = [asked(line, f"+1312555016{number}") for number in range(8)]
    at_once(*[partial(tries, caller, WRONG_ZIP) for caller in callers])
    assert sorted(outcomes(line)) == ["locked"] * (len(callers) - RECORD.first) + ["none"] * RECORD.first
    assert line.alerts() == ["record-guessed-at"]


def test_ever_other_patients_are_not_looked_for_from_one_number_at_once(line: Office, tmp_path: Path) -> None:
    births = take_in_patients(line, tmp_path, 9)
    callers = [asked(line, CALLER) for _ in births]
    at_once(*[partial(tries, caller, ZIP, birth) for caller, birth in zip(callers, births, strict=True)])
    assert sorted(outcomes(line)) == ["locked"] * (len(births) - RECORDS.first) + ["one"] * RECORDS.first
    assert line.alerts() == ["many-records-from-one-number"]
