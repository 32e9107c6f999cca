"""Slow, obviously right answers about hours and rotas: every minute is looked at on the face of a clock.

Written from the rules as they are stated, not from ``routing``; the clocks are those of ``zoneinfo`` with the database
of the ``tzdata`` package, never of pytz.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
Numbered = Mapping[tuple[int, int], "Windows"]
"""By weekday from Monday, and its place in the list of those of the month: 1 the first of the list, -1 the last."""
Windows = Sequence[tuple[int, int]]
"""Each from and until so many minutes after the midnight that begins its day."""


@lru_cache
def clocks(zone: str) -> ZoneInfo:
    """The clocks of a zone."""
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, zone)


def shown(at: datetime, zone: str) -> datetime:
    """What the clocks show at an instant."""
    return at.astimezone(clocks(zone)).replace(tzinfo=None)


@lru_cache(maxsize=8)
def face(zone: str, start: datetime, minutes: int) -> tuple[datetime, ...]:
    """What the clocks show in each of so many minutes."""
    return tuple(shown(start + minute * MINUTE, zone) for minute in range(minutes))


@lru_cache(maxsize=8)
def minutes_of(zone: str, start: datetime, minutes: int) -> Mapping[datetime, Sequence[int]]:
    """Every time that the clocks show, with the minutes in which they do."""
    found: dict[datetime, list[int]] = {}
    for minute, wall in enumerate(face(zone, start, minutes)):
        found.setdefault(wall, []).append(minute)
    return found


@lru_cache(maxsize=4096)
def shown_in(zone: str, start: datetime, minutes: int, wall: datetime) -> tuple[int, int]:
    """The first and the last minute in which the clocks show a time, or have jumped over it."""
    if found := minutes_of(zone, start, minutes).get(wall):
        return found[0], found[-1]
    jumped = next(minute for minute, one in enumerate(face(zone, start, minutes)) if one > wall)
    return jumped, jumped


@lru_cache(maxsize=256)
def changes(zone: str, first: int, last: int) -> tuple[datetime, ...]:
    """The instants of some years at which the clocks change, found by looking every day, then hour, then second."""
    found: list[datetime] = []
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while day < end:
        if _differs(zone, day, DAY):
            hours = (day + hour * HOUR for hour in range(24))
            hour = next(one for one in hours if _differs(zone, one, HOUR))
            seconds = (hour + timedelta(seconds=second) for second in range(3600))
            found.append(next(one + SECOND for one in seconds if _differs(zone, one, SECOND)))
        day += DAY
    return tuple(found)


def _differs(zone: str, at: datetime, after: timedelta) -> bool:
    """Whether the clocks stand otherwise to UTC so much later."""
    return (at + after).astimezone(clocks(zone)).utcoffset() != at.astimezone(clocks(zone)).utcoffset()


@dataclass(frozen=True)
class Hours:
    """Opening hours as they are written: weekdays from Monday, dates that differ, breaks, and closures at once.

    A weekday that is numbered within its month stands for the plain one.
    """

    zone: str
    week: Sequence[Windows]
    special: Mapping[date, Windows] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    breaks: Sequence[Windows] = ((),) * 7
    closures: Sequence[tuple[datetime, datetime]] = ()
    numbered: Numbered = field(default_factory=dict)
    numbered_breaks: Numbered = field(default_factory=dict)

    def windows(self, day: date) -> Windows:
        """The windows that begin on a day: its own, else none where it is closed, else those of the week."""
        if day in self.special:
            return self.special[day]
        return () if day in self.closed else _of_the_month(day, self.numbered, self.week)

    def breaks_of(self, day: date) -> Windows:
        """The breaks that begin on a day."""
        return _of_the_month(day, self.numbered_breaks, self.breaks)


def _of_the_month(day: date, numbered: Numbered, week: Sequence[Windows]) -> Windows:
    rows = calendar.monthcalendar(day.year, day.month)
    alike = [row[day.weekday()] for row in rows if row[day.weekday()]]
    for (weekday, place), windows in numbered.items():
        if weekday == day.weekday() and day.day in alike[place - 1 if place > 0 else place :][:1]:
            return windows
    return week[day.weekday()]


class Walk:
    """So many days of :class:`Hours`, minute by minute. Right from the fourth day to the third before the last."""

    def __init__(self, hours: Hours, start: datetime, days: int) -> None:
        self.hours, self.start, self.face = hours, start, face(hours.zone, start, days * 1440)
        self.minutes = minutes_of(hours.zone, start, days * 1440)
        self.at_work, self.open = [False] * len(self.face), [False] * len(self.face)
        first = self.face[0].date()
        for day in (first + step * DAY for step in range(1, days)):
            for window in hours.windows(day):
                self._put(self.at_work, self._from_first(self._wall(day, window[0])), self._last(day, window[1]), True)
        for begin, end in hours.closures:
            self._put(self.at_work, self._index(begin), self._index(end), False)
        self.open[:] = self.at_work
        for day in (first + step * DAY for step in range(1, days)):
            for window in hours.breaks_of(day):
                self._put(self.open, *self._break(day, window), False)

    def is_open(self, at: datetime) -> bool:
        """Whether it is open in the minute of an instant."""
        return self.open[self._index(at)]

    def next_open(self, at: datetime) -> datetime | None:
        """``at`` where it is open, else the first minute that is; None when there is none in these days."""
        return at if self.is_open(at) else self._next(at, True)

    def next_change(self, at: datetime) -> datetime | None:
        """The first minute that is not as this one; None when there is none in these days."""
        return self._next(at, not self.is_open(at))

    def depth(self, at: datetime, far: timedelta) -> tuple[timedelta, timedelta] | None:
        """How long the shift has lasted and will last, each no more than ``far``, breaks counted in; None outside."""
        here = self._index(at)
        if not self.at_work[here]:
            return None
        first = last = here
        while self.at_work[first - 1] and self._instant(first) > at - far:
            first -= 1
        while self.at_work[last] and self._instant(last) < at + far:
            last += 1
        return min(far, at - self._instant(first)), min(far, self._instant(last) - at)

    def _next(self, at: datetime, wanted: bool) -> datetime | None:
        later = range(self._index(at) + 1, len(self.open) - 3 * 1440)
        return next((self._instant(minute) for minute in later if self.open[minute] is wanted), None)

    def _break(self, day: date, window: tuple[int, int]) -> tuple[int, int]:
        begins, ends = self._wall(day, window[0]), self._wall(day, window[1])
        start = self._last_shown(begins)
        after = (minute for minute in self.minutes.get(ends, ()) if minute > start)
        return start, next(after, self._from_first(ends))

    def _last(self, day: date, minutes: int) -> int:
        return self._last_shown(self._wall(day, minutes))

    def _last_shown(self, wall: datetime) -> int:
        return self.minutes[wall][-1] if wall in self.minutes else self._from_first(wall)

    def _from_first(self, wall: datetime) -> int:
        if wall in self.minutes:
            return self.minutes[wall][0]
        later = (minute for minute, one in enumerate(self.face) if one > wall)
        return next(later, len(self.face))

    def _put(self, minutes: list[bool], start: int, end: int, value: bool) -> None:
        for minute in range(max(0, start), min(end, len(minutes))):
            minutes[minute] = value

    def _index(self, at: datetime) -> int:
        return (at - self.start) // MINUTE

    def _instant(self, minute: int) -> datetime:
        return self.start + minute * MINUTE

    @staticmethod
    def _wall(day: date, minutes: int) -> datetime:
        return datetime(day.year, day.month, day.day) + minutes * MINUTE


@dataclass(frozen=True)
class Turns:
    """People taking turns of ``period`` days, the first from the day ``first``, all from the same minute of the day.

    ``covers`` are times that the clocks show, from when until when somebody else does it; they do not overlap.
    """

    zone: str
    people: Sequence[str]
    first: date
    period: int
    minute: int
    covers: Sequence[tuple[datetime, datetime, str]] = ()

    def responsible(self, at: datetime, read: int | None = None) -> str:
        """Whoever covers, the last to begin; else whoever took over last.

        A time that is shown twice begins something in its first minute and ends a cover in its last. Somebody may have
        ``read`` all such times as the first (0) or the last (1), whatever happens then.
        """
        starts, ends = (0, 1) if read is None else (read, read)
        here = self._index(at)
        times = [(self._shown(at, begin)[starts], self._shown(at, end)[ends], who) for begin, end, who in self.covers]
        covering = [(begin, who) for begin, end, who in times if begin <= here < end]
        return max(covering)[1] if covering else self._of_turn(at, starts)

    def next_in_line(self, at: datetime) -> str | None:
        """Whoever is responsible by another reading, and so may think they are: those not relieved by it come first.

        Else whoever's turn comes next; whoever is covered last of all.
        """
        now, turn = self.responsible(at), self.people.index(self._of_turn(at, 0))
        following = (*self.people[turn + 1 :], *self.people[: turn + 1])
        others = (self.responsible(at, 1), self.responsible(at, 0))
        return next((who for who in (*others, *following) if who != now), None)

    def _of_turn(self, at: datetime, which: int) -> str:
        begun = [wall for wall in self._hand_overs(at) if self._shown(at, wall)[which] <= self._index(at)]
        turn = (begun[-1].date() - self.first).days // self.period if begun else 0
        return self.people[max(0, turn) % len(self.people)]

    def _hand_overs(self, at: datetime) -> list[datetime]:
        days = (self._start(at).date() + step * DAY for step in range(1, 11))
        changing = (day for day in days if (day - self.first).days % self.period == 0)
        return [datetime(day.year, day.month, day.day) + self.minute * MINUTE for day in changing]

    def _shown(self, at: datetime, wall: datetime) -> tuple[int, int]:
        return shown_in(self.zone, self._start(at), 12 * 1440, wall)

    def _index(self, at: datetime) -> int:
        return (at - self._start(at)) // MINUTE

    @staticmethod
    def _start(at: datetime) -> datetime:
        return datetime(at.year, at.month, at.day, tzinfo=UTC) - 9 * DAY
