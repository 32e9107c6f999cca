"""When a promise falls due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from routing.hours import Calendar, HolidayRules, WeeklyHours, parse_weekly
from routing.promises import DueRuleError, due, parse_length
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
