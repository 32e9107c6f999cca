"""What a caller gave of an item, as it is held against records: keys, or words that can be read as it."""

from __future__ import annotations

from datetime import date

from callflows.identity import Said, read_dates, read_digits
from callflows.vocabulary import Answer, Pressed, Spoke
from callflows.vocabulary.hearing import YES
from ivr.patients.normalise import date_of_birth, name, zip_code

DIGITS_OF = {"zip": 5, "phone_on_file": 10, "mrn": 1}
"""How many digits words must hold at least to be an item that is a number."""
OLDEST = 125
"""Years: nobody who calls was born before."""


def is_understood(item: str, answer: Answer, language: str, today: date) -> bool:
    """Whether an answer can be read as the item."""
    return bool(said_of(item, answer, language, today))


def said_of(item: str, answer: Answer | None, language: str, today: date) -> Said:
    """The alternatives of one answer; none where it cannot be read.

    Of a spoken date only the reading that was read back counts, written as it would have been keyed.
    """
    if isinstance(answer, Pressed):
        return (answer.digits,) if _can_be_keyed(item, answer.digits, today) else ()
    if not isinstance(answer, Spoke):
        return ()
    if item == "date_of_birth":
        return tuple(_keyed(day) for day in dates_said(answer, language, today)[:1])
    words: Said = (answer.words,)
    return words if _can_be_read(item, words, language) else ()


def is_denied(read_back: Answer | None) -> bool:
    """Whether what was read back was not confirmed."""
    if read_back is None:
        return False
    said_yes = isinstance(read_back, Spoke) and read_back.reply == YES
    return not said_yes and read_back != Pressed("1")


def dates_said(answer: Answer, language: str, today: date) -> tuple[str, ...]:
    """The days on which somebody may have been born that words can mean, likeliest first."""
    words = answer.words if isinstance(answer, Spoke) else ""
    return tuple(day for day in read_dates((words,), language) if _is_birth(day, today))


def _is_birth(day: str, today: date) -> bool:
    """Whether somebody who calls may have been born on a day, YYYY-MM-DD."""
    return f"{today.year - OLDEST:04}" <= day <= today.isoformat()


def _can_be_keyed(item: str, digits: str, today: date) -> bool:
    if item == "date_of_birth":
        day = date_of_birth(digits) if digits.isdigit() else None
        return day is not None and _is_birth(day, today)
    return digits.isdigit() and item != "name"


def _can_be_read(item: str, words: Said, language: str) -> bool:
    if item == "name":
        return any(map(name, words))
    if item == "zip" and any(map(zip_code, words)):
        return True
    return any(len(digits) >= DIGITS_OF[item] for digits in read_digits(words, language))


def _keyed(day: str) -> str:
    year, month, number = day.split("-")
    return f"{month}{number}{year}"
