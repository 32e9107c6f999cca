"""Taking in patients: all or nothing, nobody twice, nothing readable left behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ivr.core.cipher import name_row
from ivr.core.clock import SteppedClock
from ivr.core.database import Database
from ivr.installation.command_line import Installation
from ivr.patients.card import read_card
from ivr.patients.importing import Counts, read_patients
from ivr.patients.lookup import find
from ivr.patients.records import PatientsRefused
from ivr.patients.source import UnreadableFile
from ivr.patients.tables import patient
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import LocalMaster
from tests import taking_in
from tests.directory.conftest import AT

HEADER = "id,name,date_of_birth,zip,phone,mrn,language,state,phone_since,deceased\n"
ANA = 'e1,"Ana María Ruiz",1980-03-14,02134,(312) 555-0142,MR-0042,es,Illinois,2020-01-02,\n'
BO = "e2,Bo Lund,03/14/1980,60601-1234,+13125550143,7703,en-US,IL,,false\n"


@pytest.fixture
def keyed(installation: Installation) -> Installation:
    for practice in ("maple", "riverside"):
        installation.keys.ensure(practice, AT)
    return installation


def take_in(
    installation: Installation, path: Path, practice: str = "maple", days: int = 0, phones_since: date | None = None
) -> Counts:
    at = AT + timedelta(days=days)
    return taking_in.take_in(installation, path, at, practice=practice, seed=days, phones_since=phones_since)


def csv_file(folder: Path, *rows: str) -> Path:
    path = folder / "patients.csv"
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def only_id(installation: Installation, **items: str) -> str:
    with installation.database.read() as connection:
        (found,) = find(connection, installation.cipher, "maple", **items)
    return found


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(patient)).scalar_one()


def test_a_patient_can_be_found_and_opened_again(keyed: Installation, tmp_path: Path) -> None:
    assert take_in(keyed, csv_file(tmp_path, ANA, BO)) == Counts(created=2)
    with keyed.database.read() as connection:
        (who,) = find(connection, keyed.cipher, "maple", date_of_birth="03141980", phone="312 555 0142")
        card = read_card(connection, keyed.cipher, "maple", who)
        assert read_card(connection, keyed.cipher, "riverside", who) is None
    assert card is not None
    assert (card.name, card.zip, card.mrn, card.language, card.state, card.phone_since) == (
        "Ana María Ruiz",
        "02134",
        "MR-0042",
        "es-US",
        "IL",
        date(2020, 1, 2),
    )
    assert "Ana" not in repr(card)


def test_taking_in_the_same_file_again_changes_nothing(keyed: Installation, tmp_path: Path) -> None:
    path = csv_file(tmp_path, ANA, BO)
    take_in(keyed, path)
    assert take_in(keyed, path, days=1) == Counts(unchanged=2)
    assert count(keyed.database) == 2


def test_a_changed_record_is_updated_under_the_same_id(keyed: Installation, tmp_path: Path) -> None:
    take_in(keyed, csv_file(tmp_path, ANA, BO))
    before = only_id(keyed, mrn="7703")
    moved = BO.replace("60601-1234", "60614")
    assert take_in(keyed, csv_file(tmp_path, ANA, moved), days=1) == Counts(updated=1, unchanged=1)
    assert only_id(keyed, zip="60614") == before
    assert count(keyed.database) == 2


@pytest.mark.parametrize(
    ("change", "since"),
    [
        (("60601-1234", "60614"), AT.date()),
        (("+13125550143", "+13125550199"), AT.date() + timedelta(days=9)),
        (("IL,,", "IL,2026-01-31,"), date(2026, 1, 31)),
    ],
)
def test_a_new_number_counts_as_known_from_the_day_it_came(
    keyed: Installation, tmp_path: Path, change: tuple[str, str], since: date
) -> None:
    take_in(keyed, csv_file(tmp_path, BO))
    take_in(keyed, csv_file(tmp_path, BO.replace(*change)), days=9)
    with keyed.database.read() as connection:
        assert connection.execute(select(patient.c.phone_since)).scalar_one() == since


def test_the_day_of_old_numbers_can_be_given_for_a_whole_file(keyed: Installation, tmp_path: Path) -> None:
    take_in(keyed, csv_file(tmp_path, ANA, BO), phones_since=date(2025, 5, 1))
    with keyed.database.read() as connection:
        days = set(connection.execute(select(patient.c.phone_since)).scalars())
    assert days == {date(2020, 1, 2), date(2025, 5, 1)}


def test_two_practices_never_see_each_others_patients(keyed: Installation, tmp_path: Path) -> None:
    path = csv_file(tmp_path, ANA)
    take_in(keyed, path)
    assert take_in(keyed, path, "riverside", days=1) == Counts(created=1)
    with keyed.database.read() as connection:
        ours = find(connection, keyed.cipher, "maple", mrn="MR-0042")
        theirs = find(connection, keyed.cipher, "riverside", mrn="MR-0042")
        hashes = set(connection.execute(select(patient.c.mrn_hash)).scalars())
    assert len(ours) == len(theirs) == 1
    assert ours != theirs
    assert len(hashes) == 2


def test_who_died_is_kept_from_callers(keyed: Installation, tmp_path: Path) -> None:
    take_in(keyed, csv_file(tmp_path, ANA))
    dead = csv_file(tmp_path, ANA.replace(",\n", ",true\n"), BO.replace("false", "true"))
    assert take_in(keyed, dead, days=1) == Counts(updated=1, skipped=1)
    with keyed.database.read() as connection:
        assert find(connection, keyed.cipher, "maple", mrn="MR-0042") == ()


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("e3,,1980-01-01,,,,,,,\n", "the name is missing"),
        ("e3,Cy Poe,,,,,,,,\n", "the date_of_birth is missing"),
        ("e3,Cy Poe,1980-02-30,,,,,,,\n", "the date_of_birth cannot be read"),
        ("e3,Cy Poe,2030-01-01,,,,,,,\n", "the date_of_birth is in the future"),
        ("e3,Cy Poe,1980-01-01,6061,,,,,,\n", "the zip cannot be read"),
        ("e3,Cy Poe,1980-01-01,,12,,,,,\n", "the phone cannot be read"),
        ("e3,Cy Poe,1980-01-01,,,--,,,,\n", "the mrn cannot be read"),
        ("e3,Cy Poe,1980-01-01,,,,english,,,\n", "the language cannot be read"),
        ("e3,Cy Poe,1980-01-01,,,,,Lima,,\n", "the state cannot be read"),
        ("e3,Cy Poe,1980-01-01,,,,,,soon,\n", "the phone_since cannot be read"),
        ("e3,Cy Poe,1980-01-01,,,,,,,maybe\n", "the deceased cannot be read"),
        (",Cy Poe,1980-01-01,,,,,,,\n", "the id is missing"),
        ("e1,Cy Poe,1980-01-01,,,,,,,\n", "the id of line 2 is used again"),
        ("e3,Cy Poe,1980-01-01\n", "3 cells stand under 10 columns"),
    ],
)
def test_a_faulty_row_is_named_by_line_and_nothing_is_taken_in(tmp_path: Path, row: str, what: str) -> None:
    with pytest.raises(PatientsRefused) as refused:
        read_patients(csv_file(tmp_path, ANA, BO, row), AT)
    assert [(one.line, one.what) for one in refused.value.problems] == [(4, what)]
    for private in ("Cy Poe", "1980-02-30", "6061", "Lima"):
        assert private not in str(refused.value)


@pytest.mark.parametrize(
    "row", ['b,"Jo Roe,1980-03-14\n', 'b,"Jo" Roe,1980-03-14\n', f"b,{'x' * 200_000},1980-03-14\n"]
)
def test_a_line_that_is_no_csv_is_named_and_nothing_of_it_repeated(tmp_path: Path, row: str) -> None:
    path = tmp_path / "patients.csv"
    path.write_text(f"id,name,date_of_birth\na,Mo Doe,1980-03-14\n{row}", "utf-8")
    with pytest.raises(PatientsRefused, match=":3: the line is no CSV") as refused:
        read_patients(path, AT)
    assert "Roe" not in str(refused.value)


def test_a_row_over_two_lines_is_named_by_its_first(tmp_path: Path) -> None:
    with pytest.raises(PatientsRefused) as refused:
        read_patients(csv_file(tmp_path, 'e1,"Ana\nRuiz",1980-03-14,6061,,,,,,\n'), AT)
    assert [one.line for one in refused.value.problems] == [2]


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("id,name,dob\n", "unknown column 'dob'"),
        ("id,name\n", "the column date_of_birth is missing"),
        ("id,name,date_of_birth,name\n", "a column is named twice"),
        ("", "the file is empty"),
    ],
)
def test_a_wrong_header_is_refused(tmp_path: Path, header: str, what: str) -> None:
    path = tmp_path / "patients.csv"
    path.write_text(header)
    with pytest.raises(PatientsRefused) as refused:
        read_patients(path, AT)
    assert what in {one.what for one in refused.value.problems}


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "patients.xlsx").write_bytes(b"")
    with pytest.raises(UnreadableFile, match="export patients"):
        read_patients(tmp_path / "patients.xlsx", AT)


def test_bytes_that_are_no_text_are_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_bytes(b"id,name,date_of_birth\n\xff,x,1980-03-14\n")
    with pytest.raises(PatientsRefused, match=r":2: the line has bytes that are no text; save it as UTF-8"):
        read_patients(path, AT)


def ndjson(folder: Path, *resources: object) -> Path:
    path = folder / "patients.ndjson"
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources))
    return path


def test_a_fhir_patient_is_read_by_its_codes(tmp_path: Path) -> None:
    resource = {
        "resourceType": "Patient",
        "id": "p1",
        "name": [
            {"use": "nickname", "text": "Tess"},
            {"use": "official", "family": "Okoye", "given": ["Teresa", "Ada"]},
        ],
        "birthDate": "1991-07-02",
        "identifier": [
            {"value": "x"},
            {"type": {"coding": [{"code": "SS"}]}, "value": "999-11-2222"},
            {"type": {"coding": [{"code": "MR"}]}, "value": "M-7"},
        ],
        "telecom": [
            {"system": "phone", "use": "old", "value": "312-555-0100"},
            {"system": "phone", "use": "home", "value": "312-555-0101"},
            {"system": "phone", "use": "mobile", "value": "312-555-0102", "period": {"start": "2024-02-03"}},
        ],
        "address": [
            {"use": "old", "postalCode": "1", "state": "TX"},
            {"use": "home", "postalCode": "02134", "state": "MA"},
        ],
        "communication": [
            {"language": {"coding": [{"code": "en"}]}},
            {"language": {"coding": [{"code": "es"}]}, "preferred": True},
        ],
    }
    (record,) = read_patients(ndjson(tmp_path, resource), AT)
    assert dict(record.values) == {
        "name": "Teresa Ada Okoye",
        "date_of_birth": "1991-07-02",
        "zip": "02134",
        "mrn": "M-7",
        "phone": "312-555-0102",
    }
    assert (record.language, record.state, record.phone_since) == ("es-US", "MA", date(2024, 2, 3))


@pytest.mark.parametrize("line", ["{", "[]", '{"resourceType": "Observation"}', '"Patient"', "[" * 100_000])
def test_a_line_that_is_no_patient_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "patients.ndjson"
    path.write_text(f"\n{line}\n")
    with pytest.raises(PatientsRefused, match=r"patients\.ndjson:2: the line is not a FHIR Patient"):
        read_patients(path, AT)


def marks(path: Path) -> Iterator[str]:
    for record in read_patients(path, AT):
        yield from (record.external_id, *(text for text in record.values.values() if len(text) > 5))


def test_real_records_are_taken_in_once_and_leave_nothing_readable(
    sqlite_template: Path, tmp_path: Path, test_data: Path
) -> None:
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'database.db')}")
    keys = KeyStore(database, LocalMaster(tmp_path / "master.json", create=True))
    keys.ensure("maple", AT)
    installation = Installation(database, keys, SteppedClock(AT), "rosa", demo=False)
    path = test_data / "synthea" / "patients.ndjson"
    first, second = take_in(installation, path), take_in(installation, path, days=1)
    assert first.created + first.skipped == 615
    assert first.created > 400
    assert second == Counts(unchanged=first.created, skipped=first.skipped)
    database.dispose()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("database.db*"))
    assert len(stored) > 100_000
    assert [mark for mark in marks(path) if mark.encode() in stored] == []


def test_who_pays_for_a_patient_is_kept_sealed_and_a_new_payer_is_a_change(keyed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "payers.csv"
    with_payer = "id,name,date_of_birth,payer\n{id},Ana Ruiz,1980-03-14,{payer}\n"
    path.write_text(with_payer.format(id="e1", payer="medicaid"), "utf-8")
    assert take_in(keyed, path) == Counts(created=1)
    assert take_in(keyed, path) == Counts(unchanged=1)
    with keyed.database.read() as connection:
        row = connection.execute(select(patient)).one()
    assert b"medicaid" not in row.payer_sealed
    bound = name_row(patient, row.external_id_hash)
    assert keyed.cipher.open("maple", "payer", bound, row.payer_sealed) == "medicaid"
    path.write_text(with_payer.format(id="e1", payer="acme"), "utf-8")
    assert take_in(keyed, path) == Counts(updated=1)
    path.write_text(with_payer.format(id="e1", payer="Big Acme"), "utf-8")
    with pytest.raises(PatientsRefused, match=r"payers.csv:2: the payer cannot be read; write it as policy.payers"):
        take_in(keyed, path)
