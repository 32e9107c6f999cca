"""Which day and which of two hours somebody is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from routing.spoken import told
from routing.zones import to_utc

CHICAGO, MANILA, KATHMANDU = "America/Chicago", "Asia/Manila", "Asia/Kathmandu"
LATE = datetime(2026, 11, 4, 5, 30, tzinfo=UTC)
"""23:30 on the third in Chicago, 13:30 on the fourth in Manila."""


@pytest.mark.parametrize(
    ("zone", "after", "day"),
    [
        (CHICAGO, timedelta(minutes=29, seconds=59), "today"),
        (CHICAGO, timedelta(minutes=30), "tomorrow"),
        (CHICAGO, timedelta(hours=24, minutes=29), "tomorrow"),
        (CHICAGO, timedelta(hours=24, minutes=30), "another"),
        (MANILA, timedelta(minutes=30), "today"),
        (MANILA, timedelta(hours=10, minutes=29), "today"),
        (MANILA, timedelta(hours=10, minutes=30), "tomorrow"),
        (KATHMANDU, timedelta(hours=12, minutes=44), "today"),
        (KATHMANDU, timedelta(hours=12, minutes=45), "tomorrow"),
        (CHICAGO, -timedelta(hours=23, minutes=30), "today"),
        (CHICAGO, -timedelta(hours=23, minutes=31), "another"),
    ],
)
def test_a_day_ends_at_midnight_where_it_is_told(zone: str, after: timedelta, day: str) -> None:
    assert told(LATE + after, LATE, zone).day == day


def test_tomorrow_is_the_next_day_of_the_calendar_on_the_long_and_the_short_night() -> None:
    for eve in (datetime(2026, 10, 31, 12), datetime(2026, 3, 7, 12)):
        noon, next_noon = (to_utc(eve + timedelta(days=days), CHICAGO) for days in (0, 1))
        assert next_noon - noon != timedelta(days=1)
        assert told(next_noon, noon, CHICAGO).day == "tomorrow"


def test_the_day_after_a_day_that_did_not_exist_is_not_called_tomorrow() -> None:
    eve = to_utc(datetime(2011, 12, 29, 12), "Pacific/Apia")
    found = told(eve + timedelta(hours=24), eve, "Pacific/Apia")
    assert (found.local.date(), found.day) == (date(2011, 12, 31), "another")


@pytest.mark.parametrize(
    ("wall", "which", "turn"),
    [
        (datetime(2026, 11, 1, 1, 30), "first", "first"),
        (datetime(2026, 11, 1, 1, 30), "second", "second"),
        (datetime(2026, 11, 1, 2, 0), "first", None),
        (datetime(2026, 11, 1, 0, 59), "first", None),
    ],
)
def test_a_time_shown_twice_is_told_with_its_turn(wall: datetime, which: str, turn: str | None) -> None:
    instant = to_utc(wall, CHICAGO, repeated=which)  # type: ignore[arg-type]
    assert told(instant, instant - timedelta(hours=3), CHICAGO).turn == turn
