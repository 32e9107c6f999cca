"""Is it open, why not, and when next: weekly hours and dates of one place, asked at an instant.

A window belongs to the day it begins on: a night shift begun before a holiday runs to its end, and a holiday removes
the windows that begin on it. Windows become instants by the rule of :mod:`routing.zones`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from routing.holiday_rules import HolidayRules, holiday_names, known_holidays
from routing.windows import HoursError, WeeklyHours, Window, parse_clock, parse_weekly, parse_windows
from routing.zones import ZoneError, known_zone, to_local, to_utc

__all__ = [
    "LOOK_AHEAD",
    "Calendar",
    "HolidayRules",
    "HoursError",
    "OpenState",
    "Span",
    "WeeklyHours",
    "Window",
    "is_open",
    "known_holidays",
    "next_change",
    "next_open",
    "open_spans",
    "parse_clock",
    "parse_weekly",
    "parse_windows",
    "state",
]

LOOK_AHEAD = timedelta(days=366)
"""How far ahead an opening is looked for; a place that does not open in a year does not open."""

_DAY = timedelta(days=1)

Reason = Literal["open", "special", "closed", "holiday", "closure"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of one place in its own zone."""

    zone: str
    weekly: WeeklyHours
    holidays: HolidayRules = field(default_factory=HolidayRules)

    def __post_init__(self) -> None:
        if not known_zone(self.zone):
            raise ZoneError(f"{self.zone!r} is not a time zone; use an IANA name such as America/Chicago")


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a place is open, why, and the instant that changes (None: not within a year).

    ``reason`` is "open" or "special" (a special opening) when open, else "closed", "holiday" or "closure".
    """

    open: bool
    reason: Reason
    until: datetime | None


class Span(NamedTuple):
    """The instants from ``start`` up to, not including, ``end``; both UTC."""

    start: datetime
    end: datetime


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the place is open at the instant; the closing minute is closed."""
    return _open_reason(calendar, at) is not None


def state(calendar: Calendar, at: datetime) -> OpenState:
    """Open or not, why, and until when."""
    opened = _open_reason(calendar, at)
    return OpenState(opened is not None, opened or _closed_reason(calendar, at), next_change(calendar, at))


def next_open(calendar: Calendar, at: datetime) -> datetime | None:
    """The first open instant at or after ``at``; None when there is none within a year."""
    span = next(open_spans(calendar, at, at + LOOK_AHEAD), None)
    return span.start if span else None


def next_change(calendar: Calendar, at: datetime) -> datetime | None:
    """The first instant after ``at`` at which open turns to closed or back; None when there is none within a year."""
    span = next(open_spans(calendar, at, at + LOOK_AHEAD), None)
    if span is None:
        return None
    if span.start > at:
        return span.start
    return span.end if span.end < at + LOOK_AHEAD else None


def open_spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """The open stretches within ``start`` to ``end``, in order, adjoining ones joined."""
    current: Span | None = None
    for span in _raw_spans(calendar, start, end):
        if current is not None and span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current


def _raw_spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    day, last = to_local(start, calendar.zone).date() - _DAY, to_local(end, calendar.zone).date()
    while day <= last:
        for span in _day_spans(calendar, day):
            if span.start < end and span.end > start:
                yield Span(max(span.start, start), min(span.end, end))
        day += _DAY


def _open_reason(calendar: Calendar, at: datetime) -> Reason | None:
    today = to_local(at, calendar.zone).date()
    for day in (today, today - _DAY):
        if any(span.start <= at < span.end for span in _day_spans(calendar, day)):
            return "special" if day in calendar.holidays.open else "open"
    return None


def _closed_reason(calendar: Calendar, at: datetime) -> Reason:
    today = to_local(at, calendar.zone).date()
    rules = calendar.holidays
    if today in rules.open:
        return "closed"
    if today in rules.closed:
        return "closure"
    return "holiday" if _is_closing_holiday(rules, today) else "closed"


def _windows(calendar: Calendar, day: date) -> tuple[Window, ...]:
    rules = calendar.holidays
    if day in rules.open:
        return rules.open[day]
    if day in rules.closed or _is_closing_holiday(rules, day):
        return ()
    return calendar.weekly.days[day.weekday()]


def _is_closing_holiday(rules: HolidayRules, day: date) -> bool:
    return rules.closes and bool(holiday_names(rules, day))


@lru_cache(maxsize=1 << 15)
def _day_spans(calendar: Calendar, day: date) -> tuple[Span, ...]:
    midnight = datetime.combine(day, time())
    spans = (_span(calendar.zone, midnight, window) for window in _windows(calendar, day))
    return tuple(sorted(span for span in spans if span.start < span.end))


def _span(zone: str, midnight: datetime, window: Window) -> Span:
    start = to_utc(midnight + timedelta(minutes=window.start), zone)
    return Span(start, to_utc(midnight + timedelta(minutes=window.end), zone, repeated="second"))
