"""Postcodes, ZIPs, record numbers and telephone numbers, as they are spelled and misheard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.identity import weigh
from tests.identity.spelled import spelled
from tests.identity.spoken import said_digits

POSTCODES = st.from_regex(r"\A[A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}\Z")
CANADIAN = st.from_regex(r"\A[A-Z][0-9][A-Z] [0-9][A-Z][0-9]\Z")
ZIPS = st.from_regex(r"\A[0-9]{5}\Z")
RECORD_NUMBERS = st.from_regex(r"\A[A-Z]{1,3}[0-9]{4,8}\Z")
TELEPHONES = st.from_regex(r"\A[2-9][0-9]{9}\Z")


@given(POSTCODES | CANADIAN, st.integers(0, 3))
def test_a_postcode_that_is_spelled_agrees(code: str, style: int) -> None:
    assert weigh("zip", ((spelled(code, style),),), code, "en-GB").agrees


@given(ZIPS, st.integers(0, 2))
def test_a_zip_in_words_agrees(code: str, style: int) -> None:
    assert weigh("zip", ((said_digits(code, style),),), code, "en-US").agrees
    assert weigh("zip", ((said_digits(code, 3),),), code, "es-US").agrees
    assert weigh("zip", ((code,),), f"{code}-1234", "en-US").agrees


@given(RECORD_NUMBERS, st.integers(0, 3))
def test_a_record_number_that_is_spelled_agrees(number: str, style: int) -> None:
    assert weigh("mrn", ((spelled(number, style),),), number, "en-US").agrees
    assert weigh("mrn", ((spelled(number, style),),), f"{number[:3]}-{number[3:]}", "en-US").agrees


@given(TELEPHONES, st.integers(0, 2))
def test_a_telephone_number_in_words_agrees(number: str, style: int) -> None:
    for said in (said_digits(number, style), number, f"+1 {number}", f"one {said_digits(number, style)}"):
        assert weigh("phone_on_file", ((said,),), f"+1{number}", "en-US").agrees, said


@given(ZIPS, ZIPS)
def test_a_zip_agrees_with_no_other(one: str, other: str) -> None:
    assert weigh("zip", ((one,),), other, "en-US").agrees == (one == other)


@given(st.integers(10_000, 99_999), st.integers(1, 9))
def test_the_number_of_the_next_record_is_another(number: int, step: int) -> None:
    weight = weigh("mrn", ((f"M {number + step}",),), f"M{number}", "en-US")
    assert not weight.agrees


@given(TELEPHONES, st.integers(0, 9), st.sampled_from("0123456789"))
def test_a_telephone_number_with_another_digit_is_another(number: str, place: int, digit: str) -> None:
    other = number[:place] + digit + number[place + 1 :]
    weight = weigh("phone_on_file", ((other,),), f"+1{number}", "en-US")
    assert weight.agrees == (other == number)
    assert weight.agrees or weight.log_ratio < 1


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("TQ6R 4SF", "t for Tommy q for queen six r for robert 4 s for sugar f for freddy"),
        ("NG28 1HY", "Angie 281 hatchway"),
        ("LU4N 1AB", "Lima uniform 4 November 1 alpha bravo"),
        ("S5 3NU", "s five three n you"),
        ("KT5 9BW", "k t v 9 b double you"),
        ("M00 0TF", "M o o 0 t f"),
        ("K1A 0B1", "k one a oh b one"),
    ],
)
def test_what_recognisers_write_for_a_postcode(held: str, said: str) -> None:
    assert weigh("zip", ((said,),), held, "en-GB").agrees


@pytest.mark.parametrize("said", ["NG9 7XQ", "n g 9", "nottingham", "what", "9 2", "LE4 6QP"])
def test_another_postcode_and_a_part_of_one_do_not_agree(said: str) -> None:
    assert not weigh("zip", ((said,),), "NG9 2TD", "en-GB").agrees


@pytest.mark.parametrize(
    ("held", "said", "agrees"),
    [
        ("+447700900123", "oh double seven double oh nine double oh one two three", True),
        ("+447700900123", "plus 44 7700 900 123", True),
        ("+13125550142", "555 0142", False),
        ("+13125550142", "312 555", False),
        ("+13125550142", "", False),
    ],
)
def test_telephone_numbers_need_their_area(held: str, said: str, agrees: bool) -> None:
    assert weigh("phone_on_file", ((said,),), held, "en-GB").agrees == agrees


def test_a_list_of_zips_is_no_answer() -> None:
    assert not weigh("zip", (("60601 60602 60603",),), "60602", "en-US").agrees
