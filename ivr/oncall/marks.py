"""The mark of a page: four characters by which two texts in one thread, and the pages behind them, are told apart."""

from __future__ import annotations

from hashlib import sha256

LETTERS = "ACDEFHJKLMNPQRTUVWXY34679"
"""Capitals and digits of which no two look or sound alike enough to be taken for one another."""
LENGTH = 4


def mark_page(token: str) -> str:
    """The mark of the page with this token. It tells nothing of call or patient, and does not lead to the page."""
    number, mark = int.from_bytes(sha256(b"mark:" + token.encode()).digest(), "big"), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        mark += LETTERS[place]
    return mark
