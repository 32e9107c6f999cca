"""Callers who say who they are: what is read back, what counts, and what is noted of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.calls.event_tables import event
from ivr.calls.tables import call
from tests.calls.office import Office, Party
from tests.taking_in import take_in_rows

pytestmark = pytest.mark.sqlite_first

PATIENTS = """id,name,date_of_birth,zip,mrn,phone
a,Ana Okoye,1988-02-29,60699,550201,3125550142
b,Beatriz Okoye,1988-02-29,60699,550202,3125550142
e,Evelyn Carter,1980-03-14,60601,440187,3125550199
"""
APPOINTMENT_OF_A_PATIENT = "121"
CITA = "221"
POUND = ""


@pytest.fixture
def line(any_office: Office, tmp_path: Path) -> Office:
    """An office that knows twins and somebody else."""
    take_in_rows(any_office.services, tmp_path, PATIENTS, any_office.world.now)
    return any_office


def at_the_date(office: Office, keys: str = APPOINTMENT_OF_A_PATIENT) -> Party:
    """Somebody who is asked for a date of birth."""
    caller = office.dialled()
    caller.plays(keys)
    assert caller.leg.pending_key == "identity/birth/0/0"
    return caller


def level(office: Office, caller: Party) -> str:
    return str(office.one(call, call.c.id == caller.leg.call_id).identity_level)


def found(office: Office) -> list[str]:
    return [row.data["found"] for row in office.rows(event, event.c.kind == "identity-tried")]


@pytest.mark.parametrize(
    ("said", "read_back"),
    [
        ("March fourteenth nineteen eighty", "March fourteenth, nineteen eighty"),
        ("it's the 14th of March 1980", "March fourteenth, nineteen eighty"),
        ("3/14/1980", "March fourteenth, nineteen eighty"),
        ("Evelyn Carter, March fourteenth 1980, six oh six oh one", "March fourteenth, nineteen eighty"),
        ("February 29 1988", "February twenty-ninth, nineteen eighty-eight"),
        ("March fourteenth eighty", "March fourteenth, nineteen eighty"),
    ],
)
def test_a_date_that_was_said_is_read_back_in_words(line: Office, said: str, read_back: str) -> None:
    caller = at_the_date(line)
    assert f"I heard {read_back}. If that is right, press 1" in caller.says(said).words
    caller.presses("1")
    assert caller.leg.pending_key == "identity/zip/0/0"


@pytest.mark.parametrize("said", ["yesterday", "February 30 1980", "March 14 2090", "I forgot it"])
def test_a_date_that_there_is_not_is_asked_for_again(line: Office, said: str) -> None:
    caller = at_the_date(line)
    assert "I did not get that" in caller.says(said).words
    assert caller.leg.pending_key == "identity/birth/0/1"


KNOWN, NEW = "identity/birth/0/0", "agent/0/wait/0"


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [
        *((words, KNOWN) for words in ("yes", "yes I have", "I have", "I'm not new", "existing patient", "yes please")),
        *((words, NEW) for words in ("no", "no I haven't", "new", "I'm new", "yes, I am new", "it's my first time")),
    ],
)
def test_whether_somebody_was_seen_before_may_be_said(line: Office, said: str, goes_on: str) -> None:
    caller = line.dialled()
    caller.plays("12")
    caller.says(said)
    assert caller.leg.pending_key == goes_on


@pytest.mark.parametrize(
    ("said", "goes_on"), [("sí", KNOWN), ("no", NEW), ("soy nueva", NEW), ("es mi primera vez", NEW)]
)
def test_whether_somebody_was_seen_before_may_be_said_in_spanish(line: Office, said: str, goes_on: str) -> None:
    caller = line.dialled()
    caller.plays("22")
    caller.says(said)
    assert caller.leg.pending_key == goes_on


@pytest.mark.parametrize(
    "said",
    [
        "yes, but I have chest pain",
        "no, I have chest pain",
        "I have a new chest pain",
        "new, call 911",
        "no, I'm bleeding",
    ],
)
def test_an_illness_said_there_goes_first(line: Office, said: str) -> None:
    caller = line.dialled()
    caller.plays("12")
    caller.says(said)
    assert not caller.leg.pending_key.startswith(("identity/", "agent/"))


def test_everything_may_be_said_in_spanish(line: Office) -> None:
    caller = at_the_date(line, CITA)
    assert "Entendí catorce de marzo de mil novecientos ochenta." in (
        caller.says("catorce de marzo de mil novecientos ochenta").words
    )
    caller.says("sí")
    caller.says("seis cero seis cero uno")
    assert (level(line, caller), found(line)) == ("L1", ["one"])


@pytest.mark.parametrize("said", ["60601-1234", "six oh six oh one one two three four"])
def test_a_zip_may_be_said_with_all_its_nine_digits(line: Office, said: str) -> None:
    caller = at_the_date(line)
    caller.presses("03141980")
    caller.says(said)
    assert (level(line, caller), found(line)) == ("L1", ["one"])


@pytest.mark.parametrize("keyed", ["02291985", "00000000", "14031980", "01012030", "01011890"])
def test_a_keyed_date_that_there_is_not_is_asked_for_again_and_is_no_guess(line: Office, keyed: str) -> None:
    caller = at_the_date(line)
    assert "I did not get that" in caller.presses(keyed).words
    assert caller.leg.pending_key == "identity/birth/0/1"
    for keys in ("03141980", "60601"):
        caller.presses(keys)
    assert (level(line, caller), found(line)) == ("L1", ["one"])


def test_whoever_keys_no_date_that_there_is_goes_on_to_a_person_and_has_guessed_at_nobody(line: Office) -> None:
    caller = at_the_date(line)
    for _ in range(3):
        caller.presses("02291985")
    assert caller.leg.pending_key == "identity/ill/0"
    assert found(line) == []


def test_what_is_given_after_star_counts(line: Office) -> None:
    caller = at_the_date(line)
    assert caller.presses("*").words.startswith("Say the patient's date of birth")
    assert caller.presses("*").words.startswith("Say the patient's date of birth")
    caller.says("March fourteenth nineteen eighty")
    assert "I heard March fourteenth" in caller.presses("*").words
    caller.presses("1")
    caller.presses("*")
    caller.says("six oh six oh one")
    assert (level(line, caller), found(line)) == ("L1", ["one"])


def test_what_is_denied_after_star_does_not_count(line: Office) -> None:
    caller = at_the_date(line)
    caller.says("March fourteenth nineteen eighty")
    caller.presses("*")
    caller.presses("2")
    assert caller.leg.pending_key == "identity/birth/0/1"


def test_three_names_in_one_answer_are_nobodys(line: Office) -> None:
    caller = at_the_date(line)
    for keys in ("03141980", "60699"):
        caller.presses(keys)
    assert "could not match" in caller.says("Ana Ruiz Evelyn Carter Olga Barnes").words
    assert level(line, caller) == "L0"


def test_a_date_that_was_denied_does_not_count(line: Office) -> None:
    caller = at_the_date(line)
    caller.says("March fourteenth nineteen eighty")
    caller.presses("2")
    caller.presses("03141981")
    caller.presses("60601")
    assert (level(line, caller), caller.leg.pending_key) == ("L0", "identity/name/0/0")


def test_twins_are_told_apart_by_one_more_item_and_hear_no_more_than_strangers(line: Office) -> None:
    stranger, twin = at_the_date(line), at_the_date(line)
    stranger.presses("02281981")
    twin.presses("02291988")
    assert stranger.presses("60699").words == twin.presses("60699").words
    twin.says("Beatriz Okoye")
    assert (level(line, stranger), level(line, twin)) == ("L0", "L1")


def test_twins_who_give_no_more_are_nobody(line: Office) -> None:
    caller = at_the_date(line)
    for keys in ("02291988", "60699"):
        caller.presses(keys)
    assert "could not match" in caller.presses(POUND).words
    assert level(line, caller) == "L0"


def test_what_was_given_before_adds_up(line: Office) -> None:
    caller = at_the_date(line)
    for keys in ("02291988", "60601", POUND, "03141980", "60602"):
        caller.presses(keys)
    assert level(line, caller) == "L1"


def test_an_attempt_is_counted_once_however_many_items_it_took(line: Office) -> None:
    caller = at_the_date(line)
    for keys in ("01011970", "60601", POUND):
        caller.presses(keys)
    assert found(line) == ["none"]
    for keys in ("03141980", "60601"):
        caller.presses(keys)
    assert found(line) == ["none", "one"]
