from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.callbacks.typed_numbers import parse_ordinary_number


@pytest.mark.parametrize("typed", ["3125550147", "4165550147", "7875550147"])
def test_an_ordinary_number_is_rung(typed: str) -> None:
    assert parse_ordinary_number(typed) == f"+1{typed}"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("9005550123", id="premium"),
        pytest.param("8005550123", id="toll-free"),
        pytest.param("5005550123", id="follow-me"),
        pytest.param("8765551234", id="Jamaica"),
        pytest.param("2424561234", id="Bahamas"),
        pytest.param("9115550100", id="no such area"),
        pytest.param("011442071234567", id="abroad"),
        pytest.param("***", id="no digits"),
        pytest.param("911", id="emergency"),
    ],
)
def test_any_other_number_is_not(typed: str) -> None:
    assert parse_ordinary_number(typed) is None


@given(st.text(alphabet="0123456789*#w", max_size=30))
def test_whatever_was_typed_is_judged_without_failing(typed: str) -> None:
    number = parse_ordinary_number(typed)
    assert number is None or number.startswith("+1")
