"""By which numbers somebody is reached, at every minute around every change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.contact import EVERY_DAY, WHOLE_DAY, ContactNumbers, ContactRule, numbers_at, overlapping
from routing.windows import DAY_MINUTES, Window
from routing.zones import ZoneError, to_local, to_utc

CHICAGO = "America/Chicago"
USUAL = ContactNumbers("day", "texts")
NIGHT = ContactNumbers("night", None, "spare")
NIGHTS = ContactRule(NIGHT, Window(22 * 60, 30 * 60))
MINUTE = timedelta(minutes=1)
CHANGES = (
    (CHICAGO, datetime(2026, 3, 8, 8, tzinfo=UTC)),
    (CHICAGO, datetime(2026, 11, 1, 7, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 10, 29, 21, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 11, 1, 7, tzinfo=UTC)),
)
starts = st.one_of(st.integers(0, 4 * 60), st.sampled_from([0, 60, 90, 120, 150, 22 * 60, 23 * 60, 23 * 60 + 30]))
lengths = st.one_of(st.integers(1, 180), st.sampled_from([60, 8 * 60, 12 * 60, DAY_MINUTES]))


@st.composite
def plans(draw: st.DrawFn) -> tuple[ContactRule, ...]:
    """Up to three rules that do not overlap, as the check asks for."""
    found: list[ContactRule] = []
    for place in range(draw(st.integers(1, 3))):
        start = draw(starts)
        days = draw(st.one_of(st.just(EVERY_DAY), st.frozensets(st.integers(0, 6), min_size=1)))
        rule = ContactRule(ContactNumbers(f"rule {place}"), Window(start, start + draw(lengths)), days)
        if not overlapping((*found, rule)):
            found.append(rule)
    return tuple(found)


def minutes_around(zone: str, at: datetime) -> list[tuple[datetime, datetime]]:
    """Every minute of a few days, with what the clocks show then."""
    days = range(-3 * DAY_MINUTES, 2 * DAY_MINUTES)
    return [(one, to_local(one, zone).replace(tzinfo=None)) for one in (at + minute * MINUTE for minute in days)]


def oracle(rules: tuple[ContactRule, ...], walked: list[tuple[datetime, datetime]]) -> dict[datetime, ContactNumbers]:
    """Minute by minute: a window begins when the clocks first show its start or more, and ends when they last do not
    show its end.
    """
    begun: dict[datetime, tuple[datetime, datetime, ContactNumbers]] = {}
    for day in sorted({wall.date() for _, wall in walked})[1:-1]:
        for rule in (one for one in rules if day.weekday() in one.days):
            midnight = datetime.combine(day, time())
            start, end = midnight + rule.window.start * MINUTE, midnight + rule.window.end * MINUTE
            first = next((index for index, (_, wall) in enumerate(walked) if wall >= start), len(walked))
            last = max((index for index, (_, wall) in enumerate(walked) if wall < end), default=-1)
            for at, _ in walked[first : last + 1]:
                mine = (walked[first][0], start, rule.numbers)
                begun[at] = max(begun.get(at, mine), mine, key=lambda one: one[:2])
    return {at: begun[at][2] if at in begun else USUAL for at, _ in walked}


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@given(rules=plans(), data=st.data())
def test_the_numbers_are_those_of_the_slow_oracle(
    zone: str, change: datetime, rules: tuple[ContactRule, ...], data: st.DataObject
) -> None:
    expected = oracle(rules, WALKED[zone, change])
    for offset in data.draw(st.lists(st.integers(-300, 300), min_size=20, max_size=20)):
        at = change + offset * MINUTE
        assert numbers_at(USUAL, rules, zone, at) == expected[at], at


WALKED = {(zone, change): minutes_around(zone, change) for zone, change in CHANGES}


def test_a_night_goes_over_midnight_and_belongs_to_the_day_on_which_it_begins() -> None:
    friday = ContactRule(NIGHT, NIGHTS.window, frozenset({4}))
    hours = ["2026-11-06T21:59", "2026-11-06T22:00", "2026-11-07T05:59", "2026-11-07T06:00", "2026-11-07T22:00"]
    found = [numbers_at(USUAL, (friday,), CHICAGO, to_utc(datetime.fromisoformat(one), CHICAGO)) for one in hours]
    assert found == [USUAL, NIGHT, NIGHT, USUAL, USUAL]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-07", 7), ("2026-10-31", 9), ("2026-11-02", 8)])
def test_a_night_is_whole_when_the_clocks_change(day: str, hours: int) -> None:
    evening = to_utc(datetime.fromisoformat(f"{day}T20:00"), CHICAGO)
    night = [numbers_at(USUAL, (NIGHTS,), CHICAGO, evening + minute * MINUTE) == NIGHT for minute in range(14 * 60)]
    assert night == [False] * 120 + [True] * 60 * hours + [False] * (14 * 60 - 120 - 60 * hours)


def test_numbers_change_over_once_in_an_hour_that_is_shown_twice() -> None:
    rules = (
        ContactRule(ContactNumbers("until half past one"), Window(0, 90)),
        ContactRule(ContactNumbers("from then on"), Window(90, 300)),
    )
    midnight = to_utc(datetime(2026, 11, 1), CHICAGO)
    swept = [numbers_at(USUAL, rules, CHICAGO, midnight + minute * MINUTE).voice for minute in range(300)]
    assert swept == ["until half past one"] * 90 + ["from then on"] * 210


@given(rules=plans(), minute=st.integers(0, 7 * DAY_MINUTES))
def test_there_is_always_a_number_to_ring(rules: tuple[ContactRule, ...], minute: int) -> None:
    at = datetime(2026, 10, 30, tzinfo=UTC) + minute * MINUTE
    assert numbers_at(USUAL, rules, CHICAGO, at) in {USUAL, *(rule.numbers for rule in rules)}


def test_a_rule_of_the_whole_day_holds_at_every_minute_of_its_days() -> None:
    sunday = ContactRule(NIGHT, WHOLE_DAY, frozenset({6}))
    midnight = to_utc(datetime(2026, 11, 1), CHICAGO)
    swept = [numbers_at(USUAL, (sunday,), CHICAGO, midnight + minute * MINUTE) for minute in range(-1, 25 * 60 + 1)]
    assert swept == [USUAL] + [NIGHT] * 25 * 60 + [USUAL]


@given(rules=st.lists(st.tuples(starts, lengths, st.frozensets(st.integers(0, 6), min_size=1)), max_size=4))
def test_rules_overlap_where_a_minute_of_a_usual_week_has_two(
    rules: list[tuple[int, int, frozenset[int]]],
) -> None:
    made = [ContactRule(ContactNumbers(""), Window(start, start + length), days) for start, length, days in rules]
    spring = datetime(2026, 6, 1)
    held = [
        {
            (spring + timedelta(days=day + week * 7, minutes=minute)).replace(tzinfo=UTC)
            for week in (0, 1, 2)
            for day in one.days
            for minute in range(one.window.start, one.window.end)
        }
        for one in made
    ]
    pairs = [(one, other) for one in range(len(made)) for other in range(one + 1, len(made))]
    assert overlapping(made) == tuple(pair for pair in pairs if held[pair[0]] & held[pair[1]])


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ZoneError):
        numbers_at(USUAL, (NIGHTS,), CHICAGO, datetime(2026, 11, 1))
