"""Dates of birth are read in every form in which people say them, and nothing is made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callflows.identity import read_dates, weigh
from tests.identity.spoken import english_dates, numeric_dates, short_dates, spanish_dates

BIRTHS = st.dates(date(1905, 1, 1), date(2029, 12, 31))
MONTH_FIRST = ("en-US",)
DAY_FIRST = ("en-GB", "es-MX", "es-US")


@given(BIRTHS)
@example(date(2004, 2, 29))
@example(date(1900, 1, 1).replace(year=1910))
@example(date(2000, 12, 31))
def test_a_date_in_words_reads_back_as_itself_in_every_language(born: date) -> None:
    for said in english_dates(born):
        for language in (*MONTH_FIRST, *DAY_FIRST):
            assert read_dates((said,), language) == (born.isoformat(),), (said, language)


@given(BIRTHS)
@example(date(2000, 2, 1))
@example(date(1931, 1, 31))
def test_a_date_in_spanish_words_reads_back_as_itself(born: date) -> None:
    for said in spanish_dates(born):
        for language in DAY_FIRST[1:]:
            assert read_dates((said,), language) == (born.isoformat(),), (said, language)


@given(BIRTHS)
def test_a_date_in_figures_is_read_in_the_order_of_its_language(born: date) -> None:
    for said in numeric_dates(born, month_first=True):
        assert read_dates((said,), "en-US")[:1] == (born.isoformat(),), said
    for said in numeric_dates(born, month_first=False):
        for language in DAY_FIRST:
            assert read_dates((said,), language)[:1] == (born.isoformat(),), (said, language)


@given(BIRTHS)
def test_a_year_of_two_digits_may_be_of_either_century(born: date) -> None:
    for said in short_dates(born, month_first=True):
        assert born.isoformat() in read_dates((said,), "en-US"), said
    for said in short_dates(born, month_first=False):
        assert born.isoformat() in read_dates((said,), "en-GB"), said


@given(BIRTHS)
def test_keyed_digits_are_month_day_and_year_in_both_languages_of_the_united_states(born: date) -> None:
    keyed = f"{born:%m%d%Y}"
    assert read_dates((keyed,), "en-US") == read_dates((keyed,), "es-US") == (born.isoformat(),)


@pytest.mark.parametrize(
    ("said", "language", "born"),
    [
        ("the fourteenth of March nineteen eighty", "en-US", "1980-03-14"),
        ("three fourteen eighty", "en-US", "1980-03-14"),
        ("oh three fourteen eighty", "en-US", "1980-03-14"),
        ("catorce de marzo de mil novecientos ochenta", "es-US", "1980-03-14"),
        ("the twenty third of the eighth nineteen forty", "en-GB", "1940-08-23"),
        ("17041 958", "en-GB", "1958-04-17"),
        ("28 111 963", "en-GB", "1963-11-28"),
        ("16 7 19 18", "en-GB", "1918-07-16"),
        ("14/3/1980", "en-US", "1980-03-14"),
        ("the 21st of November 20018", "en-GB", "2018-11-21"),
        ("the 8th of May MMXI", "en-GB", "2011-05-08"),
        ("third no sorry fourth of may 1980", "en-GB", "1980-05-04"),
        ("may I say it is the 4th of June 1980", "en-US", "1980-06-04"),
        ("4 May 1980 no 5 May 1981", "en-GB", "1981-05-05"),
        ("nineteen eighty march third", "en-US", "1980-03-03"),
        ("February twenty ninth two thousand four", "en-US", "2004-02-29"),
    ],
)
def test_odd_forms_are_read_as_people_mean_them(said: str, language: str, born: str) -> None:
    assert read_dates((said,), language) == (born,)


def test_a_stray_digit_after_a_decade_is_perhaps_a_part_of_the_year() -> None:
    assert read_dates(("23rd of July 1950 6",), "en-GB") == ("1950-07-23", "1956-07-23")


def test_figures_that_may_mean_two_dates_in_spanish_give_both_the_day_first() -> None:
    assert read_dates(("3 4 1980",), "es-US") == ("1980-04-03", "1980-03-04")
    assert read_dates(("3 4 1980",), "es-MX") == ("1980-04-03",)


def test_better_alternatives_come_first_and_each_date_once() -> None:
    assert read_dates(("May 4 1980", "May 4 1980", "May 14 1980"), "en-US") == ("1980-05-04", "1980-05-14")


@pytest.mark.parametrize(
    "said",
    [
        *(
            "",
            "yesterday",
            "last Tuesday",
            "I am forty six",
            "in May",
            "May 5",
            "march",
            "nineteen eighty",
            "99 99 1980",
        ),
        *(
            "February 29 1981",
            "31 of April 1980",
            "February thirtieth nineteen ninety",
            "29 02 1900",
            "never",
            "twelve",
        ),
        *("1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7", "the fourth of the sixth", "may may may", "0000 0000", "may 0 1980"),
    ],
)
def test_what_is_no_whole_date_of_the_calendar_is_none(said: str) -> None:
    assert read_dates((said,), "en-US") == ()


@pytest.mark.parametrize(
    "listed",
    [
        "March 14 1980, April 1 1990, May 2 1970",
        "March fourteenth nineteen eighty no April first nineteen ninety no May second nineteen seventy",
        "14 de marzo de 1980, 1 de abril de 1990, 2 de mayo de 1970",
    ],
)
@pytest.mark.parametrize("born", ["1980-03-14", "1990-04-01", "1970-05-02"])
def test_more_than_two_dates_in_one_answer_are_none(listed: str, born: str) -> None:
    assert read_dates((listed,), "en-US") == ()
    assert not weigh("date_of_birth", ((listed,),), born, "en-US").agrees


def test_a_date_that_is_said_again_or_mended_once_is_read() -> None:
    again = "March 14 1980, yes, March 14 1980, March the fourteenth 1980"
    assert read_dates((again,), "en-US") == ("1980-03-14",)
    assert read_dates(("April 1 1990 no March 14 1980",), "en-US") == ("1980-03-14",)


def test_a_list_of_dates_is_no_answer() -> None:
    listed = " ".join(f"{day} May 1980" for day in range(1, 15))
    assert read_dates((listed,), "en-GB") == ()
