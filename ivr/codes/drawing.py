"""Digits that nobody can guess, for codes that may be said aloud."""

from __future__ import annotations

from ivr.codes.reading import EMERGENCY
from ivr.core.ids import Ids


def draw_digits(ids: Ids, length: int) -> str:
    """So many digits, drawn evenly from those without 911."""
    while True:
        drawn = f"{int(ids(), 16) % 10**length:0{length}}"
        if EMERGENCY not in drawn:
            return drawn
