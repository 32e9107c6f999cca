"""What the token of a page gives: the mark by which people tell pages apart, and the code by which they dial in."""

from __future__ import annotations

from hashlib import sha256

LETTERS = "ACDEFHJKLMNPQRTUVWXY34679"
"""Capitals and digits of which no two look or sound alike enough to be taken for one another."""
LENGTH = 4
DIAL_IN_DIGITS = 6
"""Digits of the code by which the person of a page dials in; their PIN follows."""


def mark_page(token: str) -> str:
    """The mark of the page with this token. It tells nothing of call or patient, and does not lead to the page."""
    number, mark = int.from_bytes(sha256(b"mark:" + token.encode()).digest(), "big"), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        mark += LETTERS[place]
    return mark


def dial_in_code(token: str) -> str:
    """The code that the person of the page with this token keys before their PIN. It tells nothing of call or patient.

    It is as random as the token, and nobody who has it can make the token of it.
    """
    number = int.from_bytes(sha256(b"dial-in:" + token.encode()).digest(), "big")
    return f"{number % 10**DIAL_IN_DIGITS:0{DIAL_IN_DIGITS}}"
