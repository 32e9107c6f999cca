"""Which of its weekday a day is in its month: the second Saturday, the last Friday."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

Nth = Literal[1, 2, 3, 4, 5, -1]
"""Counted from 1; -1 is the last. A fifth is not in every month."""

LAST: Nth = -1
_WEEK = timedelta(days=7)
_NUMBERS: tuple[tuple[Nth, str, str], ...] = (
    (1, "1st", "first"),
    (2, "2nd", "second"),
    (3, "3rd", "third"),
    (4, "4th", "fourth"),
    (5, "5th", "fifth"),
    (LAST, "last", "last"),
)

ORDINALS: Mapping[str, Nth] = MappingProxyType({word: nth for nth, *words in _NUMBERS for word in words})
"""What may be written for each."""

_NAMES = {nth: short for nth, short, _ in _NUMBERS}


def is_nth(nth: Nth, day: date) -> bool:
    """Whether the month of ``day`` has had so many of its weekday by then, or has no more of it."""
    return (day + _WEEK).month != day.month if nth == LAST else (day.day - 1) // 7 + 1 == nth


def never_both(one: Nth, other: Nth) -> bool:
    """Whether no day is both: the last is a fourth or a fifth."""
    low, high = sorted((one, other))
    return low != high and (low != LAST or high < 4)


def name_of(nth: Nth) -> str:
    """As it is written: ``2nd``, ``last``."""
    return _NAMES[nth]
