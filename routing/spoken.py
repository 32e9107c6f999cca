"""When something is, as it is told to somebody: by the clocks of a place, from where they stand in its calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from routing.zones import occurrences, to_local

Day = Literal["today", "tomorrow", "another"]


@dataclass(frozen=True, slots=True)
class Told:
    """``local`` is the aware time in the zone; ``day`` is seen from the day it is told on, by the same calendar.

    ``turn`` is set where the clocks show this time twice that day: which of the two is meant.
    """

    local: datetime
    day: Day
    turn: Literal["first", "second"] | None


def told(instant: datetime, at: datetime, zone: str) -> Told:
    """``instant`` as it is told at ``at`` to somebody in ``zone``. Tomorrow begins at midnight there, not here."""
    local, today = to_local(instant, zone), to_local(at, zone).date()
    ahead = local.date() - today
    day: Day = "today" if not ahead else "tomorrow" if ahead == timedelta(days=1) else "another"
    shown = occurrences(local.replace(tzinfo=None), zone)
    return Told(local, day, None if len(shown) < 2 else "first" if instant == shown[0] else "second")
