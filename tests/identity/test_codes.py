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
        ("PL7B 9SF", "p for peter l for larry seven b for bob 9 s for sugar f for freddy"),
        ("KT16 9HX", "Katie 169 hatch x"),
        ("LU4M 2AB", "Lima uniform 4 mike 2 alpha bravo"),
        ("S6 8NU", "s six eight n you"),
        ("KT5 9BW", "k t v 9 b double you"),
        ("M30 0RF", "M 3 o 0 r f"),
        ("K1A 0B1", "k one a oh b one"),
    ],
)
def test_what_recognisers_write_for_a_postcode(held: str, said: str) -> None:
    assert weigh("zip", ((said,),), held, "en-GB").agrees


@pytest.mark.parametrize("said", ["NG8 7XQ", "n g 8", "nottingham", "what", "8 3", "LE4 6QP"])
def test_another_postcode_and_a_part_of_one_do_not_agree(said: str) -> None:
    assert not weigh("zip", ((said,),), "NG8 3TD", "en-GB").agrees


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


@pytest.mark.parametrize("listed", ["60601 60602 60603", "60601 60602", "six oh six oh one six oh six oh two"])
@pytest.mark.parametrize("held", ["60601", "60602", "60603"])
def test_a_list_of_zips_is_no_answer(listed: str, held: str) -> None:
    assert not weigh("zip", ((listed,),), held, "en-US").agrees


@pytest.mark.parametrize(
    "said", ["60601-1234", "60601 1234", "six oh six oh one one two three four", "60601 dash twelve thirty-four"]
)
@pytest.mark.parametrize("held", ["60601", "60601-1234", "606019999"])
def test_of_a_zip_of_nine_digits_the_first_five_are_held_against_the_record(said: str, held: str) -> None:
    weight = weigh("zip", ((said,),), held, "en-US")
    assert weight.agrees
    assert weight.log_ratio == weigh("zip", (("60601",),), held, "en-US").log_ratio
    assert not weigh("zip", ((said,),), "60602", "en-US").agrees
    assert not weigh("zip", ((said,),), "11234", "en-US").agrees


@pytest.mark.parametrize(("said", "held"), [("44018", "440187123"), ("440187123", "44018")])
def test_a_part_of_a_record_number_is_none_whatever_its_length(said: str, held: str) -> None:
    assert not weigh("mrn", ((said,),), held, "en-US").agrees
