"""Finding a patient by what a caller says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.identity import Rule
from ivr.installation.command_line import Installation
from ivr.patients import normalise
from ivr.patients.lookup import Match, find, match_answers
from tests.directory.conftest import AT
from tests.taking_in import take_in_rows

PATIENTS = """id,name,date_of_birth,zip,phone,mrn
ana,Ana Ruiz,1980-03-14,02134,3125550142,A-4101
bea,Bea Ruiz,1980-03-14,02134,3125550142,B-4102
cal,Cal Poe,1955-12-01,60601,,C-4103
"""


@pytest.fixture
def line(installation: Installation, tmp_path: Path) -> Installation:
    installation.keys.ensure("maple", AT)
    take_in_rows(installation, tmp_path, PATIENTS, AT)
    return installation


def match(line: Installation, items: Mapping[str, str | Sequence[str]], require: Sequence[str] = ()) -> Match:
    said = {item: [(given,) if isinstance(given, str) else tuple(given)] for item, given in items.items()}
    with line.database.read() as connection:
        return match_answers(connection, line.cipher, "maple", said, Rule(2, tuple(require)), "en-US")


def who(line: Installation, mrn: str) -> str:
    with line.database.read() as connection:
        return find(connection, line.cipher, "maple", mrn=mrn)[0]


def test_two_items_that_fit_one_patient_are_enough(line: Installation) -> None:
    assert match(line, {"date_of_birth": "12011955", "zip": "60601"}) == Match("one", who(line, "C-4103"))


@pytest.mark.parametrize(
    "items",
    [
        {"date_of_birth": "12011955"},
        {"date_of_birth": "12011955", "zip": "60602"},
        {"date_of_birth": "99999999", "zip": "60601"},
        {"zip": "60601", "mrn": "C-4103"},
        {"date_of_birth": "12021955", "zip": "60601", "mrn": "C-4103"},
        {},
    ],
)
def test_whoever_does_not_fit_is_nobody_and_no_reason_is_given(line: Installation, items: dict[str, str]) -> None:
    assert match(line, items, ["date_of_birth"]) == Match("none")


def test_twins_are_never_chosen_between(line: Installation) -> None:
    assert match(line, {"date_of_birth": "03141980", "zip": "02134", "phone_on_file": "312-555-0142"}) == Match("more")


def test_one_more_item_tells_twins_apart(line: Installation) -> None:
    items = {"date_of_birth": "03141980", "zip": "02134", "name": "béa RUIZ"}
    assert match(line, items, ["date_of_birth"]) == Match("one", who(line, "B-4102"))


def test_the_phone_on_file_counts_as_an_item(line: Installation) -> None:
    items = {"phone_on_file": "+13125550142", "mrn": "a4101"}
    assert match(line, items, ["phone_on_file"]) == Match("one", who(line, "A-4101"))


def test_any_alternative_of_the_speech_engine_may_fit(line: Installation) -> None:
    items = {"date_of_birth": ["12111955", "12011955"], "zip": ["6061", "60601"]}
    assert match(line, items, ["date_of_birth"]) == Match("one", who(line, "C-4103"))


def test_a_guess_at_what_is_required_is_about_the_record_that_all_else_fits(line: Installation) -> None:
    def nearest(**items: str) -> tuple[str, ...]:
        return match(line, {"date_of_birth": "01011950", **items}, ["date_of_birth"]).nearest

    assert nearest(name="Cal Poe", zip="60601") == (who(line, "C-4103"),)
    assert nearest(name="Cal Poe") == nearest(zip="60601") == ()
    assert nearest(zip="02134", phone_on_file="3125550142") == ()
    assert nearest(zip="02134", phone_on_file="3125550142", name="Ana Ruiz") == (who(line, "A-4101"),)


def test_find_wants_every_item_to_fit(line: Installation) -> None:
    with line.database.read() as connection:
        twins = find(connection, line.cipher, "maple", date_of_birth="1980-03-14", zip="02134")
        assert len(twins) == 2
        assert find(connection, line.cipher, "maple", date_of_birth="1980-03-14", zip="60601") == ()
        assert find(connection, line.cipher, "maple", date_of_birth="1980-03-14", zip="?") == ()
        assert find(connection, line.cipher, "maple") == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03141980", "1980-03-14"),
        ("03/14/1980", "1980-03-14"),
        ("1980-03-14", "1980-03-14"),
        ("19800314", "1980-03-14"),
        ("12201912", "1912-12-20"),
        ("02291980", "1980-02-29"),
        ("02291981", None),
        ("13011980", None),
        ("00000000", None),
        ("3141980", None),
        ("", None),
    ],
)
def test_a_date_of_birth_is_read_as_keyed_or_as_written(text: str, day: str | None) -> None:
    assert normalise.date_of_birth(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(312) 555-0142", "+13125550142"),
        ("13125550142", "+13125550142"),
        ("+52 55 1234 5678", "+525512345678"),
        ("555-767-7476", "+15557677476"),
        ("5550142", None),
        ("none", None),
    ],
)
def test_a_phone_number_is_read_as_e164(text: str, number: str | None) -> None:
    assert normalise.phone(text) == number


def test_a_name_is_the_same_however_it_is_spelt_on_the_keyboard() -> None:
    assert normalise.name("  MARÍA-José  O'Brien ") == normalise.name("maria jose o brien") == "maria jose o brien"
    assert normalise.name("?!") is None


@given(st.text(max_size=40), st.sampled_from(sorted(normalise.NORMALISERS)))
def test_normalising_twice_is_normalising_once(text: str, field: str) -> None:
    once = normalise.NORMALISERS[field](text)
    assert once is None or normalise.NORMALISERS[field](once) == once
