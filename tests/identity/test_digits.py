"""Digits are read however they are grouped, doubled and named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.identity import read_digits
from tests.identity.spoken import english, said_digits, spanish

DIGITS = st.text("0123456789", min_size=1, max_size=12)


@given(DIGITS, st.integers(0, 2))
def test_digits_in_words_read_back_as_themselves(digits: str, style: int) -> None:
    assert read_digits((said_digits(digits, style),), "en-US")[0] == digits


@given(DIGITS)
def test_digits_in_spanish_words_read_back_as_themselves(digits: str) -> None:
    assert read_digits((said_digits(digits, 3),), "es-US")[0] == digits


@given(DIGITS)
def test_keyed_digits_are_themselves(digits: str) -> None:
    assert read_digits((digits,), "en-US") == (digits,)
    assert read_digits((" ".join(digits),), "es-US")[0] == digits


@given(st.lists(st.integers(10, 99), min_size=1, max_size=5))
def test_groups_of_two_are_put_side_by_side(numbers: list[int]) -> None:
    digits = "".join(map(str, numbers))
    assert digits in read_digits((" ".join(map(english, numbers)),), "en-US")
    assert digits in read_digits((", ".join(map(spanish, numbers)),), "es-US")


@pytest.mark.parametrize(
    ("said", "language", "first"),
    [
        ("twelve thirty-four", "en-US", "1234"),
        ("double five oh one", "en-US", "5501"),
        ("triple eight two", "en-US", "8882"),
        ("six oh six, oh one", "en-US", "60601"),
        ("my zip is nine oh two one oh", "en-US", "90210"),
        ("treble 5 1 2", "en-GB", "55512"),
        ("double 5 1 2", "en-GB", "5512"),
        ("one hundred twenty three", "en-US", "123"),
        ("four hundred", "en-US", "400"),
        ("sesenta, seis, cero, uno", "es-US", "6601"),
        ("doble cinco uno dos", "es-US", "5512"),
        ("setecientos ochenta y dos", "es-MX", "782"),
        ("sixty six oh one", "es-US", "6601"),
    ],
)
def test_spoken_forms(said: str, language: str, first: str) -> None:
    assert read_digits((said,), language)[0] == first


@pytest.mark.parametrize(
    ("said", "also"), [("six for to one", "6421"), ("sixty six oh one", "60601"), ("ate won free", "813")]
)
def test_what_may_also_be_meant_comes_after(said: str, also: str) -> None:
    found = read_digits((said,), "en-US")
    assert also in found


def test_words_without_digits_are_none() -> None:
    assert read_digits(("I do not know", "", "hello"), "en-US") == ()
