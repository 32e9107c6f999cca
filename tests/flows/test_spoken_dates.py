"""Days in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.prompts import languages
from callflows.prompts.dates import say_date


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        ("1980-03-14", "March fourteenth, nineteen eighty", "catorce de marzo de mil novecientos ochenta"),
        ("2000-02-29", "February twenty-ninth, two thousand", "veintinueve de febrero de dos mil"),
        ("2005-01-01", "January first, two thousand five", "primero de enero de dos mil cinco"),
        ("1900-12-31", "December thirty-first, nineteen hundred", "treinta y uno de diciembre de mil novecientos"),
        ("1909-07-12", "July twelfth, nineteen oh nine", "doce de julio de mil novecientos nueve"),
        ("2016-05-20", "May twentieth, twenty sixteen", "veinte de mayo de dos mil dieciséis"),
        ("1957-11-02", "November second, nineteen fifty-seven",
         "dos de noviembre de mil novecientos cincuenta y siete"),
        ("1899-08-23", "August twenty-third, eighteen ninety-nine",
         "veintitrés de agosto de mil ochocientos noventa y nueve"),
    ],
)  # fmt: skip
def test_a_day_is_said_as_people_say_it(day: str, english: str, spanish: str) -> None:
    assert say_date(date.fromisoformat(day), "en-US") == english
    assert say_date(date.fromisoformat(day), "es-US") == spanish


DAYS = st.dates(date(1890, 1, 1), date(2099, 12, 31))


@given(DAYS, DAYS, st.sampled_from(languages()))
def test_two_days_never_sound_alike(one: date, other: date, language: str) -> None:
    assert (say_date(one, language) == say_date(other, language)) == (one == other)
    assert not any(letter.isdigit() for letter in say_date(one, language))
