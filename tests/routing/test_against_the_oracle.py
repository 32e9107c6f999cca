"""A hundred thousand random questions about hours, answered as by somebody who looks at the clock every minute."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast

import holidays
import pytest

from routing.hours import Calendar, HolidayRules, WeeklyHours, Window, is_open, next_change, next_open
from routing.ordinals import Nth
from routing.promises import due
from routing.rota import Override, Rota, next_on_call, on_call
from routing.shifts import FAR, depth
from routing.spans import Span
from routing.windows import WEEKDAYS, NthDay
from tests.conftest import thorough
from tests.routing import oracle
from tests.routing.table import ZONES

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CALENDARS, QUESTIONS = 20, 500
DAYS = 14
ROUNDS = 10
CHANGING = [zone for zone in ZONES if oracle.changes(zone, 2026, 2027)]


@dataclass(frozen=True)
class Case:
    """The same hours twice: for routing, and for whoever looks at the clock."""

    calendar: Calendar
    walk: oracle.Walk
    around: datetime


def week(chance: random.Random, most: int, longest: int, odd: int) -> list[list[tuple[int, int]]]:
    return [[window(chance, longest, odd) for _ in range(chance.randint(0, most))] for _ in range(7)]


def window(chance: random.Random, longest: int, odd: int) -> tuple[int, int]:
    """A window, three in four beginning or ending about the time of day at which clocks change."""
    start, length = 5 * chance.randrange(288), 5 * chance.randint(1, longest // 5)
    if chance.random() < 0.75:
        start = (odd + 5 * chance.randint(-15, 15) - chance.choice([0, length])) % 1440
    return start, start + length


def weekly(written: oracle.Sequence[oracle.Windows], numbered: oracle.Numbered) -> WeeklyHours:
    nth = [NthDay(cast(Nth, place), day, windows(found)) for (day, place), found in numbered.items()]
    return WeeklyHours(tuple(windows(day) for day in written), tuple(nth))


def numbered(chance: random.Random, around: date, longest: int, odd: int) -> dict[tuple[int, int], oracle.Windows]:
    """Up to three days of months with other windows, or none, the most of them near the day that is looked at."""
    found: dict[tuple[int, int], oracle.Windows] = {}
    for _ in range(chance.randint(0, 3)):
        near = around + chance.randint(-2, 2) * DAY
        place = chance.choice([(near.day - 1) // 7 + 1, chance.choice([1, 2, 3, 4, 5, -1])])
        taken = [one for day, one in found if day == near.weekday()]
        if place not in taken and not {place, *taken} >= {-1}:
            found[near.weekday(), place] = [window(chance, longest, odd)] * chance.randint(0, 1)
    return found


def windows(written: oracle.Windows) -> tuple[Window, ...]:
    return tuple(Window(*one) for one in sorted(written))


def case(chance: random.Random, zone: str, around: datetime) -> Case:
    middle, odd = around.replace(hour=0, minute=0, second=0), minute_of_day(around, zone)
    near = [middle.date() + shift * DAY for shift in range(-2, 3)]
    special = {
        day: [window(chance, 1440, odd)] * chance.randint(0, 1) for day in chance.sample(near, chance.randint(0, 1))
    }
    closed = {day for day in chance.sample(near, chance.randint(0, 1)) if day not in special}
    closures = [closure(chance, middle) for _ in range(chance.choice([0, 0, 1, 2]))]
    country = chance.choice([None, None, "US", "PH", "ZA"])
    hours = oracle.Hours(
        zone=zone,
        week=chance.choice([week(chance, 2, 1440, odd), [[((odd - 300) % 1440, (odd - 300) % 1440 + 600)]] * 7]),
        special=special,
        closed=frozenset(closed | public(country, middle)),
        breaks=week(chance, 2, 90, odd) if chance.random() < 0.75 else ((),) * 7,
        closures=closures,
        numbered=numbered(chance, middle.date(), 1440, odd),
        numbered_breaks=numbered(chance, middle.date(), 90, odd),
    )
    rules = HolidayRules(country, closed=tuple(sorted(closed)), open=opened(special))
    spans = tuple(sorted(Span(*one) for one in closures))
    worked, breaks = weekly(hours.week, hours.numbered), weekly(hours.breaks, hours.numbered_breaks)
    calendar = Calendar(zone, worked, rules, breaks, spans)
    return Case(calendar, oracle.Walk(hours, middle - 6 * DAY, DAYS), around)


def opened(special: Mapping[date, oracle.Windows]) -> dict[date, tuple[Window, ...]]:
    return {day: windows(written) for day, written in special.items()}


def closure(chance: random.Random, middle: datetime) -> tuple[datetime, datetime]:
    start = middle + chance.randint(-2000, 2000) * MINUTE
    return start, start + chance.randint(1, 2000) * MINUTE


def public(country: str | None, middle: datetime) -> set[date]:
    years = range(middle.year - 1, middle.year + 2)
    return set(holidays.country_holidays(country, years=years)) if country else set()


def minute_of_day(at: datetime, zone: str) -> int:
    wall = oracle.shown(at, zone)
    return (wall.hour * 60 + wall.minute) // 5 * 5


def instants(chance: random.Random, zone: str) -> list[datetime]:
    """When clocks change, on days near holidays that are kept on another day, and whenever."""
    odd = oracle.changes(zone, 2026, 2027)
    kept = [datetime(2026, 7, 3, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC)]
    any_day = datetime(2026, 1, 10, tzinfo=UTC) + chance.randrange(700) * DAY
    return [*odd, *odd, *kept, any_day]


def ask(chance: random.Random, one: Case) -> None:
    at = one.around + timedelta(seconds=chance.randint(*chance.choice([(-172800, 172800), (-9000, 9000)])))
    kind = chance.randrange(4)
    if kind == 0:
        assert is_open(one.calendar, at) == one.walk.is_open(at)
    elif kind == 1:
        same(one, next_open(one.calendar, at), one.walk.next_open(at))
    elif kind == 2:
        same(one, next_change(one.calendar, at), one.walk.next_change(at))
    else:
        here = depth(one.calendar, at)
        assert (here and (here.since, here.left)) == one.walk.depth(at, FAR)


def same(one: Case, found: datetime | None, expected: datetime | None) -> None:
    """Beyond the days that were walked there is nothing to compare, but then nothing may be found within them."""
    if expected is not None:
        assert found == expected
    else:
        assert found is None or found >= one.around + 4 * DAY


@pytest.mark.parametrize("round_", [0, 1, *(thorough(one) for one in range(2, ROUNDS))])
def test_a_hundred_thousand_answers_are_those_of_the_clock_face(round_: int) -> None:
    chance = random.Random(round_)
    for _ in range(CALENDARS):
        zone = chance.choice(chance.choice([ZONES, CHANGING]))
        one = case(chance, zone, chance.choice(instants(chance, zone)))
        for _ in range(QUESTIONS):
            ask(chance, one)


@pytest.mark.parametrize("calendars", [6, thorough(20)])
def test_a_promise_after_the_next_opening_is_one_of_the_clock_face(calendars: int) -> None:
    chance = random.Random(99)
    asked = 0
    for _ in range(calendars):
        zone = chance.choice(chance.choice([ZONES, CHANGING]))
        one = case(chance, zone, chance.choice(instants(chance, zone)))
        for _ in range(50):
            at = one.around + timedelta(seconds=chance.randint(-86400, 86400))
            opening = one.walk.next_open(at)
            if opening is not None:
                asked += 1
                assert due("next_open + 2h", one.calendar, at) == opening + timedelta(hours=2)
    assert asked > 25 * calendars


def covers(chance: random.Random, around: datetime, zone: str) -> list[tuple[datetime, datetime, str]]:
    """One or two covers, the second when the first is over, that begin or end about the time at which clocks change."""
    odd = oracle.shown(around, zone).replace(second=0)
    edge, length = odd + 5 * chance.randint(-15, 15) * MINUTE, timedelta(hours=chance.randint(4, 30))
    one = (edge - length, edge, "cruz")
    return chance.choice([[], [one], [(edge, edge + length, "cruz")], [one, (edge, edge + length, "diaz")]])


def rota(chance: random.Random, zone: str, around: datetime) -> tuple[Rota, oracle.Turns]:
    """The same turns and covers twice, most of them changing hands about the time at which clocks change."""
    minute = (minute_of_day(around, zone) + 5 * chance.randint(-15, 15)) % 1440
    starts, period = around.date() - chance.randint(8, 40) * DAY, chance.choice([1, 7])
    people, covered = ("lee", "okafor", "patel")[: chance.randint(1, 3)], covers(chance, around, zone)
    hand_over = (WEEKDAYS[starts.weekday()], f"{minute // 60:02}:{minute % 60:02}")
    overrides = tuple(Override(*one) for one in covered)
    made = Rota("any", zone, "daily" if period == 1 else "weekly", hand_over, starts, people, overrides)
    return made, oracle.Turns(zone, people, starts, period, minute, covered)


@pytest.mark.parametrize(("seed", "changes"), [(0, 8), thorough(7, 40)])
def test_who_is_on_call_and_who_is_next_are_those_of_the_clock_face(seed: int, changes: int) -> None:
    chance, disputed = random.Random(seed), 0
    for _ in range(changes):
        zone = chance.choice(CHANGING)
        around = chance.choice(oracle.changes(zone, 2026, 2027))
        for made, told in (rota(chance, zone, around) for _ in range(10)):
            for _ in range(20):
                at = around + timedelta(seconds=chance.randint(-7200, 7200))
                assert on_call(made, at) == told.responsible(at)
                assert next_on_call(made, at) == told.next_in_line(at)
                disputed += len({told.responsible(at, read) for read in (None, 0, 1)}) > 1
    assert disputed > 2.5 * changes
