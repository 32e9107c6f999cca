"""Is it open, why not, until when and when next: weekly hours and dates of one place, asked at an instant.

A window belongs to the day it begins on: a night shift begun before a holiday runs to its end, and a holiday removes
the windows that begin on it. Windows become instants by the rule of :mod:`routing.zones`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from routing.holiday_rules import HolidayRules, holiday_names, known_holidays
from routing.spans import Span, joined, within, without
from routing.windows import HoursError, WeeklyHours, Window, parse_clock, parse_weekly, parse_windows
from routing.zones import ZoneError, as_utc, known_zone, nearest_zone, occurrences, to_local, to_utc

__all__ = [
    "LOOK_AHEAD",
    "Calendar",
    "HolidayRules",
    "HoursError",
    "OpenState",
    "Span",
    "WeeklyHours",
    "Window",
    "closed_during",
    "is_open",
    "known_holidays",
    "next_change",
    "next_open",
    "open_span",
    "open_spans",
    "parse_clock",
    "parse_weekly",
    "parse_windows",
    "state",
    "without_breaks",
]

LOOK_AHEAD = timedelta(days=366)
"""How far ahead an opening is looked for; a place that does not open in a year does not open."""

_DAY = timedelta(days=1)
_REACH = 4 * _DAY
# Further from a day than anything that begins on it: a day, a window of another, and a zone on either side.

Reason = Literal["open", "special", "closed", "holiday", "closure", "break", "emergency"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of one place, or of people, in their own zone.

    ``breaks`` are weekly windows taken out of the hours, ``closures`` stretches of instants: whatever the hours say,
    it is closed then.
    """

    zone: str
    weekly: WeeklyHours
    holidays: HolidayRules = field(default_factory=HolidayRules)
    breaks: WeeklyHours = field(default_factory=WeeklyHours)
    closures: tuple[Span, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not known_zone(self.zone):
            raise ZoneError(f"{self.zone!r} is not a time zone; use an IANA name such as {nearest_zone(self.zone)}")
        parts = (self.zone, self.weekly, self.holidays, self.breaks, self.closures)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        # Asked for every eligible agent of every decision: hashing a week of windows would cost more than the answer.
        return self._hash


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a place is open, why, and the instant that changes (None: not within a year).

    ``reason`` is "open" or "special" (a day with hours of its own) when open; else "closed", "holiday", "closure" (a
    day that is closed once), "emergency" (closed at once, whatever the hours say) or "break".
    """

    open: bool
    reason: Reason
    until: datetime | None


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the place is open at the instant; the closing minute is closed."""
    at = as_utc(at)
    return bisect_right(_edges(calendar, at.year, at.month), at) % 2 == 1


def state(calendar: Calendar, at: datetime) -> OpenState:
    """Open or not, why, and until when."""
    opened = is_open(calendar, at)
    reason = _open_reason(calendar, at) if opened else _closed_reason(calendar, at)
    return OpenState(opened, reason, next_change(calendar, at))


def next_open(calendar: Calendar, at: datetime) -> datetime | None:
    """The first open instant at or after ``at``; None when there is none within a year."""
    at = as_utc(at)
    edges = _edges(calendar, at.year, at.month)
    index = bisect_right(edges, at)
    if index % 2 == 1:
        return at
    if index < len(edges):
        return edges[index]
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


def open_span(calendar: Calendar, at: datetime, reach: timedelta) -> Span | None:
    """The open stretch in which the instant lies, at most ``reach`` either way; None where it is closed."""
    at = as_utc(at)
    edges = _edges(calendar, at.year, at.month)
    index = bisect_right(edges, at)
    if index % 2 == 0:
        return None
    if 1 < index < len(edges) - 1:
        return Span(max(edges[index - 1], at - reach), min(edges[index], at + reach))
    # The first and the last of a month may go on in another.
    return next(span for span in open_spans(calendar, at - reach, at + reach) if span.start <= at < span.end)


def open_spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """The open stretches within ``start`` to ``end``, in order, adjoining ones joined."""
    return joined(_by_month(calendar, as_utc(start), as_utc(end)))


@lru_cache(maxsize=1024)
def without_breaks(calendar: Calendar) -> Calendar:
    """The same hours as if nobody ever took a break: a break interrupts a shift and does not end it."""
    return replace(calendar, breaks=WeeklyHours())


def closed_during(calendar: Calendar, closures: Iterable[Span]) -> Calendar:
    """The same hours, but for stretches that are closed whatever they say."""
    added = tuple(joined(sorted((*calendar.closures, *closures))))
    return calendar if added == calendar.closures else replace(calendar, closures=added)


def _by_month(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        edges = _edges(calendar, year, month)
        opening = bisect_right(edges, start) // 2 * 2
        for index in range(opening, len(edges), 2):
            if edges[index] >= end:
                return
            yield Span(max(edges[index], start), min(edges[index + 1], end))
        year, month = _month_after(year, month)


@lru_cache(maxsize=1 << 13)
def _edges(calendar: Calendar, year: int, month: int) -> tuple[datetime, ...]:
    """The instants of one month, by UTC, at which it opens and closes by turns; an opening comes first."""
    bounds = Span(datetime(year, month, 1, tzinfo=UTC), datetime(*_month_after(year, month), 1, tzinfo=UTC))
    days = list(_days(bounds))
    opened = joined(sorted(span for day in days for span in _day_spans(calendar, day)))
    breaks = (span for day in days for span in _break_spans(calendar, day))
    holes = joined(sorted((*breaks, *calendar.closures)))
    return tuple(edge for span in within(without(opened, holes), bounds) for edge in span)


def _month_after(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def _days(bounds: Span) -> Iterator[date]:
    day, last = (bounds.start - _REACH).date(), (bounds.end + _DAY).date()
    while day <= last:
        yield day
        day += _DAY


def _open_reason(calendar: Calendar, at: datetime) -> Reason:
    today = to_local(at, calendar.zone).date()
    here = next(
        today - back * _DAY
        for back in range(_REACH.days)
        if any(span.start <= at < span.end for span in _day_spans(calendar, today - back * _DAY))
    )
    return "special" if here in calendar.holidays.open else "open"


def _closed_reason(calendar: Calendar, at: datetime) -> Reason:
    today = to_local(at, calendar.zone).date()
    rules = calendar.holidays
    if any(span.start <= at < span.end for span in calendar.closures):
        return "emergency"
    if is_open(without_breaks(calendar), at):
        return "break"
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
    return calendar.weekly.on(day)


def _is_closing_holiday(rules: HolidayRules, day: date) -> bool:
    return rules.closes and bool(holiday_names(rules, day))


def _day_spans(calendar: Calendar, day: date) -> Iterator[Span]:
    for window in _windows(calendar, day):
        opens, closes = _walls(day, window)
        yield Span(to_utc(opens, calendar.zone), to_utc(closes, calendar.zone, repeated="second"))


def _break_spans(calendar: Calendar, day: date) -> Iterator[Span]:
    for window in calendar.breaks.on(day):
        begins, ends = _walls(day, window)
        start = to_utc(begins, calendar.zone, repeated="second")
        later = (end for end in occurrences(ends, calendar.zone) if end > start)
        yield Span(start, next(later, to_utc(ends, calendar.zone)))


def _walls(day: date, window: Window) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time())
    return midnight + timedelta(minutes=window.start), midnight + timedelta(minutes=window.end)
