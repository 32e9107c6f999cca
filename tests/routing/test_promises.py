"""When a promise falls due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routing.hours import Calendar, HolidayRules, WeeklyHours, parse_weekly
from routing.promises import DueRuleError, due, is_hopeless, next_attempt, nth_wait, parse_length
from routing.zones import to_utc

CHICAGO = "America/Chicago"
OFFICE = Calendar(
    CHICAGO, parse_weekly({"mon-fri": ["08:00-17:00"]}), HolidayRules("US", observe=("Thanksgiving Day",))
)


def at(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text), CHICAGO)


@pytest.mark.parametrize(
    ("rule", "made", "expected"),
    [
        ("next_open + 2h", "2026-10-31T20:00", "2026-11-02T10:00"),
        ("next_open", "2026-11-25T18:00", "2026-11-27T08:00"),
        ("next_open+2h", "2026-11-23T09:15", "2026-11-23T11:15"),
        ("now + 30m", "2026-11-01T00:45", "2026-11-01T01:15"),
        ("now", "2026-11-23T03:00", "2026-11-23T03:00"),
        ("now + 1h30m", "2026-03-08T01:00", "2026-03-08T03:30"),
    ],
)
def test_a_promise_falls_due_by_its_rule(rule: str, made: str, expected: str) -> None:
    assert due(rule, OFFICE, at(made)) == at(expected)


def test_half_an_hour_is_half_an_hour_in_the_repeated_hour_too() -> None:
    first = datetime(2026, 11, 1, 6, 45, tzinfo=UTC)
    assert due("now + 30m", OFFICE, first) - first == timedelta(minutes=30)


@pytest.mark.parametrize(
    "rule", ["tomorrow", "next_open + 2", "next_open + h", "now + 2h30", "now - 2h", "", "now 2h", "now + \u0662h"]
)
def test_a_rule_that_cannot_be_read_is_refused_with_examples(rule: str) -> None:
    with pytest.raises(DueRuleError, match="write"):
        due(rule, OFFICE, at("2026-11-23T09:00"))


@pytest.mark.parametrize("length", ["878401h", "999999999m", "99999999h", "99999999999999999999h"])
def test_a_promise_that_nobody_lives_to_see_kept_is_refused(length: str) -> None:
    with pytest.raises(DueRuleError, match="write"):
        due(f"now + {length}", OFFICE, at("2026-11-23T09:00"))


def test_a_promise_for_an_opening_that_never_comes_is_refused() -> None:
    with pytest.raises(DueRuleError, match="no opening within a year; add opening hours"):
        due("next_open + 2h", Calendar(CHICAGO, WeeklyHours()), at("2026-11-23T09:00"))


def test_lengths_of_time_add_their_parts() -> None:
    assert parse_length("1h30m15s") == timedelta(hours=1, minutes=30, seconds=15)
    assert parse_length("150s") == timedelta(minutes=2, seconds=30)


PROMISED = at("2026-11-03T12:00")
lengths = st.integers(0, 60 * 24 * 9).map(lambda minutes: timedelta(minutes=minutes))


@given(lengths)
def test_attempts_are_spread_over_the_time_that_is_left(left: timedelta) -> None:
    assume(left)
    wait = next_attempt(PROMISED - left, PROMISED) - (PROMISED - left)
    assert timedelta(minutes=15) <= wait <= timedelta(minutes=45)


@given(lengths)
def test_what_is_overdue_is_tried_ever_more_rarely_and_once_a_day_at_least(late: timedelta) -> None:
    wait = next_attempt(PROMISED + late, PROMISED) - (PROMISED + late)
    assert timedelta(minutes=45) <= wait <= timedelta(days=1)
    assert wait >= min(late, timedelta(days=1))


def test_there_are_several_attempts_before_it_is_due_and_it_is_hopeless_after_a_week() -> None:
    attempts = [PROMISED - timedelta(hours=4)]
    while not is_hopeless(attempts[-1], PROMISED):
        attempts.append(next_attempt(attempts[-1], PROMISED))
    assert 5 <= sum(one < PROMISED for one in attempts) <= 12
    assert len(attempts) < 30
    assert attempts[-1] - PROMISED >= timedelta(days=7)


@pytest.mark.parametrize(("number", "minutes"), [(0, 5), (1, 5), (2, 10), (3, 15), (40, 15)])
def test_the_last_wait_of_a_schedule_goes_on(number: int, minutes: int) -> None:
    waits = [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=15)]
    assert nth_wait(waits, number) == timedelta(minutes=minutes)
