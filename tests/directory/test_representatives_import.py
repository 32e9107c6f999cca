"""Those who speak for patients: what comes in, what is named as a fault, what a later file ends, and what is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Row, select, update

from callflows.authority import RELATIONS
from ivr.audit.tables import audit_row
from ivr.core.cipher import name_row
from ivr.directory.organisation import read_folder
from ivr.installation.command_line import Installation
from ivr.ops.configuration_commands import load_organisation
from ivr.patients.patients_command import patients
from ivr.patients.reading import checked, read_file
from ivr.patients.representatives.lookup import list_speakers
from ivr.patients.representatives.records import PROOFS, RepresentativeRecord
from ivr.patients.representatives.tables import representative
from ivr.patients.tables import patient
from ivr.privacy.cipher import ONLY_BY_ROW
from ivr.privacy.errors import SealBroken
from tests.directory.conftest import AT, EXAMPLE

PATIENTS = "id,name,date_of_birth,zip\np1,Teo Ruiz,2014-03-14,02134\np2,Bo Lund,1945-12-01,60601\n"
HEADER = "id,represents,name,relation,date_of_birth,scope,proof,proof_seen_on,proof_seen_by,from,until,denied,active\n"
MOTHER = "r1,p1,Ana Ruiz,parent,1980-03-14,,birth-certificate,2024-05-06,Rosa Diaz,,,,\n"
HELPER = "r2,p2,Cy Poe,home care,1990-02-03,scheduling,signed-form,2026-01-05,,2026-01-05,2026-12-31,,\n"
FATHER = "r3,p1,Max Ruiz,parent,1979-01-02,all,court-order,2025-02-03,Rosa Diaz,,,true,\n"
PERSON: dict[str, Any] = {
    "resourceType": "RelatedPerson",
    "id": "rp1",
    "patient": {"reference": "Patient/p1"},
    "relationship": [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "MTH"}]},
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0131", "code": "C"}]},
    ],
    "name": [{"family": "Ruiz", "given": ["Ana"]}],
    "birthDate": "1980-03-14",
    "telecom": [{"system": "phone", "use": "mobile", "value": "312-555-0142"}],
}
CHILD = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"family": "Ruiz", "given": ["Teo"]}],
    "birthDate": "2014-03-14",
}
TODAY = AT.date()
PRIVATE = ("Ruiz", "Lund", "Poe", "Rosa", "1980", "5550142", "p1", "r1", "birth-certificate", "parent")


@pytest.fixture
def ready(installation: Installation, tmp_path: Path) -> Installation:
    """An installation with the example organisation and two patients."""
    load_organisation(installation, read_folder(EXAMPLE, at=AT, allow_unsigned=True), AT, seen=None)
    assert imported(installation, written(tmp_path, PATIENTS, "patients.csv")).exit_code == 0
    return installation


def imported(ready: Installation, file: Path, *options: str) -> Result:
    command = ["import", str(file), "--practice", "maple", "--at", "2026-11-10", *options]
    return CliRunner().invoke(patients, command, obj=ready)


def written(folder: Path, content: str, name: str = "representatives.csv") -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def ndjson(folder: Path, *resources: dict[str, Any]) -> Path:
    return written(folder, "".join(json.dumps(one) + "\n" for one in resources), "people.ndjson")


def on_file(ready: Installation) -> list[Row[Any]]:
    with ready.database.read() as connection:
        return list(connection.execute(select(representative).order_by(representative.c.created_at)))


def row_of(ready: Installation, external_id: str) -> Row[Any]:
    wanted = ready.cipher.lookup_hash("maple", "representative_id", external_id)
    (found,) = (row for row in on_file(ready) if row.external_id_hash == wanted)
    return found


def opened(ready: Installation, row: Row[Any], field: str) -> str:
    bound = name_row(representative, row.external_id_hash)
    return ready.cipher.open("maple", field, bound, getattr(row, f"{field}_sealed"))


def only(path: Path) -> RepresentativeRecord:
    (reading,) = (one for one in read_file(path, AT) if one.representative)
    assert reading.representative is not None
    return reading.representative


def told(path: Path) -> list[tuple[int, str, bool]]:
    readings = [checked(one, str(path), AT) for one in read_file(path, AT)]
    return [(one.line, problem.what, problem.warning) for one in readings for problem in one.problems]


def test_a_representative_is_kept_sealed_with_relation_scope_proof_and_days(
    ready: Installation, tmp_path: Path
) -> None:
    done = imported(ready, written(tmp_path, HEADER + MOTHER + HELPER + FATHER))
    assert (done.exit_code, done.stdout) == (
        0,
        "representatives.csv: representatives created 3, updated 0, unchanged 0, skipped 0\n",
    )
    mother, helper, father = (row_of(ready, one) for one in ("r1", "r2", "r3"))
    assert (mother.relation, mother.scope, mother.proof, mother.proof_seen_on, mother.ends_on) == (
        "parent",
        None,
        "birth-certificate",
        date(2024, 5, 6),
        None,
    )
    assert (helper.relation, helper.scope, helper.starts_on, helper.ends_on) == (
        "home_care",
        "scheduling",
        date(2026, 1, 5),
        date(2026, 12, 31),
    )
    assert [(row.denied, row.active) for row in (mother, helper, father)] == [(False, True)] * 2 + [(True, True)]
    assert opened(ready, mother, "name") == "Ana Ruiz"
    assert opened(ready, mother, "proof_seen_by") == "Rosa Diaz"
    assert mother.patient_id == father.patient_id != helper.patient_id
    stored = repr([tuple(row) for row in on_file(ready)])
    assert [word for word in ("Ruiz", "1980-03-14", "Rosa") if word in stored] == []


def test_a_telephone_is_no_column_of_theirs_and_that_of_fhir_is_not_read(ready: Installation, tmp_path: Path) -> None:
    told_of = written(tmp_path, HEADER.replace("\n", ",phone\n") + MOTHER.replace("\n", ",3125550142\n"))
    refused = imported(ready, told_of)
    assert refused.exit_code == 1
    assert "unknown column 'phone'" in refused.output
    assert "5550142" not in refused.output
    assert imported(ready, told_of, "--ignore", "phone").exit_code == 0
    assert only(ndjson(tmp_path, PERSON)).values.keys() == {"name", "date_of_birth"}


def test_a_value_sealed_for_one_row_does_not_open_in_another(ready: Installation, tmp_path: Path) -> None:
    ready = replace(ready, seals=ONLY_BY_ROW)
    imported(ready, written(tmp_path, HEADER + MOTHER + FATHER))
    mother, father = row_of(ready, "r1"), row_of(ready, "r3")
    assert opened(ready, mother, "name") == "Ana Ruiz"
    with pytest.raises(SealBroken):
        ready.cipher.open("maple", "name", name_row(representative, father.external_id_hash), mother.name_sealed)


def damage(ready: Installation, row: Row[Any], field: str) -> None:
    broken = {f"{field}_sealed": row._mapping[f"{field}_sealed"][:-1] + b"?"}
    with ready.database.write() as connection:
        connection.execute(update(representative).where(representative.c.id == row.id).values(**broken))


@pytest.mark.parametrize("field", ["name", "date_of_birth"])
def test_nobody_speaks_for_a_patient_whose_denial_cannot_be_opened(
    ready: Installation, tmp_path: Path, field: str
) -> None:
    imported(ready, written(tmp_path, HEADER + MOTHER + FATHER + HELPER))
    mother, helper, father = row_of(ready, "r1"), row_of(ready, "r2"), row_of(ready, "r3")

    damage(ready, mother, field)
    assert speak_for(ready, mother) == {mother.id, father.id}
    damage(ready, father, field)
    assert speak_for(ready, mother) == set()
    assert speak_for(ready, helper) == {helper.id}


def speak_for(ready: Installation, row: Row[Any], today: date = TODAY) -> set[str]:
    with ready.database.read() as connection:
        return {one.id for one in list_speakers(connection, ready.cipher, "maple", row.patient_id, today)}


def test_a_denial_that_cannot_be_opened_silences_others_on_its_days_only(ready: Installation, tmp_path: Path) -> None:
    denial = FATHER.replace(",,,true,", ",2026-11-05,2026-11-10,true,")
    imported(ready, written(tmp_path, HEADER + MOTHER + denial))
    mother, father = row_of(ready, "r1"), row_of(ready, "r3")
    damage(ready, father, "name")
    assert [speak_for(ready, mother, date(2026, 11, day)) for day in (5, 10)] == [set(), set()]
    assert [speak_for(ready, mother, date(2026, 11, day)) for day in (4, 11)] == [{mother.id, father.id}] * 2


def test_the_same_file_changes_nothing_and_a_later_one_changes_and_ends_what_it_says(
    ready: Installation, tmp_path: Path
) -> None:
    file = written(tmp_path, HEADER + MOTHER + HELPER)
    imported(ready, file)
    before = row_of(ready, "r1")
    assert "created 0, updated 0, unchanged 2" in imported(ready, file).stdout
    ended = HELPER.replace("2026-12-31", "2026-11-09")
    assert "updated 1, unchanged 0" in imported(ready, written(tmp_path, HEADER + ended)).stdout
    assert row_of(ready, "r2").ends_on == date(2026, 11, 9)
    gone = written(tmp_path, HEADER + MOTHER.replace(",,,\n", ",,,false\n"))
    assert "updated 1" in imported(ready, gone).stdout
    now = row_of(ready, "r1")
    assert (now.id, now.active) == (before.id, False)
    assert len(on_file(ready)) == 2


def test_nothing_is_kept_in_a_dry_run(ready: Installation, tmp_path: Path) -> None:
    file = ndjson(tmp_path, PERSON | {"patient": {"reference": "Patient/p9"}}, CHILD | {"id": "p9"})
    done = imported(ready, file, "--dry-run")
    assert "people.ndjson: created 1" in done.stdout
    assert "representatives created 1, updated 0, unchanged 0, skipped 0 (dry run: nothing was kept)" in done.stdout
    assert on_file(ready) == []


def test_patients_and_representatives_come_in_from_one_file_in_any_order(ready: Installation, tmp_path: Path) -> None:
    related = PERSON | {"patient": {"reference": "https://example.org/fhir/Patient/p9/_history/3"}}
    done = imported(ready, ndjson(tmp_path, related, CHILD | {"id": "p9", "birthDate": "2014-03-15"}))
    assert done.exit_code == 0
    row = row_of(ready, "rp1")
    with ready.database.read() as connection:
        hashed = ready.cipher.lookup_hash("maple", "external_id", "p9")
        whose = connection.execute(select(patient.c.id).where(patient.c.external_id_hash == hashed)).scalar_one()
    assert (row.patient_id, row.relation, row.proof, row.scope) == (whose, "parent", "on-record", None)


def test_who_represents_somebody_who_died_is_not_taken_in_and_is_counted(ready: Installation, tmp_path: Path) -> None:
    dead = CHILD | {"id": "p9", "deceasedBoolean": True}
    done = imported(ready, ndjson(tmp_path, dead, PERSON | {"patient": {"reference": "Patient/p9"}}))
    assert (done.exit_code, on_file(ready)) == (0, [])
    assert "representatives created 0, updated 0, unchanged 0, skipped 1" in done.stdout


BAD = {
    "no patient": (MOTHER.replace(",p1,", ",,"), "the patient is missing"),
    "no relation": (MOTHER.replace("parent", ""), "the relation is missing"),
    "an unknown relation": (MOTHER.replace("parent", "aunt"), "the relation cannot be read"),
    "no name": (MOTHER.replace("Ana Ruiz", ""), "the name is missing"),
    "no id": (MOTHER.replace("r1,", ","), "the id is missing"),
    "an id of a sheet": (MOTHER.replace("r1,", "1.2E+11,"), "the id was made a number by a spreadsheet"),
    "a date that is none": (MOTHER.replace("1980-03-14", "1980-02-30"), "the date_of_birth cannot be read"),
    "an unknown proof": (MOTHER.replace("birth-certificate", "hearsay"), "the proof cannot be read"),
    "a proof of tomorrow": (MOTHER.replace("2024-05-06", "2027-05-06"), "the proof_seen_on is in the future"),
    "a day that is none": (HELPER.replace("2026-12-31", "soon"), "the until cannot be read"),
    "an end before its beginning": (HELPER.replace("2026-12-31", "2025-12-31"), "it ends before it begins"),
    "denied or not": (FATHER.replace("true", "perhaps"), "the denied cannot be read"),
    "in use or not": (MOTHER.replace(",,,\n", ",,,perhaps\n"), "the active cannot be read"),
    "an unknown service": (
        HELPER.replace("scheduling", "schedulling"),
        "the scope names a service that the practice does not have",
    ),
    "nobody's": (
        MOTHER.replace(",p1,", ",p7,"),
        "it represents a patient who is neither on file nor comes in with this file",
    ),
}


@pytest.mark.parametrize(("row", "what"), BAD.values(), ids=BAD.keys())
def test_a_fault_is_named_by_its_line_and_keeps_the_file_out(
    ready: Installation, tmp_path: Path, row: str, what: str
) -> None:
    file = written(tmp_path, HEADER + HELPER.replace("r2", "r8") + row)
    done = imported(ready, file)
    assert done.exit_code == 1
    assert f"{file}:3: {what}; " in done.output
    mends = f"write one of {', '.join(RELATIONS)}", f"write one of {', '.join(PROOFS)}"
    said = done.output.replace(mends[0], "").replace(mends[1], "").replace(str(tmp_path), "")
    assert [word for word in PRIVATE if word in said] == []
    assert on_file(ready) == []
    assert imported(ready, file, "--skip-bad").exit_code == 3
    assert len(on_file(ready)) == 1


def test_a_patient_who_is_left_out_of_the_file_is_represented_by_nobody(ready: Installation, tmp_path: Path) -> None:
    related = PERSON | {"patient": {"reference": "Patient/p9"}}
    done = imported(ready, ndjson(tmp_path, CHILD | {"id": "p9", "birthDate": "14/03/2014"}, related), "--skip-bad")
    assert done.exit_code == 1
    report = (tmp_path / "people.ndjson.report.csv").read_text()
    assert "2,left out,represents,it represents a patient who is neither on file nor comes in with this file" in report


@pytest.mark.parametrize("ignored", ["represents", "relation", "scope", "from", "until", "denied", "active"])
def test_what_says_who_may_speak_for_whom_is_never_ignored(ready: Installation, tmp_path: Path, ignored: str) -> None:
    done = imported(ready, written(tmp_path, HEADER + MOTHER), "--ignore", ignored)
    assert done.exit_code == 1
    assert f"the column {ignored} is never ignored" in done.output


def test_one_id_on_two_lines_is_taken_once_where_they_are_the_same_and_never_where_not(
    ready: Installation, tmp_path: Path
) -> None:
    done = imported(ready, written(tmp_path, HEADER + MOTHER + MOTHER), "--skip-bad")
    assert "created 1" in done.stdout
    two = written(tmp_path, HEADER + HELPER + HELPER.replace("scheduling", "all"))
    assert imported(ready, two, "--skip-bad").exit_code == 1
    assert len(on_file(ready)) == 1


def test_an_id_on_file_for_another_patient_or_another_person_is_a_fault_unless_the_file_is_right(
    ready: Installation, tmp_path: Path
) -> None:
    imported(ready, written(tmp_path, HEADER + MOTHER))
    moved = written(tmp_path, HEADER + MOTHER.replace(",p1,", ",p2,"))
    assert "the id is on file for somebody who represents another patient" in imported(ready, moved).output
    other = written(tmp_path, HEADER + MOTHER.replace("Ana", "Eva").replace("1980", "1981"))
    assert "another name and another date of birth" in imported(ready, other).output
    moved = written(tmp_path, HEADER + MOTHER.replace(",p1,", ",p2,"))
    assert imported(ready, moved, "--other-persons").exit_code == 0
    (row,) = on_file(ready)
    assert row.patient_id == on_file_patient(ready, "p2")


def on_file_patient(ready: Installation, external_id: str) -> str:
    with ready.database.read() as connection:
        hashed = ready.cipher.lookup_hash("maple", "external_id", external_id)
        return str(connection.execute(select(patient.c.id).where(patient.c.external_id_hash == hashed)).scalar_one())


def test_what_is_left_out_and_may_say_that_somebody_does_not_speak_for_a_patient_ends_what_is_on_file(
    ready: Installation, tmp_path: Path
) -> None:
    imported(ready, written(tmp_path, HEADER + MOTHER + HELPER + FATHER.replace("true", "false")))
    unsure = MOTHER.replace(",,,\n", ",,,perhaps\n")
    kept_away = FATHER.replace("true", "perhaps")
    over = HELPER.replace("2026-12-31", "soon")
    file = written(tmp_path, HEADER + unsure + kept_away + over + HELPER.replace("r2", "r9"))
    done = imported(ready, file, "--skip-bad")
    assert "3 representatives on file ended, as what came of them was left out" in done.stdout
    assert [row_of(ready, one).active for one in ("r1", "r2")] == [False, False]
    assert (row_of(ready, "r3").denied, row_of(ready, "r3").active) == (True, True)
    imported(ready, written(tmp_path, HEADER + MOTHER))
    assert row_of(ready, "r1").active


def test_a_denial_on_file_is_not_taken_back_by_a_line_that_is_left_out(ready: Installation, tmp_path: Path) -> None:
    imported(ready, written(tmp_path, HEADER + FATHER))
    file = written(tmp_path, HEADER + FATHER.replace("true", "perhaps").replace(",perhaps,\n", ",false,no\n") + MOTHER)
    broken = file.read_text().replace("1979-01-02", "1979-02-30")
    imported(ready, written(tmp_path, broken), "--skip-bad")
    row = row_of(ready, "r3")
    assert (row.denied, row.active) == (True, True)


@pytest.mark.parametrize(
    ("codes", "relation"),
    [
        (("MTH",), "parent"),
        (("FTH", "GUARD"), "guardian"),
        (("HPOWATT",), "power_of_attorney"),
        (("STPMTH",), "other"),
        (("SPOWATT",), "other"),
        ((), "other"),
    ],
)
def test_a_fhir_relation_is_read_by_its_codes(tmp_path: Path, codes: tuple[str, ...], relation: str) -> None:
    system = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
    coded = [{"coding": [{"system": system, "code": code}]} for code in codes]
    file = ndjson(tmp_path, PERSON | {"relationship": coded})
    assert only(file).relation == relation
    remarks = [what for _, what, warning in told(file) if warning]
    assert bool(remarks) == (relation == "other")


def test_a_code_of_another_system_gives_no_authority(tmp_path: Path) -> None:
    coded = [{"coding": [{"system": "https://example.org/codes", "code": "GUARD"}]}]
    assert only(ndjson(tmp_path, PERSON | {"relationship": coded})).relation == "other"


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ({"start": "2025-05-06", "end": "2026-11-09"}, date(2025, 5, 6), date(2026, 11, 9)),
        ({"start": "2025-02", "end": "2026-02"}, date(2025, 2, 1), date(2026, 2, 28)),
        ({"start": "2025", "end": "2026"}, date(2025, 1, 1), date(2026, 12, 31)),
        ({"end": "2026-11-09T23:00:00-06:00"}, None, date(2026, 11, 9)),
        ({}, None, None),
    ],
)
def test_a_fhir_period_is_kept_also_when_it_is_over(
    tmp_path: Path, period: dict[str, str], first: date | None, last: date | None
) -> None:
    record = only(ndjson(tmp_path, PERSON | {"period": period}))
    assert (record.starts_on, record.ends_on, record.active) == (first, last, True)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"period": {"end": "soon"}}, "the end of its period cannot be read"),
        ({"period": {"end": 20261101}}, "the end of its period cannot be read"),
        ({"period": ["2020-01-01", "2026-10-01"]}, "the period cannot be read"),
        ({"active": "no"}, "the active cannot be read"),
        ({"patient": {"identifier": {"value": "7"}}}, "the patient cannot be read"),
        ({"id": 7}, "the id is no text"),
    ],
)
def test_what_cannot_be_read_of_fhir_is_a_fault_and_gives_nothing(
    tmp_path: Path, change: dict[str, Any], what: str
) -> None:
    file = ndjson(tmp_path, PERSON | change)
    assert (1, what, False) in told(file)
    if "patient" not in change and "id" not in change:
        assert only(file).is_ended(AT.date())


@pytest.mark.parametrize(
    "twice", ['"period": {"end": "2026-10-01"}', '"period": {"end": "2026-10-01", "end": "2030-01-01"}']
)
def test_whoever_may_have_ended_by_a_key_that_stands_twice_represents_nobody(tmp_path: Path, twice: str) -> None:
    whole = json.dumps(PERSON | {"period": {"start": "2020-01-01"}})
    file = written(tmp_path, f"{whole[:-1]}, {twice}}}", "representatives.ndjson")
    assert "stands twice" in told(file)[0][1]
    assert only(file).is_ended(AT.date())


def test_a_representative_without_a_date_of_birth_is_kept_and_recognised_by_nobody(
    ready: Installation, tmp_path: Path
) -> None:
    file = ndjson(tmp_path, {name: value for name, value in PERSON.items() if name != "birthDate"})
    assert told(file) == [(1, "the date_of_birth is missing", True)]
    assert imported(ready, file).exit_code == 0
    assert row_of(ready, "rp1").date_of_birth_sealed is None


def test_every_import_leaves_a_row_in_the_audit_trail(ready: Installation, tmp_path: Path) -> None:
    imported(ready, written(tmp_path, HEADER + MOTHER))
    with ready.database.read() as connection:
        rows = list(connection.execute(select(audit_row).where(audit_row.c.action == "representatives.import")))
    assert [row.reason for row in rows] == ["created 1, updated 0, unchanged 0, skipped 0"]


def test_the_records_show_nothing_private_of_themselves(tmp_path: Path) -> None:
    record = only(written(tmp_path, HEADER + MOTHER))
    assert [word for word in ("Ruiz", "1980", "Rosa", "p1", "r1") if word in repr(record)] == []
