"""Dates of birth as people say them."""

from __future__ import annotations

from datetime import date

from callflows.identity.digits import read_digits
from callflows.identity.values import Said
from callflows.identity.words import words_of

_ENGLISH = "january february march april may june july august september october november december"
_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_NUMBER_OF = {name: number for names in (_ENGLISH, _SPANISH) for number, name in enumerate(names.split(), 1)}


def read_dates(words: Said, language: str) -> tuple[str, ...]:
    """The dates, as YYYY-MM-DD, that an answer can mean, likeliest first."""
    found = [each for heard in words for each in _read(heard, language)]
    return tuple(dict.fromkeys(found))


def _read(heard: str, language: str) -> list[str]:
    words = words_of(heard)
    months = [_NUMBER_OF[word] for word in words if word in _NUMBER_OF]
    numbers = [int(word) for word in words if word.isdigit()]
    if months and len(numbers) == 2:
        return _valid(numbers[1], months[0], numbers[0])
    for digits in read_digits((heard,), language):
        if len(digits) == 8:
            first, second, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
            month, day = (second, first) if language == "en-GB" else (first, second)
            return _valid(year, month, day)
    return []


def _valid(year: int, month: int, day: int) -> list[str]:
    try:
        return [date(year, month, day).isoformat()]
    except ValueError:
        return []
