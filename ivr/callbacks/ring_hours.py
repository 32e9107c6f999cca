"""In which hours a patient's phone is rung for a call-back that is not urgent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import NO_PRACTICE, call_row, newest_for
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from routing.hours import WeeklyHours
from routing.ringing import may_ring, quiet_from


def first_ringable(work: Work, about: Row[Any], at: datetime) -> datetime:
    """The first instant from ``at`` on at which the patient's phone may be rung, in the zone of the location.

    The operator's own line has no hours.
    """
    hours = read_ring_hours(work, about)
    return at if hours is None else may_ring(*hours, at) or at


def set_quiet_timer(work: Work, row: Row[Any]) -> None:
    """Have the work on a call-back stopped when the patient's quiet hours begin."""
    hours = read_ring_hours(work, call_row(work, row.call_id))
    quiet = quiet_from(*hours, work.at) if hours and row.kind == "callback" else None
    if quiet is not None:
        set_timer(work, "quiet_hours", row.id, quiet, call_id=row.call_id)


def read_ring_hours(work: Work, about: Row[Any]) -> tuple[WeeklyHours, str] | None:
    """The hours in which a patient's phone may be rung, and their zone; None on the operator's own line."""
    if about.practice_id == NO_PRACTICE:
        return None
    organisation = newest_for(work, about)
    zone = organisation.location(about.practice_id, about.location_id).timezone
    return organisation.practice(about.practice_id).waiting.call_backs, zone
