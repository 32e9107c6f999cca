"""Which PINs are too easy to guess: those that people choose first, told by how they are made.

NIST SP 800-63B-4, 3.1.1.2, asks for a list of the commonly used. Nearly all of them are runs, repeats, dates and shapes
on the keypad; a list of six to twelve digits would be longer and tell less.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime

SHORTEST = 6
LONGEST = 12
FEWEST_DIGITS = 3
"""Different digits in a PIN."""
KEYPAD_LINES = ("123", "456", "789", "147", "258", "369", "159", "357")
"""Rows, columns and diagonals of a telephone; each is also keyed from its other end."""
DATES = ("%d%m%y", "%m%d%y", "%y%m%d", "%d%m%Y", "%m%d%Y", "%Y%m%d", "%Y%m")
LARGEST_STEP = 11
"""From one pair of digits to the next, as in 112233."""
EARLIEST, LATEST = 1900, 2099
SAME_AS_NUMBER = 6
"""So many last digits of a telephone number are known to whoever has the number."""
DEMO_PIN, REHEARSED_PIN, WRONG_PIN = "258013", "258046", "739184"
"""Everybody's PIN in the demo, that in rehearsals, and what is keyed there by mistake: anybody may read them."""

_LINES = {line[::way] for line in KEYPAD_LINES for way in (1, -1)}


class UnfitPin(ValueError):
    """The PIN is too short, too long, or too easy to guess. The text never repeats it."""


def refuse_unfit(digits: str, numbers: Iterable[str] = ()) -> None:
    """Raise UnfitPin unless ``digits`` may be a PIN. ``numbers`` are telephone numbers that others know."""
    if not (digits.isascii() and digits.isdigit() and SHORTEST <= len(digits) <= LONGEST):
        raise UnfitPin(f"a PIN is {SHORTEST} to {LONGEST} digits; choose another")
    if any(test(digits) for test in (_has_few_digits, _repeats, _counts, _is_a_date, _follows_keypad)):
        raise UnfitPin("this PIN is too easy to guess; choose one that is no date, run, repeat or shape on the keypad")
    if any(digits in number or number[-SAME_AS_NUMBER:] in digits for number in numbers):
        raise UnfitPin("this PIN is part of your telephone number; choose another")


def refuse_published(digits: str) -> None:
    """Raise UnfitPin where ``digits`` stand in what this release publishes: those who try PINs begin with them."""
    if digits in (DEMO_PIN, REHEARSED_PIN, WRONG_PIN):
        raise UnfitPin("this PIN is known, from the demo or the rehearsals; choose another")


def _has_few_digits(digits: str) -> bool:
    return len(set(digits)) < FEWEST_DIGITS


def _repeats(digits: str) -> bool:
    """123123, 80808080: the same few digits again and again."""
    return any(digits == (digits[:size] * len(digits))[: len(digits)] for size in range(1, len(digits) // 2 + 1))


def _counts(digits: str) -> bool:
    """123456, 864208, 101112, 112233: each digit, or each pair of digits, is as far from the next, and not far."""
    if len({(int(after) - int(before)) % 10 for before, after in itertools.pairwise(digits)}) == 1:
        return True
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    steps = {abs(after - before) for before, after in itertools.pairwise(pairs)}
    return len(digits) % 2 == 0 and len(steps) == 1 and max(steps) <= LARGEST_STEP


def _is_a_date(digits: str) -> bool:
    return any(_is_read_as(digits, form) for form in DATES)


def _is_read_as(digits: str, form: str) -> bool:
    try:
        day = datetime.strptime(digits, form)
    except ValueError:
        return False
    # strptime also takes fewer digits than a form stands for.
    return day.strftime(form) == digits and EARLIEST <= day.year <= LATEST


def _follows_keypad(digits: str) -> bool:
    """147258, 159753, 321456: one line of the keypad after another."""
    return len(digits) % 3 == 0 and all(digits[at : at + 3] in _LINES for at in range(0, len(digits), 3))
