"""Whether one more caller may wait in the queue, and how long the place of a caller who dropped out is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

Refusal = Literal["", "no-one-awake", "full"]

KEPT = timedelta(minutes=10)
"""How long the place of a caller whose line dropped is kept."""


def refusal(*, staffed: bool, ahead: int, most: int) -> Refusal:
    """Why a caller with ``ahead`` others before them may not wait; empty where they may.

    ``staffed``: somebody at work could serve them, once their need has been relaxed as far as it may be.
    """
    if not staffed:
        return "no-one-awake"
    return "full" if ahead >= most else ""


def place_is_kept(left_at: datetime, at: datetime) -> bool:
    """Whether a caller who dropped out of line at ``left_at`` and calls at ``at`` still has the place.

    An ``at`` before ``left_at`` is of a clock that was set back since; nobody loses a place by that.
    """
    return at <= left_at + KEPT
