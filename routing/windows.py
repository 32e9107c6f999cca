"""Weekly hours: which stretches of which weekdays, in wall-clock minutes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.errors import RoutingError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class HoursError(RoutingError):
    """Hours that cannot be read; the text names them and the mend."""


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end`` (exclusive), in minutes after the midnight that begins the day it belongs to.

    ``end`` passes 1440 when the window crosses midnight: 22:00-06:00 is ``Window(1320, 1800)``.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY_MINUTES and self.start < self.end <= self.start + DAY_MINUTES):
            raise HoursError(f"a window from minute {self.start} to {self.end} is not within a day; use 0 to 1440")


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Seven days, Monday first, each with its windows. An empty day is closed."""

    days: tuple[tuple[Window, ...], ...] = ((),) * 7

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise HoursError(f"weekly hours have seven days, not {len(self.days)}; give an empty one for a closed day")


def parse_weekly(text: Mapping[str, Sequence[str]]) -> WeeklyHours:
    """Read ``{"mon-fri": ["08:00-12:00", "13:00-17:00"], "sat": ["22:00-06:00"]}``; a day left out is closed."""
    days: dict[int, tuple[Window, ...]] = {}
    for key, windows in text.items():
        for day in parse_days(key):
            if day in days:
                raise HoursError(f"{WEEKDAYS[day]} is given twice; name each day once")
            days[day] = parse_windows(windows)
    weekly = WeeklyHours(tuple(days.get(day, ()) for day in range(7)))
    _refuse_nights_that_overlap(weekly)
    return weekly


def outside(inner: WeeklyHours, outer: WeeklyHours) -> tuple[str, ...]:
    """The windows of ``inner``, such as ``mon 12:00``, that do not lie within those of ``outer`` in a usual week."""
    held = {minute % WEEK_MINUTES for start, end in stretches(outer) for minute in range(start, end)}
    return tuple(
        _clock_of_week(start)
        for start, end in stretches(inner)
        if any(minute % WEEK_MINUTES not in held for minute in range(start, end))
    )


def stretches(weekly: WeeklyHours) -> tuple[tuple[int, int], ...]:
    """Every window as minutes after the midnight that begins Monday, in order; Sunday's may end past the week."""
    days = ((day * DAY_MINUTES, windows) for day, windows in enumerate(weekly.days))
    return tuple(sorted((start + one.start, start + one.end) for start, windows in days for one in windows))


def _refuse_nights_that_overlap(weekly: WeeklyHours) -> None:
    found = stretches(weekly)
    again = [(start + WEEK_MINUTES, end + WEEK_MINUTES) for start, end in found[:1]]
    for one, other in pairwise((*found, *again)):
        if other[0] < one[1]:
            begin, then = _clock_of_week(one[0]), _clock_of_week(other[0])
            raise HoursError(f"the windows starting {begin} and {then} overlap past midnight; end the first sooner")


def parse_days(text: str) -> tuple[int, ...]:
    """Read ``mon``, ``mon-fri`` or ``sat-mon`` as weekday numbers, Monday 0."""
    first, dash, last = text.strip().lower().partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise HoursError(f"{text!r} is not a day or a range of days; write mon, or mon-fri")
    start = WEEKDAYS.index(first)
    count = (WEEKDAYS.index(last) - start) % 7 + 1 if dash else 1
    return tuple((start + step) % 7 for step in range(count))


def parse_windows(texts: Iterable[str]) -> tuple[Window, ...]:
    """Read the windows of one day, sorted; overlapping ones are refused, an empty list is a closed day."""
    if isinstance(texts, str):
        raise HoursError(f'{texts!r} is not a list; write ["{texts}"]')
    windows = tuple(sorted((parse_window(text) for text in texts), key=lambda window: window.start))
    for one, other in pairwise(windows):
        if other.start < one.end:
            raise HoursError(f"windows starting {_clock(one.start)} and {_clock(other.start)} overlap; join them")
    return windows


def parse_window(text: str) -> Window:
    """Read ``08:00-12:00``; an end at or before the start is on the next day; 24:00 is the midnight that ends a day."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        raise HoursError(f"{text!r} is not a window; write two times on a 24-hour clock, such as 08:00-12:00")
    start, end = _minutes(found[1], found[2], text), _minutes(found[3], found[4], text)
    if start in (end, DAY_MINUTES):
        raise HoursError(f"{text!r} is empty; write 00:00-24:00 for the whole day")
    return Window(start, end if end > start else end + DAY_MINUTES)


def parse_clock(text: str) -> int:
    """Read ``08:00`` as minutes after midnight, 0 to 1439."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    minutes = _minutes(found[1], found[2], text) if found else DAY_MINUTES
    if minutes == DAY_MINUTES:
        raise HoursError(f"{text!r} is not a time of day; write it on a 24-hour clock, such as 08:00")
    return minutes


def _minutes(hour: str, minute: str, text: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > DAY_MINUTES:
        raise HoursError(f"{hour}:{minute} in {text!r} is not a time; hours run to 24:00, minutes to 59")
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _clock_of_week(minutes: int) -> str:
    return f"{WEEKDAYS[minutes // DAY_MINUTES % 7]} {_clock(minutes % DAY_MINUTES)}"
