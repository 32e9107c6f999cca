"""Slow, obviously right answers about rotas: hand-overs are walked day by day, and read off the face of a clock.

Written from the rules as they are stated, not from ``routing``; the clocks are those of :mod:`tests.routing.oracle`.
Nothing is divided: every hand-over since the first day is listed, and the last one that the clocks have shown counts.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count, pairwise

from tests.routing.oracle import DAY, HOUR, MINUTE, face, minutes_of

BACK, DAYS = 3, 5
"""How many days before an instant the face of the clock is looked at, and for how many in all."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLACES = {"1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "last": -1}
LONG_AGO, LATER = -1, DAYS * 1440
Names = tuple[str, ...]
Window = tuple[int, int, int]
"""A weekday from Monday, and from and until so many minutes after the midnight that begins it."""


@dataclass(frozen=True)
class Turns:
    """Groups that take turns: by ``unit``, each ``every`` of them, from ``minute`` of the day on ``day``."""

    unit: str
    every: int
    day: str
    minute: int
    starts: date
    groups: tuple[Names, ...]
    when: tuple[Window, ...] = ()
    ends: datetime | None = None
    beside: bool = False


@dataclass(frozen=True)
class Spell:
    """Some people from one time that the clocks show until another."""

    start: datetime
    end: datetime
    people: Names


@dataclass(frozen=True)
class Cover:
    """Somebody from one time that the clocks show until another: for all, for one, or beside all."""

    start: datetime
    end: datetime
    person: str
    instead: str | None = None
    beside: bool = False


@dataclass(frozen=True)
class Plan:
    """A whole rota."""

    zone: str
    base: Turns
    layers: tuple[Turns, ...] = ()
    spells: tuple[Spell, ...] = ()
    temporary: tuple[tuple[datetime, datetime, tuple[Spell, ...]], ...] = ()
    covers: tuple[Cover, ...] = ()


