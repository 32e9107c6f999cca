"""Finding a patient whose name was heard otherwise than it is written, without opening everybody's record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from callflows.identity import Rule
from ivr.installation.command_line import Installation
from ivr.patients.candidates import MOST
from ivr.patients.lookup import Match, match_answers
from ivr.patients.tables import patient, patient_key
from tests.directory.conftest import AT
from tests.taking_in import take_in_rows

HEADER = "id,name,date_of_birth,zip,phone,mrn\n"
EVELYN = "e,Evelyn Carter,1980-03-14,60601,3125550142,440187\n"
LUCIA = "l,Lucía Herrera,1957-11-02,60608,,440188\n"
BY_NAME = Rule(2, ("name",))


@dataclass
class Counting:
    """A cipher that counts what it opens."""

    cipher: Any
    opened: list[str] = field(default_factory=list)

    def open(self, practice_id: str, name: str, row: str, sealed: bytes) -> str:
        self.opened.append(name)
        return str(self.cipher.open(practice_id, name, row, sealed))

    def lookup_hash(self, practice_id: str, name: str, value: str) -> str:
        return str(self.cipher.lookup_hash(practice_id, name, value))


@pytest.fixture
def line(installation: Installation) -> Installation:
    installation.keys.ensure("maple", AT)
    return installation


def take_in(line: Installation, folder: Path, rows: str, number: int = 1) -> str:
    return str(take_in_rows(line, folder, HEADER + rows, AT, seed=number))


def match(line: Installation, rule: Rule = BY_NAME, cipher: Any = None, **said: str | Sequence[str]) -> Match:
    answers = {item: [(one,) if isinstance(one, str) else tuple(one)] for item, one in said.items()}
    with line.database.read() as connection:
        return match_answers(connection, cipher or line.cipher, "maple", answers, rule, "en-US")


def sounds(line: Installation) -> Mapping[str, int]:
    counted = select(patient_key.c.patient_id, func.count()).group_by(patient_key.c.patient_id)
    with line.database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(counted)}


def ids(line: Installation) -> list[str]:
    with line.database.read() as connection:
        return list(connection.execute(select(patient.c.id).order_by(patient.c.created_at, patient.c.id)).scalars())


@pytest.mark.parametrize("heard", ["Evelyn Carter", "evelin karter", "Carter, Evelyn", "my name is Evelyn Carter"])
def test_a_name_is_found_by_how_it_sounds_and_a_record_number_confirms_it(
    line: Installation, tmp_path: Path, heard: str
) -> None:
    take_in(line, tmp_path, EVELYN)
    assert match(line, name=heard, mrn="440187") == Match("one", ids(line)[0])
    assert match(line, name=heard, mrn="990000").kind == "none"


def test_whoever_shares_nothing_but_a_zip_code_is_not_opened_by_the_thousand(
    line: Installation, tmp_path: Path
) -> None:
    others = "".join(
        f"n{number},Bo{number} Lund,1950-01-{number % 28 + 1:02},60601,,9{number}\n" for number in range(400)
    )
    take_in(line, tmp_path, others + EVELYN)
    counting = Counting(line.cipher)
    found = match(line, Rule(2, ()), counting, zip="60601", mrn="440187", name="Evelyn Carter")
    assert found.kind == "one"
    assert 0 < len(counting.opened) <= 3 * MOST
    assert match(line, Rule(2, ()), Counting(line.cipher), zip="60601", name="Zoe Zimmer").kind in ("more", "none")


def test_records_that_nobody_can_choose_between_are_not_opened_at_all(line: Installation, tmp_path: Path) -> None:
    take_in(line, tmp_path, "".join(f"n{number},Bo Lund,1950-01-01,60601,,9{number}\n" for number in range(MOST + 1)))
    counting = Counting(line.cipher)
    assert match(line, Rule(), counting, date_of_birth="01011950", zip="60601") == Match("more")
    assert counting.opened == []


def test_records_of_before_are_found_by_their_other_hashes_and_a_later_import_fills_in_how_names_sound(
    line: Installation, tmp_path: Path
) -> None:
    take_in(line, tmp_path, EVELYN + LUCIA)
    usual = sounds(line)
    with line.database.write() as connection:
        connection.execute(delete(patient_key))
    assert match(line, Rule(), date_of_birth="03141980", zip="60601").kind == "one"
    assert take_in(line, tmp_path, EVELYN + LUCIA, 2) == "created 0, updated 0, unchanged 2, skipped 0"
    assert sounds(line) == usual
    assert take_in(line, tmp_path, EVELYN + LUCIA, 3) == "created 0, updated 0, unchanged 2, skipped 0"


def test_a_name_that_changed_is_found_by_its_new_sound_alone(line: Installation, tmp_path: Path) -> None:
    take_in(line, tmp_path, EVELYN)
    take_in(line, tmp_path, EVELYN.replace("Carter", "Zimmermann"), 2)
    assert match(line, name="Evelyn Zimmerman", mrn="440187").kind == "one"
    assert set(sounds(line).values()) == {2}


def test_a_record_that_is_damaged_is_nobody_s_and_stops_no_call(line: Installation, tmp_path: Path) -> None:
    take_in(line, tmp_path, EVELYN)
    with line.database.write() as connection:
        connection.execute(update(patient).values(date_of_birth_sealed=b"nothing"))
    assert match(line, Rule(), date_of_birth="03141980", zip="60601") == Match("none")


def test_a_name_of_one_letter_and_a_day_that_there_is_not_are_nobody_s(line: Installation, tmp_path: Path) -> None:
    take_in(line, tmp_path, EVELYN)
    assert match(line, Rule(), name="X", date_of_birth="02301980") == Match("none")
    assert match(line, Rule(), name="", date_of_birth="") == Match("none")
    assert match(line, Rule()) == Match("none")


def test_every_alternative_of_an_answer_is_looked_for(line: Installation, tmp_path: Path) -> None:
    take_in(line, tmp_path, EVELYN)
    assert match(line, Rule(), date_of_birth=["03041980", "03141980"], zip=["60610", "60601"]).kind == "one"
