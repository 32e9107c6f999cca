"""Answers in which the ear can have heard nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.prompts import languages
from callflows.prompts.dates import say_date
from ivr.hearing.ear import Ear, ear_at
from ivr.hearing.held_out import HeldOut
from ivr.hearing.places import RELEASED
from ivr.hearing.plain_answers import tells_nothing


@pytest.mark.parametrize(
    "words",
    [
        *("60614", "six oh six one four", "312-555-0142", "March 14th, 1980", "el 14 de marzo de 1980", "M 440 187"),
        *("Beatriz Okoye", "my name is Lucía Herrera", "me llamo Beatriz Okoye", "J, A, N, E, Rodríguez"),
        "Evelyn Rodriguez, March fourteenth 1980, six oh six one four",
    ],
)
def test_numbers_days_and_names_tell_nothing(ear: Ear, words: str) -> None:
    assert tells_nothing(ear, words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "?",
        "chest pain",
        "60614 and I have chest pain",
        "help",
        "he fell in March",
        "Ana Okoye is bleeding",
        "no",
        "911",
    ],
)
def test_any_word_of_an_illness_may_tell_of_one(ear: Ear, words: str) -> None:
    assert not tells_nothing(ear, words)


@given(st.dates(date(1890, 1, 1), date(2099, 12, 31)), st.sampled_from(languages()))
def test_no_day_tells_of_an_illness(day: date, language: str) -> None:
    assert tells_nothing(ear_at(RELEASED), say_date(day, language))


@pytest.mark.parametrize("of", ["held_out", "second"])
def test_no_sentence_of_an_illness_is_taken_for_one_that_tells_nothing(
    ear: Ear, of: str, request: pytest.FixtureRequest
) -> None:
    known: HeldOut = request.getfixturevalue(of)
    ill = [one.text for one in known.sentences if one.kind in ("emergent", "clinical")]
    assert len(ill) > 100
    assert [text for text in ill if tells_nothing(ear, text)] == []
