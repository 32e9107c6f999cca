"""Dates that are digits alone: which digits are the day, the month and the year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, chain, product

from callflows.identity.numbers import Group
from callflows.identity.years import EARLIEST, LATEST, NEW_CENTURY

MONTH_FIRST = frozenset({"en-US"})
"""The languages whose dates begin with the month when they are said in figures."""
KEYED_DIGITS, FEWEST_RUN_TOGETHER, MOST_DIGITS, MOST_GROUPS = 8, 6, 10, 8


@dataclass(frozen=True, slots=True)
class Partial:
    """As much of a date as was understood."""

    year: int | None = field(repr=False)
    month: int | None = field(repr=False)
    day: int | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Split:
    """Digits, cut in three; the year may have been the first part, before the month and the day."""

    first: str = field(repr=False)
    second: str = field(repr=False)
    year: str = field(repr=False)
    year_first: bool = False


def numeric_dates(found: Sequence[Group], language: str) -> tuple[Partial, ...]:
    """The dates that groups of digits can mean, likeliest first.

    1. Cuts between groups: 3 14 80 is the 14th of March before it is anything else.
    2. Cuts within numbers of several words: "twenty three eighty" is 23 80, and the 20th of March.
    3. Cuts anywhere, for what a recogniser ran together: 10031 969.
    """
    numbers = [group for group in found if group.is_number]
    orders = _orders(language, is_keyed=len(numbers) == 1 and len(numbers[0].text) == KEYED_DIGITS)
    for texts in _groupings(numbers):
        if dates := _dates(_at_edges(texts), orders):
            return dates
    digits = "".join(group.text for group in numbers)
    return _dates(_splits(digits), orders) if FEWEST_RUN_TOGETHER <= len(digits) <= MOST_DIGITS else ()


def _orders(language: str, is_keyed: bool) -> tuple[bool, ...]:
    """Whether the month comes first, likeliest first.

    Keyed digits are MMDDYYYY in both languages of the United States; who speaks Spanish there says either order.
    """
    if language in MONTH_FIRST or (is_keyed and language.endswith("-US")):
        return (True,)
    return (False, True) if language.endswith("-US") else (False,)


def _groupings(numbers: Sequence[Group]) -> list[tuple[str, ...]]:
    """The groups as they are, then with numbers of two words taken apart, the fewest first."""
    choices = [((group.text,), group.parts) if len(group.parts) == 2 else ((group.text,),) for group in numbers]
    if len(choices) > MOST_GROUPS:
        return []
    return sorted((tuple(chain(*chosen)) for chosen in product(*choices)), key=len)


def _at_edges(texts: Sequence[str]) -> Iterator[Split]:
    """The ways to cut digits that cut no group; a year may be made of several."""
    edges = frozenset(accumulate(len(text) for text in texts))
    for split in _splits("".join(texts)):
        before = (split.year, split.first) if split.year_first else (split.first, split.second)
        if edges.issuperset(accumulate(map(len, before))):
            yield split


def _splits(digits: str) -> Iterator[Split]:
    """Every way to cut digits into two short numbers and a year of four or two digits, or into year, month and day."""
    for year in (4, 2):
        for first in (2, 1):
            second = len(digits) - year - first
            if second in (1, 2):
                yield Split(digits[:first], digits[first : first + second], digits[first + second :])
    if len(digits) == KEYED_DIGITS:
        yield Split(digits[4:6], digits[6:], digits[:4], year_first=True)


def _dates(splits: Iterable[Split], orders: Sequence[bool]) -> tuple[Partial, ...]:
    cut = list(splits)
    return tuple(dict.fromkeys(each for order in orders for split in cut for each in _ordered(split, order)))


def _ordered(split: Split, month_first: bool) -> Iterator[Partial]:
    """The date in one order, or in the other where the first number can only be a day."""
    one, two = int(split.first), int(split.second)
    for full in _years(split.year):
        month, day = (one, two) if month_first or split.year_first else (two, one)
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
