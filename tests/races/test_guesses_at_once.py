"""Guesses that are made at the same moment all count."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import update

from callflows.vocabulary import PinChecked, Pressed
from ivr.accounts import throttle
from ivr.audit.tables import audit_row
from ivr.calls import legs
from ivr.calls.identity_throttle import MOST_FAILURES
from ivr.core.database import Database
from ivr.core.unit_of_work import transaction
from ivr.oncall import pins
from ivr.oncall.tables import page, pin
from rehearsals.provisioning import PIN, WRONG_PIN
from tests.calls.office import CALLER, NIGHT, Office
from tests.calls.test_identity_throttle import WRONG_ZIP, asked, fails, line, tries
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


@pytest.mark.parametrize("callers", [3])
def test_records_are_not_guessed_at_by_several_calls_of_one_number_at_once(line: Office, callers: int) -> None:
    fails(line, CALLER, MOST_FAILURES - 1)
    at_the_zip = [asked(line, CALLER) for _ in range(callers)]
    before = len(line.rows(audit_row, audit_row.c.action == "patient.identify"))
    at_once(*[partial(tries, caller, WRONG_ZIP) for caller in at_the_zip])
    outcomes = [row.outcome for row in line.rows(audit_row, audit_row.c.action == "patient.identify")][before:]
    assert outcomes.count("none") == 1
    assert set(outcomes) == {"none", "locked"}
