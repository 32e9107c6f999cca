"""Which nights are due, against somebody who looks at the clock every minute; and that none is told twice or never."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hours import Calendar, HolidayRules, closed_during, parse_weekly
from routing.nights import NOTICE_WITHIN, due_nights, is_told_in_time, longest_night
from routing.spans import Span
from routing.zones import to_utc
from tests.routing import oracle
from tests.routing.table import ZONES
from tests.routing.test_against_the_oracle import Case, case

CHICAGO, KIRITIMATI = "America/Chicago", "Pacific/Kiritimati"
NO_HOLIDAYS = HolidayRules()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FOUR_HOURS = 4 * HOUR
ODD = [(zone, at) for zone in ZONES for at in oracle.changes(zone, 2026, 2027)]
"""Nights in which the clocks of a zone change."""
PLAIN = [(zone, datetime(2026, 12, 24, 12, tzinfo=UTC)) for zone in (CHICAGO, KIRITIMATI)]
SHORTEST = st.integers(30, 1440).map(lambda minutes: minutes * MINUTE)


def at(text: str, zone: str = CHICAGO) -> datetime:
    return to_utc(datetime.fromisoformat(text), zone)


def opening(*windows: str, zone: str = CHICAGO, kept: HolidayRules = NO_HOLIDAYS) -> Calendar:
    return Calendar(zone, parse_weekly({"mon-fri": list(windows)}), kept)


def looked_at(cases: Sequence[Case], shortest: timedelta, since: datetime, until: datetime) -> Iterator[Span]:
    """The nights that somebody finds who looks every minute whether any door is open, and then looks back."""
    first = since - shortest
    minutes = [first + minute * MINUTE for minute in range((until - first) // MINUTE + 1)]
    doors = [any(one.walk.is_open(minute) for one in cases) for minute in minutes]
    for here in range(1, len(minutes)):
        if doors[here] and not doors[here - 1] and minutes[here] > since:
            closed = here
            while closed and not doors[closed - 1]:
                closed -= 1
            if minutes[here] - minutes[closed] >= shortest:
                yield Span(max(minutes[closed], since), minutes[here])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*ODD, *PLAIN]), st.integers(0, 2**32), st.integers(1, 2), SHORTEST, st.integers(-1440, 1440))
def test_the_nights_are_those_of_somebody_who_looks_at_every_door(
    night: tuple[str, datetime], seed: int, places: int, shortest: timedelta, after: int
) -> None:
    zone, around = night
    around = around.replace(second=0, microsecond=0)
    chance = random.Random(seed)
    cases = [case(chance, one, around) for one in (zone, chance.choice(ZONES))[:places]]
    middle = around.replace(hour=0, minute=0)
    since = middle + (after // 2) * MINUTE
    until = since + chance.randint(0, 4 * 1440) * MINUTE
    calendars = [one.calendar for one in cases]
    lengths = [one.end - one.start for one in due_nights(calendars, MINUTE, since, until)]
    edges = [one for length in lengths for one in (length, length + MINUTE) if one <= DAY]
    for asked in (shortest, *edges):
        assert list(due_nights(calendars, asked, since, until)) == list(looked_at(cases, asked, since, until))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ODD), st.integers(0, 2**32), SHORTEST, st.lists(st.integers(1, 5760), min_size=1, max_size=12))
def test_however_late_the_round_comes_the_nights_are_the_same(
    night: tuple[str, datetime], seed: int, shortest: timedelta, rounds: list[int]
) -> None:
    zone, around = night
    calendars = [case(random.Random(seed), zone, around).calendar]
    since = around - 2 * DAY
    told: list[Span] = []
    for minutes in sorted(rounds):
        last = told[-1].end if told else since
        told += due_nights(calendars, shortest, last, since + minutes * MINUTE)
    assert told == list(due_nights(calendars, shortest, since, since + max(rounds) * MINUTE))
    assert all(one.start < one.end <= since + max(rounds) * MINUTE for one in told)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ODD), st.integers(0, 2**32), SHORTEST, st.lists(st.integers(1, 5760), min_size=1, max_size=12))
def test_no_instant_is_in_two_nights_though_the_hours_are_others_at_every_round(
    night: tuple[str, datetime], seed: int, shortest: timedelta, rounds: list[int]
) -> None:
    zone, around = night
    chance, since = random.Random(seed), around - 2 * DAY
    told: list[Span] = []
    for minutes in sorted(rounds):
        calendar = case(chance, zone, around).calendar
        told += due_nights([calendar], shortest, told[-1].end if told else since, since + minutes * MINUTE)
    assert all(before.end <= after.start for before, after in pairwise(told))


def test_an_ordinary_night_is_from_closing_to_opening_and_noon_is_none() -> None:
    hours = opening("08:00-12:00", "13:00-17:00")
    tuesday = list(due_nights([hours], FOUR_HOURS, at("2026-11-02 08:00"), at("2026-11-03 16:00")))
    assert tuesday == [Span(at("2026-11-02 17:00"), at("2026-11-03 08:00"))]


def test_it_is_due_in_the_instant_of_the_opening_and_not_before() -> None:
    hours = opening("08:00-17:00")
    since, opens = at("2026-11-02 08:00"), at("2026-11-03 08:00")
    assert list(due_nights([hours], FOUR_HOURS, since, opens - timedelta(microseconds=1))) == []
    assert [one.end for one in due_nights([hours], FOUR_HOURS, since, opens)] == [opens]
    assert list(due_nights([hours], FOUR_HOURS, opens, opens + HOUR)) == []


def test_a_day_without_an_opening_has_none_and_the_next_has_everything_since_the_closing() -> None:
    hours = opening("08:00-17:00", kept=HolidayRules("US", observe=("Thanksgiving Day",)))
    found = list(due_nights([hours], FOUR_HOURS, at("2026-11-25 08:00"), at("2026-11-30 09:00")))
    assert found == [
        Span(at("2026-11-25 17:00"), at("2026-11-27 08:00")),
        Span(at("2026-11-27 17:00"), at("2026-11-30 08:00")),
    ]


@pytest.mark.parametrize(("day", "hours"), [("2026-11-01", 16), ("2027-03-14", 14)])
def test_the_night_in_which_the_clocks_change_is_longer_or_shorter(day: str, hours: int) -> None:
    daily = Calendar(CHICAGO, parse_weekly({"mon-sun": ["08:00-17:00"]}))
    (night,) = due_nights([daily], FOUR_HOURS, at(f"{day} 00:00") - 12 * HOUR, at(f"{day} 09:00"))
    assert night.end - night.start == hours * HOUR
    assert night.end == at(f"{day} 08:00")


def test_a_practice_is_open_as_soon_as_one_of_its_locations_is() -> None:
    chicago, new_york = opening("08:00-17:00"), opening("08:00-17:00", zone="America/New_York")
    found = list(due_nights([chicago, new_york], FOUR_HOURS, at("2026-11-02 08:00"), at("2026-11-03 09:00")))
    assert found == [Span(at("2026-11-02 17:00"), at("2026-11-03 07:00"))]


def test_a_closure_at_once_is_part_of_the_night() -> None:
    closed = Span(at("2026-11-03 10:00"), at("2026-11-04 20:00"))
    hours = closed_during(opening("08:00-17:00"), [closed])
    found = list(due_nights([hours], FOUR_HOURS, at("2026-11-03 08:00"), at("2026-11-05 09:00")))
    assert found == [Span(at("2026-11-03 10:00"), at("2026-11-05 08:00"))]


def test_what_is_always_open_has_no_night() -> None:
    always = Calendar(CHICAGO, parse_weekly({"mon-sun": ["00:00-24:00"]}))
    assert list(due_nights([always], FOUR_HOURS, at("2026-11-02 08:00"), at("2026-12-02 08:00"))) == []
    assert longest_night([always], at("2026-11-02 08:00")) is None
    assert longest_night([opening("08:00-17:00")], at("2026-11-02 12:00")) == 63 * HOUR


def test_nobody_is_told_in_the_night_of_what_was_to_be_read_in_the_morning() -> None:
    night = Span(at("2026-11-02 17:00"), at("2026-11-03 08:00"))
    assert is_told_in_time(night, night.end + NOTICE_WITHIN - MINUTE)
    assert not is_told_in_time(night, night.end + NOTICE_WITHIN)
