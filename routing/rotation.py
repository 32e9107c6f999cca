"""Turns that people take, one after another, by the clocks of a place.

Everything is counted in wall time: a turn of twelve hours from 20:00 ends at 08:00 on every day of the year, and lasts
an hour more or less on the night on which the clocks change. A turn whose hand-over the clocks jump over begins at the
jump. Two hand-overs may fall together there, and the turn between them is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from routing.errors import RoutingError
from routing.ordinals import ORDINALS, is_nth
from routing.windows import WEEKDAYS, HoursError, WeeklyHours, parse_clock, parse_days
from routing.zones import to_local, to_utc

Occurrence = Literal["first", "second"]
Unit = Literal["hourly", "daily", "weekly", "monthly", "shift", "none"]
UNITS: tuple[Unit, ...] = ("hourly", "daily", "weekly", "monthly", "shift", "none")
Group = tuple[str, ...]
"""Whoever is on call at once, the responsible one first. Empty: nobody."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class RotationError(RoutingError):
    """Turns that cannot be counted; the text names what is wrong and the mend."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """``groups`` taking turns in order, each for ``every`` units. The first turn holds the date ``starts``.

    A weekly rotation hands over at ``hand_over`` such as ``("mon", "08:00")``, a monthly one at ``("15", "08:00")`` (or
    the last day of a shorter month) or ``("1st mon", "08:00")``, a daily and an hourly one at its time of day, counted
    on from ``starts``. By "shift" each window of ``windows`` that begins on ``starts`` or later is a turn. By "none"
    the first stay.
    """

    zone: str
    unit: Unit
    hand_over: tuple[str, str]
    starts: date
    groups: tuple[Group, ...]
    every: int = 1
    windows: WeeklyHours | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            known = "weekly, daily, hourly, monthly, shift or none"
            raise RotationError(f"rotation {self.unit!r} is unknown; use {known}")
        if not 1 <= self.every <= 1000:
            raise RotationError(f"a turn of {self.every} is none; write every: from 1 to 1000")
        if self.unit == "shift" and (self.windows is None or self.windows.is_empty):
            raise RotationError("turns by shift need shifts; write when: with the hours of each")
        _refuse_bad_hand_over(self)


def group_at(rotation: Rotation, at: datetime, which: Occurrence = "first", *, ahead: int = 0) -> Group:
    """Whose turn it is, or will be after so many more turns. Whoever is first has all the time before, too."""
    return rotation.groups[(max(index_at(rotation, at, which), 0) + ahead) % len(rotation.groups)]


def index_at(rotation: Rotation, at: datetime, which: Occurrence = "first") -> int:
    """The number of the turn at the instant, 0 for the first; below 0 before it.

    ``which``: how a wall time is read that the clocks show twice.
    """
    if rotation.unit == "none":
        return 0
    if rotation.unit == "shift":
        return (_windows_begun(rotation, at, which) - 1) // rotation.every
    index = _near(rotation, at)
    while at < hand_over(rotation, index, which):
        index -= 1
    while at >= hand_over(rotation, index + 1, which):
        index += 1
    return index


def hand_over(rotation: Rotation, index: int, which: Occurrence = "first") -> datetime:
    """The instant at which the turn of that number begins, for all units but "shift" and "none"."""
    return to_utc(_wall(rotation, index), rotation.zone, repeated=which)


def hand_overs(rotation: Rotation, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every hand-over after the turn that holds ``start`` and up to ``end``; those of "shift" are its windows' own.

    Whoever is first has all the time before, so that nobody hands over to them.
    """
    if rotation.unit not in ("none", "shift"):
        first, last = max(index_at(rotation, start), 0), max(index_at(rotation, end), 0)
        yield from (hand_over(rotation, index) for index in range(first + 1, last + 1))


def begins(rotation: Rotation, which: Occurrence = "first") -> datetime:
    """When the rotation begins for whoever has nothing before: at the time of the hand-over on its first day."""
    wall = datetime.combine(rotation.starts, time())
    if rotation.unit not in ("shift", "none"):
        wall += timedelta(minutes=parse_clock(rotation.hand_over[1]))
    return to_utc(wall, rotation.zone, repeated=which)


