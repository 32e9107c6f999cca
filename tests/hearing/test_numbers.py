"""Answers that are nothing but a number or a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.prompts import languages
from callflows.prompts.dates import say_date
from ivr.hearing.numbers import is_number


@pytest.mark.parametrize(
    "words", ["60614", "six oh six one four", "312-555-0142", "March 14th, 1980", "el 14 de marzo de 1980", "M 440 187"]
)
def test_figures_and_the_words_for_them_are_numbers(words: str) -> None:
    assert is_number(words)


@pytest.mark.parametrize(
    "words", ["", "chest pain", "60614 and I have chest pain", "help", "two tablets too many", "a", "he fell in March"]
)
def test_any_other_word_may_tell_of_something(words: str) -> None:
    assert not is_number(words)


@given(st.dates(date(1890, 1, 1), date(2099, 12, 31)), st.sampled_from(languages()))
def test_every_day_in_words_is_one(day: date, language: str) -> None:
    assert is_number(say_date(day, language))
