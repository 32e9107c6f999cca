"""Dates that are digits alone: which digits are the day, the month and the year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from callflows.identity.numbers import Group
from callflows.identity.years import EARLIEST, LATEST, NEW_CENTURY

MONTH_FIRST = frozenset({"en-US"})
"""The languages whose dates begin with the month when they are said in figures."""
MOST_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Partial:
    """As much of a date as was understood."""

    year: int | None = field(repr=False)
    month: int | None = field(repr=False)
    day: int | None = field(repr=False)


def numeric_dates(found: Sequence[Group], language: str) -> tuple[Partial, ...]:
    """The dates that groups of digits can mean, likeliest first.

    Cuts between groups come before cuts within them: 3 14 80 is the 14th of March before it is anything else. Where the
    first number can only be a day, it is one in every language; keyed digits are MMDDYYYY in both languages of the
    United States.
    """
    texts = [group.text for group in found if group.is_number]
    digits = "".join(texts)
    if not 3 <= len(digits) <= MOST_DIGITS:
        return ()
    edges = frozenset(accumulate(len(text) for text in texts))
    is_keyed = len(texts) == 1 and len(digits) == 8
    splits = sorted(_splits(digits), key=lambda split: _strain(split, edges))
    if not splits:
        return ()
    least = _strain(splits[0], edges)
    near = [split for split in splits if _strain(split, edges) == least]
    dates = [each for split in near for each in _ordered(*split, is_month_first(language, is_keyed))]
    return tuple(dict.fromkeys(dates))


def is_month_first(language: str, is_keyed: bool) -> bool:
    return language in MONTH_FIRST or (is_keyed and language.endswith("-US"))


def _splits(digits: str) -> Iterator[tuple[str, str, str]]:
    """Every way to cut digits into two short numbers and a year of four or two digits."""
    for year in (4, 2):
        for first in (2, 1):
            second = len(digits) - year - first
            if second in (1, 2):
                yield digits[:first], digits[first : first + second], digits[first + second :]
    if len(digits) == 8:
        yield digits[4:6], digits[6:], digits[:4]


def _strain(split: tuple[str, str, str], edges: frozenset[int]) -> int:
    """How little a cut goes with the way the digits were grouped."""
    first, second, _ = split
    cuts = (len(first), len(first) + len(second))
    return sum(cut not in edges for cut in cuts) + (len(edges - {*cuts}) > 2)


def _ordered(first: str, second: str, year: str, month_first: bool) -> Iterator[Partial]:
    one, two = int(first), int(second)
    for full in _years(year):
        month, day = (one, two) if month_first else (two, one)
        if _is_date(full, month, day):
            yield Partial(full, month, day)
        elif _is_date(full, day, month):
            yield Partial(full, day, month)


def _years(year: str) -> tuple[int, ...]:
    if len(year) == 4:
        return (int(year),) if EARLIEST <= int(year) <= LATEST else ()
    short = int(year)
    return (2000 + short, 1900 + short) if short < NEW_CENTURY else (1900 + short,)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
