"""Opening hours, holidays, closures and special openings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pytest
from dateutil.zoneinfo import get_zonefile_instance
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hours import (
    Calendar,
    HolidayRules,
    HoursError,
    WeeklyHours,
    Window,
    is_open,
    next_change,
    next_open,
    open_spans,
    parse_weekly,
    parse_windows,
    state,
)
from routing.zones import ZoneError, to_utc

MINUTE = timedelta(minutes=1)
CHICAGO = "America/Chicago"
ODD_DAYS = {
    CHICAGO: (date(2026, 3, 8), date(2026, 11, 1)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 29)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kolkata": (date(2026, 3, 8), date(2026, 11, 1)),
}
OFFICE = {"mon-fri": ["08:00-12:00", "13:00-17:00"], "sat": ["09:00-12:00"]}
MAPLE = Calendar(
    CHICAGO,
    parse_weekly(OFFICE),
    HolidayRules(
        calendar="US",
        observe=("New Year's Day", "Thanksgiving Day", "Christmas Day"),
        closed=(date(2026, 11, 27),),
        open={date(2026, 12, 24): parse_windows(["08:00-12:00"])},
    ),
)


def at(text: str, zone: str = CHICAGO) -> datetime:
    return to_utc(datetime.fromisoformat(text), zone, missing="refuse", repeated="refuse")


def daily(*windows: str, zone: str = CHICAGO) -> Calendar:
    return Calendar(zone, parse_weekly({"mon-sun": windows}))


@lru_cache(maxsize=16)
def clock_face(zone: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """Every minute around a day with what the clocks show, by dateutil's own tz database."""
    tz = get_zonefile_instance().get(zone)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    minutes = (start + step * MINUTE for step in range(4 * 1440))
    return tuple((minute, minute.astimezone(tz).replace(tzinfo=None)) for minute in minutes)


def minutes_of(zone: str, day: date, window: Window) -> set[datetime]:
    """The minutes of one window on one date, found by looking at the clock face only."""
    face = clock_face(zone, day)
    opens, closes = (datetime(day.year, day.month, day.day) + edge * MINUTE for edge in (window.start, window.end))
    first = next(at for at, wall in face if wall >= opens)
    shown = [at for at, wall in face if wall == closes]
    last = shown[-1] if shown else next(at for at, wall in face if wall > closes)
    return {at for at, _ in face if first <= at < last}


def edges() -> st.SearchStrategy[Window]:
    starts, lengths = st.integers(0, 95), st.integers(1, 96)
    return st.builds(lambda start, length: Window(15 * start, 15 * (start + length)), starts, lengths)


def calendars() -> st.SearchStrategy[Calendar]:
    day = st.lists(edges(), max_size=2).map(tuple)
    weeks = st.lists(day, min_size=7, max_size=7).map(lambda days: WeeklyHours(tuple(days)))
    return st.builds(Calendar, st.sampled_from(sorted(ODD_DAYS)), weeks, st.just(HolidayRules("US")))


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(ODD_DAYS)), st.integers(0, 1), edges())
def test_open_minutes_are_those_found_by_looking_at_the_clock(zone: str, which: int, window: Window) -> None:
    odd = ODD_DAYS[zone][which]
    calendar = Calendar(zone, WeeklyHours(((window,),) * 7))
    days = [odd + timedelta(days=shift) for shift in (-1, 0)]
    expected = set().union(*(minutes_of(zone, day, window) for day in days))
    looked_at = [minute for minute, wall in clock_face(zone, odd) if wall.date() == odd]
    assert [minute for minute in looked_at if is_open(calendar, minute)] == [
        minute for minute in looked_at if minute in expected
    ]


@settings(max_examples=60, deadline=None)
@given(calendars(), INSTANTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, now: datetime) -> None:
    opening = next_open(calendar, now)
    if opening is None:
        assert not any(calendar.weekly.days)
        return
    assert is_open(calendar, opening)
    assert opening == now if is_open(calendar, now) else not is_open(calendar, opening - timedelta(microseconds=1))
    between = [now + step * (opening - now) / 20 for step in range(20)]
    assert all(moment == opening or not is_open(calendar, moment) for moment in between)


@settings(max_examples=60, deadline=None)
@given(calendars(), INSTANTS)
def test_nothing_changes_before_the_next_change(calendar: Calendar, now: datetime) -> None:
    change = next_change(calendar, now)
    until = change or now + timedelta(days=30)
    between = [now + step * (until - now) / 20 for step in range(20)]
    assert {is_open(calendar, moment) for moment in between} == {is_open(calendar, now)}
    assert change is None or is_open(calendar, change) != is_open(calendar, now)


