"""When a patient's phone may be rung for a call-back that is not urgent: never in the quiet hours of their zone."""

from __future__ import annotations

from datetime import datetime

from routing.hours import Calendar, WeeklyHours, next_change, next_open, parse_weekly

USUAL = parse_weekly({"mon-sun": ["08:00-21:00"]})
"""The hours outside which nobody in the United States may be called unasked (47 CFR 64.1200(c)(1)); a call-back is
asked for, and is kept to the same hours as a courtesy."""


def may_ring(hours: WeeklyHours, zone: str, at: datetime) -> datetime | None:
    """The first instant from ``at`` on at which a phone in ``zone`` may be rung; None where there is none in a year."""
    return next_open(Calendar(zone, hours), at)


def quiet_from(hours: WeeklyHours, zone: str, at: datetime) -> datetime | None:
    """When the quiet hours next begin, asked while a phone may be rung; None where they never do."""
    return next_change(Calendar(zone, hours), at)
