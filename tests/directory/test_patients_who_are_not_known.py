"""What is filled in where nothing is known recognises nobody, and the record that has it comes in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from callflows.identity import Rule
from ivr.core.cipher import name_row
from ivr.installation.command_line import Installation
from ivr.patients.lookup import Match, find, match_answers
from ivr.patients.phone_on_file import read_phone
from ivr.patients.representatives.lookup import list_speakers
from ivr.patients.tables import patient, patient_key
from tests.directory import test_patients_as_they_are as as_they_are
from tests.directory.conftest import AT
from tests.directory.test_patients_as_they_are import imported, reported, written
from tests.directory.test_representatives_import import row_of

ready = as_they_are.ready
pytestmark = pytest.mark.sqlite_first

HEADER = "id,name,date_of_birth,zip,phone,mrn\n"
KNOWN: Mapping[str, str] = {
    "name": "Cy Poe",
    "date_of_birth": "1980-03-14",
    "zip": "60601",
    "phone": "3125550142",
    "mrn": "440187",
}
UNKNOWN: Mapping[str, tuple[str, ...]] = {
    "date_of_birth": (
        *("1900-01-01", "01/01/1900", "1/1/1900", "01011900", "1900-01-01 00:00:00", "1901-01-01", "1111-11-11"),
        *("1800-01-01", "9999-12-31", "12/31/9999", "0000-00-00", "00/00/0000", "1753-01-01", "1899-12-30"),
    ),
    "zip": ("00000", "99999", "99999-9999", "55555", "000000000", "0"),
    "phone": (
        *("0000000000", "(999) 999-9999", "1111111111", "1-555-555-5555", "+15551234567", "123-456-7890"),
        *("555-0100", "312-555-0100", "312-555-1212", "7733333333", "999-9999", "0"),
    ),
    "mrn": ("0", "1", "77", "A-1", "999999", "000000", "MR-0000", "123456", "12345", "987654321", "PENDING"),
    "name": ("X", "xx", "Z Z", "x."),
}
REAL: Mapping[str, tuple[str, ...]] = {
    "date_of_birth": ("1970-01-01", "1910-01-01", "2000-01-01"),
    "zip": ("12345", "44444", "02134"),
    "phone": ("3125550142", "+442079460958", "2345678902"),
    "mrn": ("4711", "A0001", "1011", "10000"),
    "name": ("X Poe", "Bo", "\u674e \u5a1c"),
}
BY_NUMBERS, BY_NAME = ("phone", "mrn"), ("name", "date_of_birth")
SAID = {"phone": "phone_on_file"}


def row(external_id: str, **changed: str) -> str:
    return ",".join([external_id, *(KNOWN | changed).values()]) + "\n"


def match(ready: Installation, need: int, **items: str) -> Match:
    said = {name: [(given,)] for name, given in items.items()}
    with ready.database.read() as connection:
        return match_answers(connection, ready.cipher, "maple", said, Rule(need, ()), "en-US")


def hashes(ready: Installation, field: str) -> list[str | None]:
    with ready.database.read() as connection:
        return list(connection.execute(select(patient.c[f"{field}_hash"])).scalars())


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in UNKNOWN.items() for value in values])
def test_nobody_is_recognised_by_what_stands_for_nothing(
    ready: Installation, tmp_path: Path, field: str, value: str
) -> None:
    file = written(tmp_path, HEADER + row("1", **{field: value}))
    taken = imported(ready, file, "--report", f"{file}.report.csv")
    assert taken.exit_code == 0
    assert f"the {field} of 1 record stands for nothing, and nobody is recognised by it (line 2)" in taken.output
    assert [(line, became, about) for line, became, about, _ in reported(file)] == [(2, "look at it", field)]
    assert hashes(ready, field) == [None]
    two = {SAID.get(name, name): KNOWN[name] for name in (BY_NUMBERS if field not in BY_NUMBERS else BY_NAME)}
    assert match(ready, 2, **two).kind == "one"
    assert match(ready, 3, **two, **{SAID.get(field, field): value}).kind == "none"
    with ready.database.read() as connection:
        assert find(connection, ready.cipher, "maple", **{field: value}) == ()
        sounds = connection.execute(select(func.count()).select_from(patient_key)).scalar_one()
    assert (sounds == 0) == (field == "name")


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in REAL.items() for value in values])
def test_what_is_odd_and_real_recognises_as_ever(ready: Installation, tmp_path: Path, field: str, value: str) -> None:
    taken = imported(ready, written(tmp_path, HEADER + row("1", **{field: value})))
    assert (taken.exit_code, "stands for nothing" in taken.output) == (0, False)
    assert hashes(ready, field) != [None]


def test_how_many_there_are_is_told_by_column_with_the_first_lines_and_no_value(
    ready: Installation, tmp_path: Path
) -> None:
    rows = "".join(row(f"x{number}", date_of_birth="1900-01-01", zip="60601") for number in range(6))
    file = written(tmp_path, HEADER + rows + row("y", zip="99999"))
    taken = imported(ready, file)
    assert taken.exit_code == 0
    assert (
        "the date_of_birth of 6 records stands for nothing, and nobody is recognised by it (lines 2, 3, 4 and 3 more)"
        in taken.output
    )
    assert "the zip of 1 record stands for nothing, and nobody is recognised by it (line 8)" in taken.output
    assert not [value for value in ("1900", "99999", "Cy Poe") if value in taken.output]
    assert "may be two records" not in taken.output.replace("what may be two records of one person", "")


def test_nobody_is_a_candidate_by_a_number_that_stands_for_nothing(ready: Installation, tmp_path: Path) -> None:
    one, other = (row(name, mrn="999999", name=f"{name} Poe") for name in ("Ana", "Bea"))
    file = written(tmp_path, HEADER + one + other)
    assert imported(ready, file, "--report", f"{file}.report.csv").exit_code == 0
    assert {reason for *_, reason in reported(file)} == {"the mrn is what is filled in where none is known"}


def test_whoever_was_taken_in_before_is_recognised_no_more_and_a_later_import_mends_the_row(
    ready: Installation, tmp_path: Path
) -> None:
    file = written(tmp_path, HEADER + row("1", phone="9999999999", date_of_birth="1900-01-01"))
    imported(ready, file)
    as_before(ready, date_of_birth="1900-01-01", phone="+19999999999")
    assert match(ready, 2, date_of_birth="01011900", zip="60601").kind == "none"
    assert match(ready, 2, phone_on_file="9999999999", zip="60601").kind == "none"
    with ready.database.read() as connection:
        who = connection.execute(select(patient.c.id)).scalar_one()
        assert read_phone(connection, ready.cipher, "maple", who) is None
    assert "updated 1" in imported(ready, file).output
    assert hashes(ready, "phone") == hashes(ready, "date_of_birth") == [None]


def as_before(ready: Installation, **forms: str) -> None:
    """Let the row be as a release wrote it that took every value for an item."""
    with ready.database.write() as connection:
        kept = {f"{name}_hash": ready.cipher.lookup_hash("maple", name, form) for name, form in forms.items()}
        connection.execute(update(patient).values(**kept, content_hash="of before"))


def test_a_name_of_one_letter_that_was_taken_in_before_is_nobody_s(ready: Installation, tmp_path: Path) -> None:
    imported(ready, written(tmp_path, HEADER + row("1")))
    with ready.database.write() as connection:
        (one,) = connection.execute(select(patient.c.id, patient.c.external_id_hash))
        bound = name_row(patient, one.external_id_hash)
        connection.execute(update(patient).values(name_sealed=ready.cipher.seal("maple", "name", bound, "X")))
    assert match(ready, 2, name="x", zip="60601").kind == "none"


def test_a_fhir_patient_with_a_day_of_no_birth_comes_in(ready: Installation, tmp_path: Path) -> None:
    resource = {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"family": "Okoye", "given": ["Teresa"]}],
        "birthDate": "1800-01-01",
        "address": [{"postalCode": "99999"}],
    }
    taken = imported(ready, written(tmp_path, json.dumps(resource), "patients.ndjson"))
    assert taken.exit_code == 0
    assert "the date_of_birth of 1 record stands for nothing" in taken.output


def test_nobody_speaks_for_a_patient_by_a_day_that_stands_for_nothing(ready: Installation, tmp_path: Path) -> None:
    imported(ready, written(tmp_path, HEADER + row("e1", date_of_birth="2012-03-14")))
    rows = "id,represents,name,relation,date_of_birth\ns1,e1,Ana Poe,parent,1900-01-01\n"
    taken = imported(ready, written(tmp_path, rows, "representatives.csv"))
    assert taken.exit_code == 0
    assert "the date_of_birth of 1 record stands for nothing" in taken.output
    assert row_of(ready, "s1").date_of_birth_hash is None
    with ready.database.read() as connection:
        (speaker,) = list_speakers(connection, ready.cipher, "maple", row_of(ready, "s1").patient_id, AT.date())
    assert (speaker.held.name, speaker.held.date_of_birth) == ("Ana Poe", "")


@pytest.mark.parametrize("number", ["+12105550110", "(312) 555-0101"], ids=["another practice", "the backline"])
def test_a_number_that_patients_dial_is_no_patient_s(ready: Installation, tmp_path: Path, number: str) -> None:
    file = written(tmp_path, HEADER + row("1", phone=number) + row("2", mrn="440188"))
    taken = imported(ready, file, "--report", f"{file}.report.csv")
    assert taken.exit_code == 0
    assert "the phone of 1 record is one that patients dial" in taken.output
    assert [one[:3] for one in reported(file) if one[2] == "phone"] == [(2, "look at it", "phone")]
    assert match(ready, 2, mrn="440187", phone_on_file=number).kind == "none"
    assert match(ready, 2, mrn="440187", name="Cy Poe").kind == "one"
    assert "unchanged 2" in imported(ready, file).output
