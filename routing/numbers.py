"""Which caller IDs can be called back."""

from __future__ import annotations

import re

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
PLACEHOLDERS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696"})
"""ANONYMOUS, RESTRICTED, BLOCKED and UNKNOWN as keyed on a telephone; some carriers send them as numbers."""


def dialable(caller_id: str) -> str | None:
    """The E.164 number of a caller ID; None where it cannot be rung: withheld, a placeholder, a client, free text."""
    number = caller_id.strip()
    return number if _E164.fullmatch(number) and number not in PLACEHOLDERS else None