class Look:
    """A plan at one instant. Reading 0 takes a time that is shown twice for its first, 1 for its last occurrence."""

    def __init__(self, plan: Plan, at: datetime) -> None:
        self.plan = plan
        self.start = datetime(at.year, at.month, at.day, tzinfo=UTC) - BACK * DAY
        self.here = (at - self.start) // MINUTE
        self.walls = face(plan.zone, self.start, DAYS * 1440)
        self.today = self.walls[self.here].date()

    def on_duty(self, starts: int = 0, ends: int = 1) -> Names:
        """Whoever is on call, the responsible first."""
        return self._steps(starts, ends)[-1]

    def _steps(self, starts: int, ends: int) -> list[Names]:
        """Whoever is on call but for covers, then with the first of them, with the next, and so on."""
        found = self._written(starts, ends)
        steps = [found]
        standing = [one for one in self.plan.covers if self._holds(one.start, one.end, starts, ends)]
        for one in standing:
            later = [
                other
                for other in standing
                if not other.beside and other.instead == one.instead and other.start >= one.end
            ]
            if one.beside:
                found = _once([*found, one.person])
            elif not later:
                away = found[0] if one.instead is None else one.instead
                found = _once([one.person if who == away else who for who in found])
            steps.append(found)
        return steps

    def line(self) -> Names:
        """Everybody who may be paged, in order."""
        now, steps = self.on_duty(), self._steps(0, 1)
        relieved = [who for before, after in pairwise(steps) for who in before if who not in after]
        rest = [who for turns in self._in_force() for who in self._from_now_on(turns) if who not in relieved]
        doubtful = [self.on_duty(1, 1)[0], self.on_duty(0, 0)[0]]
        return _once([now[0], *doubtful, *now[1:], *rest, *relieved])

    def _written(self, starts: int, ends: int) -> Names:
        standing = [one for one in self.plan.temporary if self._holds(one[0], one[1], starts, ends)]
        standing = [one for one in standing if not any(other[0] >= one[1] for other in standing)]
        if standing and (found := self._spells(standing[-1][2], starts, ends)):
            return found
        found = self._spells(self.plan.spells, starts, ends)
        for turns in self.plan.layers[::-1]:
            if not found and not turns.beside:
                found = self._of_layer(turns, starts)
        found = found or self._of_turn(self.plan.base, starts)
        return _once([*found, *(who for one in self.plan.layers if one.beside for who in self._of_layer(one, starts))])

    def _spells(self, spells: Sequence[Spell], starts: int, ends: int) -> Names:
        standing = [one for one in spells if self._holds(one.start, one.end, starts, ends)]
        kept = [one for one in standing if not any(other.start >= one.end for other in standing)]
        return _once([who for one in kept for who in one.people])

    def _in_force(self) -> Iterator[Turns]:
        yield from (one for one in self.plan.layers[::-1] if self._of_layer(one, 0))
        yield self.plan.base

    def _from_now_on(self, turns: Turns) -> Names:
        number = max(0, self._number(turns, 0))
        ahead = [turns.groups[(number + step) % len(turns.groups)] for step in range(len(turns.groups))]
        return tuple(who for group in ahead for who in group)

    def _of_layer(self, turns: Turns, reading: int) -> Names:
        begins = _midnight(turns.starts) + (0 if turns.unit in ("shift", "none") else turns.minute) * MINUTE
        if self._shown(begins, reading) > self.here or self._number(turns, reading) < 0:
            return ()
        if turns.ends is not None and self._shown(turns.ends, reading) <= self.here:
            return ()
        return self._of_turn(turns, reading) if self._is_open(turns, reading) else ()

    def _is_open(self, turns: Turns, reading: int) -> bool:
        if not turns.when:
            return True
        days = [self.today + shift * DAY for shift in range(-2, 2)]
        windows = [(day, start, end) for day in days for weekday, start, end in turns.when if weekday == day.weekday()]
        edges = [[_midnight(day) + minute * MINUTE for minute in minutes] for day, *minutes in windows]
        return any(self._shown(opens, reading) <= self.here < self._shown(ends, reading) for opens, ends in edges)

    def _of_turn(self, turns: Turns, reading: int) -> Names:
        return turns.groups[max(0, self._number(turns, reading)) % len(turns.groups)]

    def _number(self, turns: Turns, reading: int) -> int:
        if turns.unit == "none":
            return 0
        walls = hand_overs(turns, self.today.year, self.today.month)
        number = -1
        for number, wall in enumerate(walls):
            if self._shown(wall, reading) > self.here:
                number -= 1
                break
        return number

    def _holds(self, start: datetime, end: datetime, starts: int, ends: int) -> bool:
        return self._shown(start, starts) <= self.here < self._shown(end, ends)

    def _shown(self, wall: datetime, reading: int) -> int:
        """The minute in which the clocks show a time, or in which they have jumped over it."""
        if wall < self.walls[0]:
            return LONG_AGO
        if wall > self.walls[-1]:
            return LATER
        found = minutes_of(self.plan.zone, self.start, DAYS * 1440).get(wall)
        if found is not None:
            return found[-reading]
        return next(minute for minute, shown in enumerate(self.walls) if shown > wall)


@lru_cache(maxsize=512)
def hand_overs(turns: Turns, year: int, month: int) -> tuple[datetime, ...]:
    """Every time that the clocks show at a hand-over, from the first turn to beyond the month."""
    until = date(year + 1, 1, 1) + 31 * DAY if month == 12 else date(year, month, 1) + 70 * DAY
    clock = turns.minute * MINUTE
    if turns.unit == "hourly":
        first = _midnight(turns.starts) + clock
        return tuple(first + step * HOUR for step in range(0, 24 * (until - turns.starts).days, turns.every))
    if turns.unit == "shift":
        opens = [
            _midnight(day) + start * MINUTE
            for day in _days(turns.starts, until)
            for weekday, start, _ in sorted(turns.when)
            if weekday == day.weekday()
        ]
        return tuple(opens[:: turns.every])
    first_day = next(day for day in (turns.starts - step * DAY for step in count()) if _changes_on(turns, day))
    changing = [day for day in _days(first_day, until) if _changes_on(turns, day)]
    return tuple(_midnight(day) + clock for day in changing[:: turns.every])


def _changes_on(turns: Turns, day: date) -> bool:
    if turns.unit == "daily":
        return True
    if turns.unit == "weekly":
        return WEEKDAYS[day.weekday()] == turns.day
    rows = calendar.monthcalendar(day.year, day.month)
    if turns.day.isdigit():
        return day.day == min(int(turns.day), max(rows[-1]))
    place, weekday = turns.day.split()
    alike = [row[WEEKDAYS.index(weekday)] for row in rows if row[WEEKDAYS.index(weekday)]]
    return day.day == alike[PLACES[place]]


def _days(first: date, until: date) -> Iterator[date]:
    return (first + step * DAY for step in range((until - first).days))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _once(names: Sequence[str]) -> Names:
    return tuple(dict.fromkeys(names))
