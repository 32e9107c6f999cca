"""What a flow may ask about opening hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import NO_PRACTICE, call_row, newest_for
from ivr.closures.register import find_words, live_calendar
from ivr.core.unit_of_work import Work
from routing.hours import is_open


def opening(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether the location is open now, by the newest configuration, and what is said of a closure in force."""
    about = call_row(work, leg.call_id)
    if about.practice_id == NO_PRACTICE:
        return {"open": "no"}
    place = (about.practice_id, about.location_id)
    opened = is_open(live_calendar(work.connection, newest_for(work, about), *place, work.at), work.at)
    closure = "" if opened else find_words(work.connection, *place, about.language, work.at)
    return {"open": "yes" if opened else "no", "closure": closure}
