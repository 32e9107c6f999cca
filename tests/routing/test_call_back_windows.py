"""The times at which somebody may choose to be called back."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from routing.call_back_windows import AHEAD, LEAD, MOST, SHORTEST, list_windows, read_window, write_window
from routing.hours import Calendar, HolidayRules, is_open, parse_weekly
from routing.spans import Span
from routing.zones import to_local, to_utc

CHICAGO = "America/Chicago"
OFFICE = Calendar(
    CHICAGO,
    parse_weekly({"mon-fri": ["08:00-12:00", "13:00-18:30"]}),
    HolidayRules("US", observe=("Thanksgiving Day",)),
)
RINGING = parse_weekly({"mon-sun": ["09:00-18:00"]})
ANY_TIME = st.datetimes(datetime(2026, 10, 1), datetime(2027, 4, 1)).map(lambda wall: to_utc(wall, CHICAGO))


def at(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text), CHICAGO)


def told(text: str) -> list[tuple[str, ...]]:
    found = list_windows(OFFICE, RINGING, at(text))
    return [tuple(to_local(one, CHICAGO).strftime("%a %H:%M") for one in window) for window in found]


def test_the_next_parts_of_days_are_offered_in_which_we_are_open_and_may_ring() -> None:
    assert told("2026-11-03T19:00") == [
        ("Wed 09:00", "Wed 12:00"),
        ("Wed 13:00", "Wed 17:00"),
        ("Wed 17:00", "Wed 18:00"),
    ]


def test_what_begins_within_the_hour_is_sooner_than_anybody_chooses() -> None:
    assert told("2026-11-03T13:10")[0] == ("Tue 14:30", "Tue 17:00")
    assert told("2026-11-03T15:31")[0] == ("Tue 17:00", "Tue 18:00"), "half an hour of an afternoon is no time to offer"


def test_a_holiday_and_a_weekend_are_passed_over() -> None:
    assert told("2026-11-25T18:00")[0] == ("Fri 09:00", "Fri 12:00")
    assert told("2026-11-27T18:00")[0] == ("Mon 09:00", "Mon 12:00")


def test_where_nobody_is_open_for_a_week_there_is_nothing_to_offer() -> None:
    shut = Calendar(CHICAGO, parse_weekly({"mon": ["08:00-08:30"]}))
    assert list_windows(shut, RINGING, at("2026-11-03T19:00")) == ()


@given(ANY_TIME)
def test_each_is_open_may_be_rung_is_long_enough_lies_in_one_day_and_comes_after_the_other(now: datetime) -> None:
    found = list_windows(OFFICE, RINGING, now)
    assert 1 <= len(found) <= MOST
    for window in found:
        assert now + LEAD <= window.start
        assert window.end <= now + AHEAD
        assert window.end - window.start >= SHORTEST
        last = window.end - timedelta(seconds=1)
        assert to_local(window.start, CHICAGO).date() == to_local(last, CHICAGO).date()
        for instant in (window.start, last):
            assert is_open(OFFICE, instant)
            assert is_open(Calendar(CHICAGO, RINGING), instant)
    assert list(found) == sorted(found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(ANY_TIME, st.timedeltas(timedelta(hours=1), timedelta(hours=9)))
def test_a_time_is_read_as_it_was_written(start: datetime, length: timedelta) -> None:
    window = Span(start, start + length)
    assert read_window(write_window(window)) == window