def _refuse_bad_hand_over(rotation: Rotation) -> None:
    day, clock = rotation.hand_over
    try:
        if rotation.unit == "weekly":
            parse_days(day)
        parse_clock(clock)
    except HoursError as error:
        raise RotationError(f"hand-over: {error}") from error
    if rotation.unit == "monthly" and monthly_day(day) is None:
        raise RotationError(f"hand-over: {day!r} is not a day of a month; write 1 08:00, or 1st mon 08:00")


def _near(rotation: Rotation, at: datetime) -> int:
    """About the number of the turn: at most a few beside it."""
    wall, anchor = to_local(at, rotation.zone).replace(tzinfo=None), _wall(rotation, 0)
    if rotation.unit == "monthly":
        return (_months(wall.date()) - _months(anchor.date())) // rotation.every
    return (wall - anchor) // _length(rotation)


def _wall(rotation: Rotation, index: int) -> datetime:
    """What the clocks show at a hand-over."""
    clock = timedelta(minutes=parse_clock(rotation.hand_over[1]))
    if rotation.unit == "monthly":
        months = _anchor_month(rotation) + index * rotation.every
        day = date(months // 12, months % 12 + 1, _day_of_month(rotation.hand_over[0], months))
        return datetime.combine(day, time()) + clock
    return datetime.combine(_anchor(rotation), time()) + clock + index * _length(rotation)


def _length(rotation: Rotation) -> timedelta:
    return rotation.every * {"hourly": _HOUR, "daily": _DAY, "weekly": 7 * _DAY}[rotation.unit]


def _anchor(rotation: Rotation) -> date:
    if rotation.unit != "weekly":
        return rotation.starts
    weekday = parse_days(rotation.hand_over[0])[0]
    return rotation.starts - timedelta(days=(rotation.starts.weekday() - weekday) % 7)


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days_in(months: int) -> int:
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return (following - _DAY).day


def _anchor_month(rotation: Rotation) -> int:
    months = _months(rotation.starts)
    return months - (_day_of_month(rotation.hand_over[0], months) > rotation.starts.day)


@lru_cache(maxsize=4096)
def _day_of_month(written: str, months: int) -> int:
    year, month = months // 12, months % 12 + 1
    last = _days_in(months)
    found = monthly_day(written)
    if isinstance(found, tuple):
        nth, weekday = found
        days = (date(year, month, day) for day in range(1, last + 1))
        return next(day.day for day in days if day.weekday() == weekday and is_nth(nth, day))
    return min(found or 1, last)


def monthly_day(written: str) -> int | tuple[Literal[1, 2, 3, 4, -1], int] | None:
    """A day of every month: its number, or which of its weekdays. A fifth is not in every month."""
    if written.isdigit():
        return int(written) if 1 <= int(written) <= 31 else None
    ordinal, _, day = written.partition(" ")
    nth = ORDINALS.get(ordinal)
    return None if nth is None or nth == 5 or day not in WEEKDAYS else (nth, WEEKDAYS.index(day))


def _windows_begun(rotation: Rotation, at: datetime, which: Occurrence) -> int:
    """How many windows have begun since the first day."""
    windows = rotation.windows or WeeklyHours()
    today = to_local(at, rotation.zone).date()
    first = max(rotation.starts, today - 2 * _DAY)
    lately = (
        to_utc(datetime.combine(day, time()) + timedelta(minutes=window.start), rotation.zone, repeated=which)
        for day in (first + step * _DAY for step in range((today - first).days + 2))
        for window in windows.on(day)
    )
    return _windows_between(windows, rotation.starts, first) + sum(start <= at for start in lately)


def _windows_between(windows: WeeklyHours, first: date, day: date) -> int:
    """How many windows begin on the days from ``first`` to before ``day``."""
    found = 0
    while first < day:
        if first.day == 1 and _months(first) < _months(day):
            found += _windows_in_month(windows, _months(first))
            first += _days_in(_months(first)) * _DAY
        else:
            found += len(windows.on(first))
            first += _DAY
    return found


@lru_cache(maxsize=1 << 12)
def _windows_in_month(windows: WeeklyHours, months: int) -> int:
    year, month = months // 12, months % 12 + 1
    return sum(len(windows.on(date(year, month, day))) for day in range(1, _days_in(months) + 1))
