"""Files of patients as other programs write them: what comes in, what is left out, and who is recognised afterwards."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bench.patients import write_patients
from callflows.identity import Rule
from ivr.audit.tables import audit_row
from ivr.directory.organisation import read_folder
from ivr.installation.command_line import Installation
from ivr.ops.configuration_commands import load_organisation
from ivr.patients import importing, survey
from ivr.patients.card import read_card
from ivr.patients.lookup import Match, find, match_answers
from ivr.patients.patients_command import patients
from ivr.patients.reading import checked, read_file
from ivr.patients.records import PatientRecord
from ivr.patients.tables import patient
from tests.directory.conftest import AT, EXAMPLE

pytestmark = pytest.mark.sqlite_first

HEADER = "id,name,date_of_birth,zip,phone,mrn,deceased,active,replaced_by\n"
ANA = "007,Ana Ruiz,1980-03-14,02134,3125550142,A-4101,,,\n"
BO = "8,Bo Lund,1955-12-01,60601,3125550143,B-4102,,,\n"
PERSON: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"family": "Okoye", "given": ["Teresa"]}],
    "birthDate": "1991-07-02",
    "address": [{"postalCode": "02134"}],
}


@pytest.fixture
def ready(installation: Installation) -> Installation:
    """An installation with the example organisation."""
    load_organisation(installation, read_folder(EXAMPLE, at=AT, allow_unsigned=True), AT, seen=None)
    return installation


def imported(ready: Installation, file: Path, *options: str) -> Result:
    command = ["import", str(file), "--practice", "maple", *options]
    return CliRunner().invoke(patients, command, obj=ready)


def written(folder: Path, content: str | bytes, name: str = "patients.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def ndjson(folder: Path, *people: dict[str, Any] | str) -> Path:
    lines = (one if isinstance(one, str) else json.dumps(PERSON | one) for one in people)
    return written(folder, "\n".join(lines), "patients.ndjson")


def reported(file: Path) -> list[tuple[int, str, str, str]]:
    """Line, what became of it, field and reason."""
    with file.with_name(f"{file.name}.report.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows[0] == ["line", "what", "field", "reason", "mend"]
    return [(int(line), what, field, reason) for line, what, field, reason, _ in rows[1:]]


def told(file: Path) -> dict[int, list[str]]:
    """What is wrong with each line, before anything is compared with it."""
    readings = [checked(one, str(file), AT) for one in read_file(file, AT)]
    return {one.line: [problem.what for problem in one.problems] for one in readings if one.problems}


def records(file: Path) -> list[PatientRecord]:
    return [one.record for one in read_file(file, AT) if one.record is not None]


def match(ready: Installation, **items: str) -> Match:
    said = {name: [(given,)] for name, given in items.items()}
    with ready.database.read() as connection:
        return match_answers(connection, ready.cipher, "maple", said, Rule(), "en-US")


def ids(ready: Installation) -> set[str]:
    with ready.database.read() as connection:
        return set(connection.execute(select(patient.c.external_id_hash)).scalars())


def hashed(ready: Installation, *external: str) -> set[str]:
    return {ready.cipher.lookup_hash("maple", "external_id", one) for one in external}


OF_A_SHEET, DAYS = "was made a number by a spreadsheet", "is a number of days, as Excel counts them"
BAD = {
    "a day that is none": ("1,Cy Poe,1980-02-30,,,,,,", "the date_of_birth cannot be read"),
    "29 February of a common year": ("1,Cy Poe,1981-02-29,,,,,,", "the date_of_birth cannot be read"),
    "a month in words": ("1,Cy Poe,14 March 1980,,,,,,", "the date_of_birth cannot be read"),
    "with dots": ("1,Cy Poe,03.04.1980,,,,,,", "the date_of_birth cannot be read"),
    "with a time of day": ("1,Cy Poe,1980-03-14T05:00:00Z,,,,,,", "the date_of_birth cannot be read"),
    "day first": ("1,Cy Poe,14/03/1980,,,,,,", "the date_of_birth is written day first"),
    "a year of two digits": ("1,Cy Poe,3/14/80,,,,,,", "the date_of_birth has a year of two digits"),
    "a month in letters and a short year": ("1,Cy Poe,14-Mar-80,,,,,,", "the date_of_birth has a year of two digits"),
    "an Excel serial": ("1,Cy Poe,29294,,,,,,", f"the date_of_birth {DAYS}"),
    "an Excel serial with hours": ("1,Cy Poe,29294.5,,,,,,", f"the date_of_birth {DAYS}"),
    "an instant of the future": ("1,Cy Poe,2027-01-01,,,,,,", "the date_of_birth is in the future"),
    "a year of the future": ("1,Cy Poe,2027,,,,,,", "the date_of_birth is in the future"),
    "before anybody alive": ("1,Cy Poe,1850-01-01,,,,,,", "the date_of_birth is before 1890"),
    "an id that a spreadsheet rounded": ("1.2E+11,Cy Poe,1980-03-14,,,,,,", f"the id {OF_A_SHEET}"),
    "an id with a decimal": ("120.0,Cy Poe,1980-03-14,,,,,,", f"the id {OF_A_SHEET}"),
    "an mrn that was rounded": ("1,Cy Poe,1980-03-14,,,1.2E+11,,,", f"the mrn {OF_A_SHEET}"),
    "a phone that was rounded": ("1,Cy Poe,1980-03-14,,3.12556E+09,,,,", f"the phone {OF_A_SHEET}"),
    "a ZIP code that lost its zero": ("1,Cy Poe,1980-03-14,2134,,,,,", "the zip cannot be read"),
    "no id": (",Cy Poe,1980-03-14,,,,,,", "the id is missing"),
    "no name": ("1,,1980-03-14,,,,,,", "the name is missing"),
    "a name without letters": ("1,???,1980-03-14,,,,,,", "the name cannot be read"),
    "control characters": ("1,Cy\x07 Poe,1980-03-14,,,,,,", "the name has characters that do not print"),
    "a zero": ("1,Cy\x00 Poe,1980-03-14,,,,,,", "the name has characters that do not print"),
    "an over-long name": (f"1,{'Cy ' * 90},1980-03-14,,,,,,", "the name has more than 250 characters"),
    "an over-long id": (f"{'1' * 256},Cy Poe,1980-03-14,,,,,,", "the id has more than 255 characters"),
    "a death that cannot be read": ("1,Cy Poe,1980-03-14,,,,perhaps,,", "the deceased cannot be read"),
    "what was lost before": ("1,C\ufffd Poe,1980-03-14,,,,,,", "the line has bytes that are no text"),
    "a cell too many": ("1,Cy,Poe,1980-03-14,,,,,,", "10 cells stand under 9 columns"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_record_is_named_and_left_out_and_the_others_come_in(
    ready: Installation, tmp_path: Path, kind: str
) -> None:
    row, what = BAD[kind]
    file = written(tmp_path, f"{HEADER}{ANA}{row}\n{BO}")
    refused = imported(ready, file)
    assert (refused.exit_code, ids(ready)) == (1, set())
    assert f"{file}:3: {what}" in refused.output
    assert "1 of 3 records would be left out, and nothing was taken in; --skip-bad takes in the other 2" in (
        refused.output
    )
    taken = imported(ready, file, "--skip-bad")
    assert (taken.exit_code, ids(ready)) == (3, hashed(ready, "007", "8"))
    assert [(line, became, reason) for line, became, _, reason in reported(file)] == [(3, "left out", what)]


READ = {
    "midnight behind the day": ("1,Cy Poe,1980-03-14 00:00:00,,,,,,", "1980-03-14"),
    "month and day without zeros": ("1,Cy Poe,3/4/1980,,,,,,", "1980-03-04"),
    "single quotes of a name over two lines": ('1,"Cy\nPoe",1980-03-14,,,,,,', "1980-03-14"),
    "nothing in words": ("1,Cy Poe,1980-03-14,NULL,n/a,None,,,", "1980-03-14"),
}


@pytest.mark.parametrize("kind", READ)
def test_a_record_that_is_only_odd_comes_in(ready: Installation, tmp_path: Path, kind: str) -> None:
    row, born = READ[kind]
    assert imported(ready, written(tmp_path, f"{HEADER}{row}\n")).exit_code == 0
    with ready.database.read() as connection:
        assert len(find(connection, ready.cipher, "maple", name="cy poe", date_of_birth=born)) == 1


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (b"\xef\xbb\xbf" + f"{HEADER}1,Jos\u00e9 Poe,1980-03-14,,,,,,\n".encode(), ()),
        (f"{HEADER}1,Jos\u00e9 Poe,1980-03-14,,,,,,\n".encode("utf-16"), ()),
        (f"{HEADER}1,Jos\u00e9 Poe,1980-03-14,,,,,,\n".encode("utf-16-le"), ("--encoding", "utf-16-le")),
        (f"{HEADER}1,Jos\u00e9 Poe,1980-03-14,,,,,,\n".encode("cp1252"), ("--encoding", "cp1252")),
        (f"sep=;\n{HEADER}1,Jos\u00e9 Poe,1980-03-14,,,,,,\n".replace(",", ";").encode(), ()),
        (f"{HEADER}1,Jos\u00e9 Poe,1980-03-14,,,,,,\n".replace(",", "\t").replace("\n", "\r\n").encode(), ()),
        (f"{HEADER.upper().replace('_', ' ')}1,\u200bJos\u00e9\u00a0Poe,1980-03-14,,,,,,".encode(), ()),
    ],
    ids=["mark", "UTF-16", "UTF-16 unmarked", "cp1252", "semicolon", "tab and CRLF", "spaces of all kinds"],
)
def test_a_file_is_read_whatever_program_wrote_it(
    ready: Installation, tmp_path: Path, content: bytes, options: tuple[str, ...]
) -> None:
    assert imported(ready, written(tmp_path, content), *options).exit_code == 0
    with ready.database.read() as connection:
        (who,) = find(connection, ready.cipher, "maple", name="jose poe", date_of_birth="03141980")
        card = read_card(connection, ready.cipher, "maple", who)
    assert card is not None
    assert card.name == "Jos\u00e9 Poe"


def test_a_column_is_passed_over_only_where_it_is_named(ready: Installation, tmp_path: Path) -> None:
    file = written(tmp_path, "id,name,date_of_birth,Blood Group,deceased\n1,Cy Poe,1980-03-14,A+,true\n")
    refused = imported(ready, file)
    assert "unknown column 'blood_group'" in refused.output
    assert "--ignore passes over a column" in refused.output
    assert "skipped 1" in imported(ready, file, "--ignore", "blood group").output
    kept = imported(ready, file, "--ignore", "blood_group", "--ignore", "deceased")
    assert (kept.exit_code, ids(ready)) == (1, set())
    assert "the column deceased is never ignored" in kept.output


def test_a_patient_who_stands_where_the_header_should_is_not_repeated(ready: Installation, tmp_path: Path) -> None:
    refused = imported(ready, written(tmp_path, ANA + BO))
    assert (refused.exit_code, ids(ready)) == (1, set())
    assert "patients.csv:1: the first line is no header" in refused.output
    assert "ruiz" not in refused.output.lower()


@pytest.mark.parametrize("word", ["ID", "Active", "name", "State", "ID,phone,payer"])
def test_a_word_that_is_also_a_column_makes_no_header_of_a_patient(
    ready: Installation, tmp_path: Path, word: str
) -> None:
    refused = imported(ready, written(tmp_path, f"17,Zora Quill,1980-03-14,{word}\n18,Bo Poe,1981-04-15,{word}\n"))
    assert refused.exit_code == 1
    assert "patients.csv:1: the first line is no header" in refused.output
    assert not any(word in refused.output.lower() for word in ("zora", "quill", "1980"))


@pytest.mark.parametrize("name", ["patients.csv", "patients.ndjson"])
def test_a_file_without_records_is_refused(ready: Installation, tmp_path: Path, name: str) -> None:
    refused = imported(ready, written(tmp_path, HEADER if name.endswith("csv") else "", name))
    assert refused.exit_code == 1
    assert f"{name} has no records" in refused.output


def test_a_mark_before_ndjson_is_passed_over(tmp_path: Path) -> None:
    file = written(tmp_path, b"\xef\xbb\xbf" + json.dumps(PERSON).encode() + b"\n", "patients.ndjson")
    assert [one.external_id for one in records(file)] == ["p1"]


def test_bytes_that_are_no_text_cost_their_line_and_the_mend_is_named(ready: Installation, tmp_path: Path) -> None:
    file = written(tmp_path, (HEADER + ANA).encode() + b"9,Jos\xe9 Poe,1980-03-14,,,,,,\n")
    refused = imported(ready, file)
    mend = "save it as UTF-8, or say --encoding cp1252 where Windows wrote it"
    assert f"{file}:3: the line has bytes that are no text; {mend}" in refused.output
    assert "Poe" not in refused.output
    unmarked = written(tmp_path, HEADER.encode("utf-16-le"))
    assert "say --encoding utf-16-le" in imported(ready, unmarked).output


def test_a_quote_that_was_never_closed_costs_its_own_line_and_none_behind_it(tmp_path: Path) -> None:
    rows = ['9,"Cy Poe,1980-03-14,,,,,,\n', *(f"{number},Dee Poe,1980-03-14,,,,,,\n" for number in range(10, 80))]
    file = written(tmp_path, HEADER + "".join(rows))
    assert list(told(file)) == [2]
    assert len(records(file)) == 70
    ending_later = written(tmp_path, HEADER + rows[0] + '10,Dee "Di" Poe,1980-03-14,,,,,,\n' + BO)
    assert list(told(ending_later)) == [2]
    assert [one.external_id for one in records(ending_later)] == ["10", "8"]


def test_json_that_was_cut_short_costs_its_line(ready: Installation, tmp_path: Path) -> None:
    file = ndjson(tmp_path, {}, '{"resourceType": "Patient", "id": "p9', {"id": "p3", "birthDate": "1950-01-01"})
    assert told(file) == {2: ["the line is not a FHIR Patient or RelatedPerson: it is no JSON, or was cut short"]}
    assert imported(ready, file, "--skip-bad").exit_code == 3
    assert ids(ready) == hashed(ready, "p1", "p3")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"id": 12}, "the id is no text"),
        ({"active": "no"}, "the active cannot be read"),
        ({"deceasedBoolean": "true"}, "the deceasedBoolean cannot be read"),
        ({"link": [{"type": "replaced-by"}]}, "a link cannot be read"),
        ({"link": {"type": "replaced-by", "other": {"reference": "Patient/9"}}}, "a link cannot be read"),
        ({"birthDate": None}, "the date_of_birth is missing"),
        ({"name": []}, "the name is missing"),
    ],
)
def test_what_cannot_be_read_of_a_fhir_patient_is_never_taken_for_nothing(
    tmp_path: Path, change: dict[str, Any], what: str
) -> None:
    assert told(ndjson(tmp_path, change)) == {1: [what]}


KEYED_TWICE = {
    "birthDate": ('"birthDate": "1950-01-01"', "birthDate"),
    "the same value": ('"birthDate": "1991-07-02"', "birthDate"),
    "name[1].family": ('"name": [{"use": "old", "family": "A", "family": "B"}]', "name and name[1].family"),
    "two at once": ('"id": "p1", "gender": "a", "gender": "b"', "id and gender"),
    "somebody's": ('"x y": {"Ana Ruiz": 1, "Ana Ruiz": 2}', "a key.a key"),
    "what it is": ('"resourceType": "Group"', "resourceType"),
}


@pytest.mark.parametrize("kind", KEYED_TWICE)
def test_a_key_that_stands_twice_is_a_fault_of_its_line_that_names_the_place(
    ready: Installation, tmp_path: Path, kind: str
) -> None:
    more, place = KEYED_TWICE[kind]
    file = ndjson(tmp_path, json.dumps(PERSON)[:-1] + f", {more}}}", {"id": "p2", "birthDate": "1950-01-01"})
    assert told(file) == {1: [f"{place} stands twice"]}
    assert "write each key of an object once" in imported(ready, file).output
    assert imported(ready, file, "--skip-bad").exit_code == 3
    assert ids(ready) == hashed(ready, "p2")


@pytest.mark.parametrize(
    ("twice", "aside"),
    [
        ('"active": false, "active": true', "inactive"),
        ('"deceasedBoolean": true, "deceasedBoolean": false', "deceased"),
        ('"link": [{"type": "replaced-by", "other": {"reference": "Patient/9"}}], "link": []', "replaced"),
    ],
)
def test_of_a_key_that_stands_twice_the_careful_one_is_kept_to(
    ready: Installation, tmp_path: Path, twice: str, aside: str
) -> None:
    assert imported(ready, ndjson(tmp_path, {}, {"id": "p2", "birthDate": "1950-01-01"})).exit_code == 0
    file = ndjson(tmp_path, json.dumps(PERSON)[:-1] + f", {twice}}}", {"id": "p2", "birthDate": "1950-01-01"})
    assert "1 record on file set aside" in imported(ready, file, "--skip-bad").output
    assert match(ready, date_of_birth="07021991", zip="02134").set_aside == aside


def test_ids_are_text_with_all_their_zeros(ready: Installation, tmp_path: Path) -> None:
    assert imported(ready, written(tmp_path, f"{HEADER}007,Ana Ruiz,1980-03-14,,,,,,\n7,Bo Lund,1955-12-01,,,,,,\n"))
    assert ids(ready) == hashed(ready, "007", "7")


def test_of_two_records_with_one_id_neither_is_taken_unless_they_are_the_same(
    ready: Installation, tmp_path: Path
) -> None:
    file = written(tmp_path, HEADER + ANA + BO + ANA.replace("02134", "60699") + BO)
    assert imported(ready, file, "--skip-bad").exit_code == 3
    assert ids(ready) == hashed(ready, "8")
    assert {(line, became) for line, became, *_ in reported(file)} == {
        (2, "left out"),
        (4, "left out"),
        (5, "look at it"),
    }


def test_an_id_that_is_on_file_for_somebody_else_is_a_fault(ready: Installation, tmp_path: Path) -> None:
    imported(ready, written(tmp_path, HEADER + ANA + BO))
    rows = ANA.replace("Ana Ruiz,1980-03-14", "Cy Poe,1971-01-01") + BO
    of_another_practice = written(tmp_path, HEADER + rows, "other.csv")
    refused = imported(ready, of_another_practice)
    assert "other.csv:2: the id is on file for somebody with another name and another date of birth" in refused.output
    assert imported(ready, of_another_practice, "--skip-bad").exit_code == 3
    assert match(ready, date_of_birth="03141980", zip="02134").kind == "one"
    married = written(tmp_path, HEADER + ANA.replace("Ana Ruiz", "Ana Poe") + BO)
    assert imported(ready, married).exit_code == 0
    assert imported(ready, of_another_practice, "--other-persons").exit_code == 0
    assert match(ready, date_of_birth="01011971", zip="02134").kind == "one"


def test_candidates_of_being_one_person_are_told_and_never_merged(ready: Installation, tmp_path: Path) -> None:
    file = written(tmp_path, f"{HEADER}{ANA}9,ana  RUIZ,03/14/1980,,,,,,\n10,Cy Poe,1971-01-01,,,a4101,,,\n")
    assert imported(ready, file, "--skip-bad").exit_code == 0
    assert [(line, field, reason) for line, _, field, reason in reported(file)] == [
        (3, "name", "it has the name and the date of birth of line 2"),
        (4, "mrn", "it has the mrn of line 2"),
    ]
    later = written(tmp_path, f"{HEADER}11,Ana Ruiz,1980-03-14,,,,,,\n")
    assert "1 remark" in imported(ready, later).output
    assert ids(ready) == hashed(ready, "007", "9", "10", "11")


def test_what_recognises_nobody_is_kept_and_told(ready: Installation, tmp_path: Path) -> None:
    rows = "1,Cy Poe,1980-03,K1A 0B6,312-555-0142 x12,,,,\n2,Dee Poe,1981-03-14,60601,(312) 555-0142 ext. 9,,,,\n"
    file = written(tmp_path, HEADER + rows)
    assert imported(ready, file, "--skip-bad").exit_code == 0
    assert [(line, field) for line, _, field, _ in reported(file)] == [
        (2, "date_of_birth"),
        (2, "zip"),
        (2, "phone"),
        (3, "phone"),
    ]
    assert match(ready, date_of_birth="03141981", phone_on_file="+13125550142") == Match("none")
    with ready.database.read() as connection:
        (who,) = find(connection, ready.cipher, "maple", name="cy poe")
        card = read_card(connection, ready.cipher, "maple", who)
        hashes = connection.execute(
            select(patient.c.date_of_birth_hash, patient.c.phone_since).where(patient.c.id == who)
        )
        assert hashes.one() == (None, None)
    assert card is not None
    assert (card.date_of_birth, card.zip, card.phone) == ("1980-03", "K1A 0B6", "312-555-0142 x12")


def test_a_file_written_day_first_is_not_taken_in_by_halves(ready: Installation, tmp_path: Path) -> None:
    rows = "1,Cy Poe,14/03/1980,,,,,,\n2,Dee Poe,03/04/1980,,,,,,\n"
    refused = imported(ready, written(tmp_path, HEADER + rows), "--skip-bad")
    assert (refused.exit_code, ids(ready)) == (1, set())
    assert "are written day first" in refused.output


ASIDE: dict[str, tuple[dict[str, Any], str]] = {
    "deceased": ({"deceasedBoolean": True}, "true,,"),
    "deceased with a date": ({"deceasedDateTime": "2026-01"}, "2026-01-31,,"),
    "inactive": ({"active": False}, ",false,"),
    "replaced": ({"link": [{"type": "replaced-by", "other": {"reference": "Patient/p2"}}]}, ",,p2"),
}


@pytest.mark.parametrize("why", ASIDE)
@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_a_record_that_is_set_aside_identifies_nobody_until_it_is_in_use_again(
    ready: Installation, tmp_path: Path, why: str, kind: str
) -> None:
    change, cells = ASIDE[why]
    row = "p1,Teresa Okoye,1991-07-02,02134,,,"
    usual = ndjson(tmp_path, {}) if kind == "ndjson" else written(tmp_path, f"{HEADER}{row},,\n")
    aside = tmp_path / f"aside{usual.suffix}"
    content = json.dumps(PERSON | change) if kind == "ndjson" else f"{HEADER}{row}{cells}\n"
    aside.write_text(content)
    items = {"date_of_birth": "07021991", "zip": "02134"}
    imported(ready, usual)
    known = match(ready, **items)
    assert known.kind == "one"
    assert "updated 1" in imported(ready, aside).output
    assert match(ready, **items) == Match("none", known.patient_id, why.split(maxsplit=1)[0])
    assert "updated 1" in imported(ready, usual).output
    assert match(ready, **items) == known


def test_a_record_that_is_left_out_and_says_that_they_died_recognises_nobody_any_more(
    ready: Installation, tmp_path: Path
) -> None:
    usual = written(tmp_path, HEADER + ANA + BO)
    imported(ready, usual)
    broken = written(
        tmp_path, HEADER + ANA.replace("02134", "2134").replace("A-4101,,", "A-4101,true,") + BO, "broken.csv"
    )
    done = imported(ready, broken, "--skip-bad")
    assert done.exit_code == 3
    assert "1 record on file set aside" in done.output
    assert match(ready, date_of_birth="03141980", zip="02134").set_aside == "deceased"
    assert "updated 1, unchanged 1" in imported(ready, usual).output
    assert match(ready, date_of_birth="03141980", zip="02134").kind == "one"


def test_whoever_gives_what_fits_one_who_died_and_one_who_lives_is_neither(ready: Installation, tmp_path: Path) -> None:
    twins = HEADER + ANA + ANA.replace("007,Ana", "9,Bea").replace("A-4101", "B-4101")
    imported(ready, written(tmp_path, twins))
    imported(ready, written(tmp_path, twins.replace("B-4101,,", "B-4101,true,")))
    found = match(ready, date_of_birth="03141980", zip="02134")
    assert (found.kind, found.set_aside) == ("more", "deceased")
    assert match(ready, date_of_birth="03141980", mrn="A-4101").kind == "one"


def test_a_record_stands_for_those_it_replaces_wherever_they_are(ready: Installation, tmp_path: Path) -> None:
    link = {"link": [{"type": "replaces", "other": {"reference": "Patient/p1/_history/3"}}]}
    imported(ready, ndjson(tmp_path, {}))
    only_new = ndjson(tmp_path, {"id": "p2", **link})
    assert "1 record on file set aside" in imported(ready, only_new).output
    with ready.database.read() as connection:
        (now,) = find(connection, ready.cipher, "maple", name="Teresa Okoye")
    assert match(ready, date_of_birth="07021991", zip="02134") == Match("one", now)
    both = ndjson(tmp_path, {}, {"id": "p2", **link})
    assert "updated 1, unchanged 1" in imported(ready, both).output
    assert match(ready, date_of_birth="07021991", zip="02134") == Match("one", now)


def test_records_that_replace_each_other_in_a_circle_identify_nobody(ready: Installation, tmp_path: Path) -> None:
    def replaced_by(other: str) -> dict[str, Any]:
        return {"link": [{"type": "replaced-by", "other": {"reference": f"Patient/{other}"}}]}

    two = {"id": "p2", "birthDate": "1950-01-01"}
    imported(ready, ndjson(tmp_path, {}, two))
    assert imported(ready, ndjson(tmp_path, replaced_by("p2"), two | replaced_by("p1"))).exit_code == 0
    assert match(ready, date_of_birth="07021991", zip="02134").set_aside == "replaced"
    assert match(ready, date_of_birth="01011950", zip="02134").set_aside == "replaced"


@pytest.mark.parametrize("kind", ["refer", "seealso"])
def test_records_joined_by_a_link_are_candidates_and_both_in_use(
    ready: Installation, tmp_path: Path, kind: str
) -> None:
    link = {"link": [{"type": kind, "other": {"reference": "https://ehr.example/fhir/Patient/p2"}}]}
    file = ndjson(tmp_path, link, {"id": "p2", "birthDate": "1950-01-01"})
    assert imported(ready, file, "--skip-bad").exit_code == 0
    assert [reason for *_, reason in reported(file)] == ["a link joins it with line 1"]
    assert match(ready, date_of_birth="07021991", zip="02134").kind == "one"


def test_of_names_numbers_and_addresses_the_best_that_is_in_force_is_taken(tmp_path: Path) -> None:
    def phone(last: int, **more: Any) -> dict[str, Any]:
        return {"system": "phone", "value": f"312-555-010{last}", **more}

    person = {
        "name": [
            {"use": "official", "family": "Was", "period": {"end": "2020"}},
            {"use": "official", "family": "Now", "period": {"start": "2020-06"}},
            {"use": "official", "family": "Will", "period": {"start": "2027"}},
            {"use": "old", "family": "Old"},
        ],
        "telecom": [
            phone(1, use="old", rank=1),
            phone(2, use="mobile", rank=2),
            phone(3, use="home", rank=1, period={"start": "2026-11"}),
            phone(4, use="mobile", period={"end": "2026-10-31"}),
        ],
        "address": [{"use": "home", "postalCode": "1", "period": {"end": "2025-12"}}, {"postalCode": "60601"}],
        "identifier": [
            {"use": "old", "type": {"coding": [{"code": "MR"}]}, "value": "OLD"},
            {"type": {"coding": [{"code": "MR"}]}, "value": "NEW"},
        ],
    }
    (record,) = records(ndjson(tmp_path, person))
    assert dict(record.values) == {
        "name": "Now",
        "date_of_birth": "1991-07-02",
        "zip": "60601",
        "mrn": "NEW",
        "phone": "312-555-0103",
    }


def test_who_is_missing_from_a_later_file_stays_and_is_counted(ready: Installation, tmp_path: Path) -> None:
    imported(ready, written(tmp_path, HEADER + ANA + BO))
    done = imported(ready, written(tmp_path, HEADER + BO))
    assert "created 0, updated 0, unchanged 1" in done.output
    assert "the practice has 1 other record, left as before: an import removes nobody" in done.output
    assert match(ready, date_of_birth="03141980", zip="02134").kind == "one"


def test_the_report_is_for_its_owner_alone_holds_no_patient_and_makes_way_for_no_other_file(
    ready: Installation, tmp_path: Path
) -> None:
    file = written(tmp_path, f"{HEADER}{ANA}9,Cy Poe,1980-02-30,9021,+1312,--,,,\n")
    place = tmp_path / "patients.csv.report.csv"
    for _ in range(2):
        assert imported(ready, file, "--skip-bad", "--dry-run").exit_code == 3
        assert place.stat().st_mode & 0o777 == 0o600
    for private in ("Cy Poe", "1980-02-30", "9021", "Ana", "--,"):
        assert private not in place.read_text()
    before = file.read_bytes()
    refused = imported(ready, file, "--skip-bad", "--report", str(file))
    assert (refused.exit_code, file.read_bytes()) == (1, before)
    assert "is there and is no report" in refused.output
    assert ids(ready) == set()


def test_a_file_without_one_good_record_takes_nothing_in(ready: Installation, tmp_path: Path) -> None:
    refused = imported(ready, written(tmp_path, f"{HEADER}1,Cy Poe,1980-02-30,,,,,,\n"), "--skip-bad")
    assert (refused.exit_code, ids(ready)) == (1, set())
    assert "1 of 1 record left out: nothing was taken in" in refused.output


def test_of_many_faults_the_first_are_shown_and_the_report_has_all(ready: Installation, tmp_path: Path) -> None:
    file = written(tmp_path, HEADER + ANA + "".join(f"x{number},,1980-03-14,,,,,,\n" for number in range(30)))
    refused = imported(ready, file)
    assert refused.output.count("the name is missing") == 20
    assert "and 10 more faults; --report FILE lists all" in refused.output
    assert imported(ready, file, "--skip-bad").exit_code == 3
    assert len(reported(file)) == 30


def test_a_long_file_comes_in_by_steps_each_with_its_row_in_the_trail(
    ready: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 40)
    monkeypatch.setattr(survey, "AT_ONCE", 30)
    file = tmp_path / "long.csv"
    write_patients(file, 100)
    assert "created 100, updated 0, unchanged 0, skipped 0" in imported(ready, file).output
    assert "created 0, updated 0, unchanged 100, skipped 0" in imported(ready, file).output
    with ready.database.read() as connection:
        rows = select(audit_row.c.reason).where(audit_row.c.action == "patients.import").order_by(audit_row.c.sequence)
        reasons = list(connection.execute(rows).scalars())
    assert [reason.split(",")[0] for reason in reasons] == ["created 40", "created 40", "created 20", "created 0"]


def test_a_file_that_changes_while_it_is_read_is_refused(
    ready: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, HEADER + ANA)
    look = survey.survey

    def and_change(*about: Any, **more: Any) -> survey.Survey:
        found = look(*about, **more)
        file.write_text(HEADER + ANA + BO)
        return found

    monkeypatch.setattr("ivr.patients.import_job.survey", and_change)
    refused = imported(ready, file)
    assert (refused.exit_code, ids(ready)) == (1, set())
    assert "was changed while it was read" in refused.output


def test_synthetic_patients_of_an_electronic_record_come_in_by_the_command(
    ready: Installation, test_data: Path
) -> None:
    file = test_data / "synthea" / "patients.ndjson"
    done = imported(ready, file)
    assert done.exit_code == 0
    assert "created 491, updated 0, unchanged 0, skipped 124" in done.output
    again = imported(ready, file, "--at", (AT + timedelta(days=1)).isoformat())
    assert "created 0, updated 0, unchanged 491, skipped 124" in again.output
