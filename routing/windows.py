"""Weekly hours: which stretches of which weekdays, in wall-clock minutes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from routing.errors import RoutingError
from routing.ordinals import ORDINALS, Nth, is_nth, name_of, never_both

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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
class NthDay:
    """The windows of one weekday of a month, such as its second Saturday: ``NthDay(2, 5, (...))``.

    ``nth`` counts from 1 to 5, -1 is the last; ``weekday`` is Monday 0. Without windows the day is closed.
    """

    nth: Nth
    weekday: int
    windows: tuple[Window, ...]

    def holds(self, day: date) -> bool:
        """Whether ``day`` is that day of its month."""
        return day.weekday() == self.weekday and is_nth(self.nth, day)

    @property
    def name(self) -> str:
        """The day as it is written: ``2nd sat``."""
        return f"{name_of(self.nth)} {WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Seven days, Monday first, each with its windows. An empty day is closed.

    On a day of ``nth`` the windows of that entry hold, and those of its weekday do not.
    """

    days: tuple[tuple[Window, ...], ...] = ((),) * 7
    nth: tuple[NthDay, ...] = ()

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise HoursError(f"weekly hours have seven days, not {len(self.days)}; give an empty one for a closed day")

    def on(self, day: date) -> tuple[Window, ...]:
        """The windows that begin on a day of the calendar."""
        for entry in self.nth:
            if entry.holds(day):
                return entry.windows
        return self.days[day.weekday()]

    @property
    def is_empty(self) -> bool:
        """Whether no day has a window."""
        return not any(self.days) and not any(entry.windows for entry in self.nth)


def parse_weekly(text: Mapping[str, Sequence[str]]) -> WeeklyHours:
    """Read ``{"mon-fri": ["08:00-17:00"], "2nd sat": ["09:00-12:00"], "last fri": []}``; a day left out is closed."""
    days: dict[int, tuple[Window, ...]] = {}
    numbered: list[NthDay] = []
    for key, windows in text.items():
        if entries := parse_nth_days(key, windows):
            numbered += entries
            continue
        for day in parse_days(key):
            if day in days:
                raise HoursError(f"{WEEKDAYS[day]} is given twice; name each day once")
            days[day] = parse_windows(windows)
    _refuse_the_same_day_twice(numbered)
    weekly = WeeklyHours(tuple(days.get(day, ()) for day in range(7)), tuple(numbered))
    _refuse_nights_that_overlap(weekly)
    return weekly


def parse_nth_days(key: str, windows: Sequence[str]) -> tuple[NthDay, ...]:
    """Read ``2nd sat``, ``second saturday``, ``last fri`` or ``1st, 3rd sat``; empty for a key without an ordinal."""
    *numbers, day = [part for part in re.split(r"[\s,]+", key.strip().lower()) if part] or [""]
    if not any(one in ORDINALS or one[0].isdigit() for one in numbers):
        return ()
    names = FULL_NAMES if day in FULL_NAMES else WEEKDAYS
    if day not in names or not all(one in ORDINALS for one in numbers):
        raise HoursError(f"{key!r} is not a day of a month; write 2nd sat, last fri or 1st, 3rd sat")
    opened = parse_windows(windows)
    return tuple(NthDay(ORDINALS[one], names.index(day), opened) for one in numbers)


def _refuse_the_same_day_twice(numbered: Sequence[NthDay]) -> None:
    for index, one in enumerate(numbered):
        for other in numbered[:index]:
            if one.weekday == other.weekday and not never_both(one.nth, other.nth):
                same = one.nth == other.nth
                what = f"{one.name} is given twice" if same else f"{other.name} and {one.name} can be the same day"
                raise HoursError(f"{what}; keep one of them")


def outside(inner: WeeklyHours, outer: WeeklyHours) -> tuple[str, ...]:
    """The windows of ``inner``, such as ``mon 12:00``, that do not lie within those of ``outer`` in a usual week.

    Where either has days of a month, a window has to lie within on one of the days on which it holds.
    """
    if inner.nth or outer.nth:
        return tuple(name for name, found in _placed(inner, outer).items() if not found)
    held = {minute % WEEK_MINUTES for start, end in stretches(outer) for minute in range(start, end)}
    return tuple(
        _clock_of_week(start)
        for start, end in stretches(inner)
        if any(minute % WEEK_MINUTES not in held for minute in range(start, end))
    )


def _placed(inner: WeeklyHours, outer: WeeklyHours) -> dict[str, bool]:
    """Every window of ``inner`` by its name, and whether it lies within ``outer`` on one of its days."""
    found: dict[str, bool] = {}
    for day in _every_kind_of_day():
        entry = next((one.name for one in inner.nth if one.holds(day)), WEEKDAYS[day.weekday()])
        for window in inner.on(day):
            name = f"{entry} {_clock(window.start)}"
            found[name] = found.get(name, False) or _lies_within(window, _around(outer, day))
    return found


def _lies_within(window: Window, stretches_in_order: Iterable[tuple[int, int]]) -> bool:
    covered = window.start
    for start, end in stretches_in_order:
        if start <= covered:
            covered = max(covered, end)
    return covered >= window.end


def _around(weekly: WeeklyHours, day: date) -> Iterator[tuple[int, int]]:
    """The windows of the day before, the day and the day after, in minutes after the midnight that begins the day."""
    for shift in (-1, 0, 1):
        for window in weekly.on(day + timedelta(days=shift)):
            yield window.start + shift * DAY_MINUTES, window.end + shift * DAY_MINUTES


@lru_cache(maxsize=1)
def _every_kind_of_day() -> tuple[date, ...]:
    """The days of 28 years, after which the weekdays of the calendar come back."""
    first = date(2001, 1, 1)
    return tuple(first + timedelta(days=day) for day in range((date(2029, 1, 1) - first).days))


def stretches(weekly: WeeklyHours) -> tuple[tuple[int, int], ...]:
    """Every window of a week without days of a month, as minutes after the midnight that begins Monday, in order.

    Sunday's may end past the week.
    """
    days = ((day * DAY_MINUTES, windows) for day, windows in enumerate(weekly.days))
    return tuple(sorted((start + one.start, start + one.end) for start, windows in days for one in windows))


def _refuse_nights_that_overlap(weekly: WeeklyHours) -> None:
    found = stretches(weekly)
    again = [(start + WEEK_MINUTES, end + WEEK_MINUTES) for start, end in found[:1]]
    for one, other in pairwise((*found, *again)):
        if other[0] < one[1]:
            _refuse_overlap(_clock_of_week(one[0]), _clock_of_week(other[0]))
    if not weekly.nth:
        return
    for day, after in pairwise(_every_kind_of_day()):
        for window, then in ((one, other) for one in weekly.on(day)[-1:] for other in weekly.on(after)[:1]):
            if then.start + DAY_MINUTES < window.end:
                _refuse_overlap(
                    f"{WEEKDAYS[day.weekday()]} {_clock(window.start)}",
                    f"{WEEKDAYS[after.weekday()]} {_clock(then.start)}",
                )


def _refuse_overlap(begin: str, then: str) -> None:
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
