"""What stands in a record where nothing is known: record systems and people fill in what they are made to.

A caller could say it as well as anybody else, so that nobody is recognised by it.
"""

from __future__ import annotations

import re

DAYS = frozenset(
    {
        *("0000-00-00", "0001-01-01", "1111-11-11", "1753-01-01", "1800-01-01", "1840-12-31", "1841-01-01"),
        *("1858-11-17", "1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01", "1900-12-31", "1901-01-01"),
        *("1901-12-13", "1904-01-01", "2099-12-31", "2999-12-31", "3000-01-01", "4000-01-01", "9999-01-01"),
        *("9999-09-09", "9999-12-31", "9999-99-99"),
    }
)
"""Days of birth of nobody alive: the first and last days of programs, and what is typed where a day is asked for.
1970-01-01 is such a day too; thousands were born on it, and it is taken for a day of birth."""
SHORTEST_NUMBER = 4
"""Characters of a record number; a shorter one is guessed in a few calls."""
_ZIP_OF_PEOPLE = "44444"
"""Newton Falls in Ohio. People live at no other ZIP code of one digit."""
_WITH_COUNTRY = 11
"""Digits of a North American number that begins with its country, 1."""
_NO_AREA = re.compile(r"1?555[0-9]{7}")
_MADE_UP = re.compile(r"(1?[0-9]{3})?(([0-9])\3{6}|5550100|5551212|5551234|1234567)")
"""With an area or without: seven times the same digit, and what people write who make a number up. The others of
555 01xx are made up as well, by whoever writes examples."""
_SYLLABLES = "\u2e80"
"""From here on a character is no letter."""
_UP, _DOWN = "01234567890", "09876543210"


def is_no_day(day: str) -> bool:
    """Whether YYYY-MM-DD is nobody's day of birth."""
    return day in DAYS


def is_no_zip(text: str) -> bool:
    """Whether a ZIP code has one digit alone and is none where people live; of noughts and nines at any length."""
    digits = text.replace("-", "").replace(" ", "")
    first = digits[:5]
    of_one_digit = len(first) == len(_ZIP_OF_PEOPLE) and len(set(first)) == 1 and first != _ZIP_OF_PEOPLE
    return bool(digits) and digits.isdecimal() and (of_one_digit or set(digits) in ({"0"}, {"9"}))


def is_no_telephone(text: str) -> bool:
    """Whether digits, with or without a country and an area, were made up to be a telephone's."""
    digits = re.sub("[^0-9]", "", text)
    if re.search("[A-Za-z]", text) or not digits:
        return False
    of_one_digit = len(set(digits[1:] if len(digits) == _WITH_COUNTRY and digits[0] == "1" else digits)) == 1
    return of_one_digit or bool(_MADE_UP.fullmatch(digits) or _NO_AREA.fullmatch(digits))


def is_no_record_number(number: str) -> bool:
    """Whether a record number is too short to be recognised by, or is none: of one digit, or of none, or digits in a
    row that begin or end where counting does.
    """
    digits = re.sub("[^0-9]", "", number)
    if len(number) < SHORTEST_NUMBER or len(set(digits)) <= 1:
        return True
    return (number in _UP and number[0] in "01") or (number in _DOWN and (number[0] == "9" or number[-1] in "01"))


def is_no_name(name: str) -> bool:
    """Whether no part of a name has two different letters; two characters that each stand for a syllable are a name."""
    parts = name.split()
    return all(len(set(part)) == 1 and (len(parts) == 1 or part < _SYLLABLES) for part in parts)