@settings(max_examples=40, deadline=None)
@given(calendars(), INSTANTS)
def test_open_stretches_are_in_order_apart_and_exactly_the_open_instants(calendar: Calendar, now: datetime) -> None:
    end = now + timedelta(days=9)
    spans = list(open_spans(calendar, now, end))
    flat = [edge for span in spans for edge in span]
    assert flat == sorted(set(flat))
    for step in range(0, 9 * 24):
        moment = now + timedelta(hours=step)
        assert is_open(calendar, moment) == any(span.start <= moment < span.end for span in spans)


def test_the_closing_minute_is_closed() -> None:
    assert is_open(MAPLE, at("2026-11-23T08:00"))
    assert is_open(MAPLE, at("2026-11-23T11:59"))
    assert not is_open(MAPLE, at("2026-11-23T12:00"))


def test_a_night_window_belongs_to_the_day_it_begins_on() -> None:
    friday_night = Calendar(CHICAGO, parse_weekly({"fri": ["22:00-06:00"]}))
    hours = ["2026-11-27T21:59", "2026-11-27T22:00", "2026-11-28T05:59", "2026-11-28T06:00", "2026-11-28T22:00"]
    assert [is_open(friday_night, at(hour)) for hour in hours] == [False, True, True, False, False]


def test_the_long_night_lasts_nine_hours_and_the_short_one_seven() -> None:
    night = daily("22:00-06:00")
    assert state(night, at("2026-10-31T22:00")).until == at("2026-10-31T22:00") + timedelta(hours=9)
    assert state(night, at("2026-03-07T22:00")).until == at("2026-03-07T22:00") + timedelta(hours=7)


def test_hours_in_a_missing_hour_begin_when_the_clock_has_jumped() -> None:
    assert next_open(daily("02:30-05:00"), at("2026-03-08T00:00")) == at("2026-03-08T03:00")
    assert next_open(daily("02:10-02:40"), at("2026-03-08T00:00")) == at("2026-03-09T02:10")


def test_an_end_in_a_repeated_hour_is_its_second_and_a_start_its_first() -> None:
    noon = at("2026-10-31T12:00")
    assert next_open(daily("01:30-05:00"), noon) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert state(daily("00:30-01:30"), at("2026-11-01T00:30")).until == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


def test_hours_without_an_end_never_change() -> None:
    always = daily("00:00-24:00")
    assert state(always, at("2026-11-01T00:30")).until is None
    assert state(always, at("2026-11-01T00:30")).open


def test_no_hours_at_all_never_open() -> None:
    never = Calendar(CHICAGO, WeeklyHours())
    assert next_open(never, at("2026-06-01T12:00")) is None
    assert state(never, at("2026-06-01T12:00")).reason == "closed"


def test_thanksgiving_is_closed_and_says_why_and_until_when() -> None:
    found = state(MAPLE, at("2026-11-26T10:00"))
    assert (found.open, found.reason, found.until) == (False, "holiday", at("2026-11-28T09:00"))


@pytest.mark.parametrize("thanksgiving", ["2026-11-26", "2027-11-25", "2028-11-23", "2035-11-22"])
def test_thanksgiving_is_found_in_every_year(thanksgiving: str) -> None:
    assert state(MAPLE, at(f"{thanksgiving}T10:00")).reason == "holiday"


def test_a_closed_day_beats_weekly_hours() -> None:
    assert state(MAPLE, at("2026-11-27T10:00")).reason == "closure"


def test_a_special_opening_replaces_the_hours_of_its_day() -> None:
    assert state(MAPLE, at("2026-12-24T08:30")).reason == "special"
    assert state(MAPLE, at("2026-12-24T14:00")).reason == "closed"
    assert not is_open(MAPLE, at("2026-12-25T09:00"))


def test_a_special_opening_beats_a_holiday() -> None:
    rules = HolidayRules("US", open={date(2026, 11, 26): parse_windows(["09:00-11:00"])})
    assert is_open(Calendar(CHICAGO, parse_weekly(OFFICE), rules), at("2026-11-26T10:00"))


def test_holidays_not_observed_are_ordinary_days() -> None:
    assert state(MAPLE, at("2026-11-11T10:00")).reason == "open"
    all_of_them = Calendar(CHICAGO, parse_weekly(OFFICE), HolidayRules("US"))
    assert state(all_of_them, at("2026-11-11T10:00")).reason == "holiday"


