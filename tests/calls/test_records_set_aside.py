"""A caller who gives everything of a record by which nobody is to be recognised."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audit.tables import audit_row
from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.patients.tables import patient
from tests.calls.office import CALLER, Office, Party
from tests.taking_in import take_in_rows

pytestmark = pytest.mark.sqlite_first

HEADER = "id,name,date_of_birth,zip,deceased,active,replaced_by\n"
IN_USE = "X-9,Ana Example,1988-02-29,60699,,,\n"
BIRTH, ZIP, WRONG_ZIP = "02291988", "60699", "60601"
POUND = ""
APPOINTMENT_OF_A_PATIENT = ("1", "2", "1")


def take_in(office: Office, folder: Path, row: str, number: int) -> None:
    take_in_rows(office.services, folder, HEADER + row, office.world.now, seed=number)


def tries(office: Office, zip_code: str) -> tuple[Party, str]:
    """Somebody who wants an appointment, and what is said to a date of birth, a ZIP code and no name."""
    caller = office.dialled(from_=CALLER)
    for key in (*APPOINTMENT_OF_A_PATIENT, BIRTH):
        caller.presses(key)
    caller.presses(zip_code)
    return caller, caller.presses(POUND).words


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (IN_USE.replace("60699,,", "60699,true,"), "deceased"),
        (IN_USE.replace("60699,,", "60699,,false"), "inactive"),
        (IN_USE.replace("60699,,,", "60699,,,Y-1"), "replaced"),
    ],
)
def test_they_are_nobody_hear_what_everybody_hears_and_staff_are_told(
    any_office: Office, tmp_path: Path, row: str, why: str
) -> None:
    take_in(any_office, tmp_path, IN_USE, 1)
    take_in(any_office, tmp_path, row, 2)
    _, usual = tries(any_office, WRONG_ZIP)
    assert any_office.alerts() == []
    caller, heard = tries(any_office, ZIP)
    assert heard == usual
    known = any_office.one(call, call.c.id == caller.leg.call_id)
    assert (known.patient_id, known.identity_level) == (None, "L0")
    record = any_office.one(patient).id
    (alert,) = any_office.rows(event, event.c.kind == "alert")
    assert (alert.call_id, alert.data) == (known.id, {"what": "record-set-aside", "patient": record, "why": why})
    tried = any_office.rows(audit_row, audit_row.c.action == "patient.identify")
    assert [(one.outcome, one.patient_id) for one in tried] == [("none", record)] * 2 + [(why, record)] * 2