def test_a_holiday_on_a_weekend_closes_the_day_it_is_kept_too() -> None:
    rules = HolidayRules("US", observe=("Independence Day", "New Year's Day"))
    calendar = Calendar(CHICAGO, parse_weekly({"mon-sun": ["08:00-17:00"]}), rules)
    closed = ["2026-07-03T10:00", "2026-07-04T10:00", "2027-12-31T10:00"]
    assert {state(calendar, at(day)).reason for day in closed} == {"holiday"}


def test_holidays_that_do_not_close_leave_the_hours_and_keep_closures() -> None:
    rules = HolidayRules("PH", closed=(date(2026, 12, 31),), closes=False)
    calendar = Calendar("Asia/Manila", parse_weekly(OFFICE), rules)
    assert is_open(calendar, at("2026-12-25T10:00", "Asia/Manila"))
    assert not is_open(calendar, at("2026-12-31T10:00", "Asia/Manila"))


def test_a_holiday_of_a_state_counts_where_the_state_is_named() -> None:
    in_illinois = HolidayRules("US", "IL", observe=("Casimir Pulaski Day",))
    calendar = Calendar(CHICAGO, parse_weekly(OFFICE), in_illinois)
    assert state(calendar, at("2026-03-02T10:00")).reason == "holiday"


def test_a_holiday_begins_at_midnight_where_the_practice_is() -> None:
    around_the_clock = Calendar(CHICAGO, parse_weekly({"mon-sun": ["00:00-24:00"]}), MAPLE.holidays)
    assert is_open(around_the_clock, at("2026-11-25T23:59"))
    assert not is_open(around_the_clock, at("2026-11-26T00:00"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ({"mon-fry": ["08:00-12:00"]}, "'mon-fry' is not a day or a range of days; write mon, or mon-fri"),
        ({"mon": ["8-12"]}, "'8-12' is not a window; write two times on a 24-hour clock"),
        ({"mon": ["08:00-25:00"]}, "25:00 in '08:00-25:00' is not a time; hours run to 24:00"),
        ({"mon": ["08:60-12:00"]}, "08:60 in '08:60-12:00' is not a time"),
        ({"mon": ["08:00-08:00"]}, "'08:00-08:00' is empty; write 00:00-24:00 for the whole day"),
        ({"mon": ["24:00-08:00"]}, "'24:00-08:00' is empty"),
        ({"mon": ["08:00-12:00", "11:00-13:00"]}, "windows starting 08:00 and 11:00 overlap; join them"),
        ({"mon-wed": ["08:00-12:00"], "tue": []}, "tue is given twice; name each day once"),
        ({"mon": "08:00-12:00"}, r"'08:00-12:00' is not a list; write \[\"08:00-12:00\"\]"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_by_name_and_mend(text: dict[str, list[str]], message: str) -> None:
    with pytest.raises(HoursError, match=message):
        parse_weekly(text)


def test_days_may_wrap_around_the_week_and_windows_come_sorted() -> None:
    weekly = parse_weekly({"sat-mon": ["13:00-17:00", " 8:00 - 12:00 "]})
    assert weekly.days == ((Window(480, 720), Window(780, 1020)), (), (), (), (), *(weekly.days[0],) * 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: HolidayRules("US", observe=("Thanksgiving",)), "'Thanksgiving'; did you mean Thanksgiving Day"),
        (lambda: HolidayRules("US", observe=("Xyzzy",)), "'Xyzzy'; known are Christmas Day, Columbus Day"),
        (lambda: HolidayRules("ZZ"), "no holiday calendar for ZZ; use ISO codes such as US and IL"),
        (lambda: HolidayRules("US", "QQ"), "US has no part QQ; known are AK, AL"),
        (lambda: HolidayRules(observe=("Labor Day",)), "'Labor Day' has no calendar to be found in; add calendar"),
        (
            lambda: HolidayRules(closed=(date(2026, 1, 2),), open={date(2026, 1, 2): ()}),
            "2026-01-02 is both closed and open; keep one of them",
        ),
        (lambda: Window(600, 500), "minute 600 to 500"),
        (lambda: WeeklyHours(((),)), "seven days, not 1"),
    ],
)
def test_rules_that_make_no_sense_are_refused_by_name_and_mend(make: Callable[[], object], message: str) -> None:
    with pytest.raises(HoursError, match=message):
        make()


def test_a_calendar_needs_a_real_zone() -> None:
    with pytest.raises(ZoneError, match="'Chicago' is not a time zone"):
        Calendar("Chicago", WeeklyHours())
