"""Days of a month, such as the second Saturday: through years, in every zone, against somebody with a wall calendar."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.hours import (
    Calendar,
    HolidayRules,
    HoursError,
    OpenState,
    is_open,
    next_open,
    open_spans,
    parse_weekly,
    state,
)
from routing.ordinals import ORDINALS, is_nth, never_both
from routing.windows import WEEKDAYS, Window, outside
from tests.routing.oracle import shown
from tests.routing.table import ZONES

DAY = timedelta(days=1)
CHICAGO = "America/Chicago"


def on_the_wall(year: int, month: int, weekday: int, place: int) -> date | None:
    """The day that a wall calendar shows in a column, counted from the top, or from the bottom at -1."""
    column = [week[weekday] for week in calendar.monthcalendar(year, month) if week[weekday]]
    if place > len(column):
        return None
    return date(year, month, column[place - 1 if place > 0 else -1])


@given(
    zone=st.sampled_from(ZONES),
    word=st.sampled_from(sorted(ORDINALS)),
    weekday=st.integers(0, 6),
    year=st.integers(2024, 2034),
    opens=st.integers(0, 1320),
)
def test_through_a_year_it_opens_on_that_day_of_each_month_and_on_no_other(
    zone: str, word: str, weekday: int, year: int, opens: int
) -> None:
    written = f"{opens // 60:02}:{opens % 60:02}-{(opens + 90) // 60:02}:{(opens + 90) % 60:02}"
    hours = Calendar(zone, parse_weekly({f"{word} {WEEKDAYS[weekday]}": [written]}))
    start, end = datetime(year, 1, 1, tzinfo=UTC) - 2 * DAY, datetime(year + 1, 1, 1, tzinfo=UTC) + 2 * DAY
    days = {shown(span.start + timedelta(minutes=45), zone).date() for span in open_spans(hours, start, end)}
    place = ORDINALS[word]
    expected = {on_the_wall(year, month, weekday, place) for month in range(1, 13)} - {None}
    assert {day for day in days if day.year == year} == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_day_is_one_of_its_month_and_only_a_fourth_or_fifth_is_the_last(day: date) -> None:
    places = [nth for nth in {*ORDINALS.values()} if is_nth(nth, day)]
    assert len([nth for nth in places if nth > 0]) == 1
    assert all(not never_both(one, other) for one in places for other in places)


def test_the_numbered_day_goes_before_the_plain_one_and_dates_go_before_both() -> None:
    weekly = parse_weekly({"mon-sat": ["08:00-17:00"], "second saturday": ["10:00-12:00"], "last fri": []})
    rules = HolidayRules(
        "US", observe=("Thanksgiving Day",), open={date(2026, 11, 14): parse_windows_of("13:00-14:00")}
    )
    place = Calendar(CHICAGO, weekly, rules)
    assert next_open(place, datetime(2026, 11, 27, 14, tzinfo=UTC)) == datetime(2026, 11, 28, 14, tzinfo=UTC)
    assert not is_open(place, datetime(2026, 11, 14, 17, tzinfo=UTC))
    assert is_open(place, datetime(2026, 11, 14, 19, 30, tzinfo=UTC))
    assert is_open(place, datetime(2026, 12, 12, 16, 30, tzinfo=UTC))
    assert not is_open(place, datetime(2026, 12, 12, 18, 30, tzinfo=UTC))
    assert is_open(place, datetime(2026, 12, 5, 18, 30, tzinfo=UTC))


def parse_windows_of(text: str) -> tuple[Window, ...]:
    return parse_weekly({"mon": [text]}).days[0]


def test_several_days_of_a_month_may_share_their_hours() -> None:
    assert parse_weekly({"1st, 3rd sat": ["09:00-12:00"]}) == parse_weekly(
        {"first sat": ["09:00-12:00"], "3rd saturday": ["09:00-12:00"]}
    )


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"2nd sat": [], "second saturday": []}, "2nd sat is given twice; keep one"),
        ({"4th fri": [], "last fri": []}, "4th fri and last fri can be the same day; keep one"),
        ({"last fri": [], "5th fri": []}, "last fri and 5th fri can be the same day; keep one"),
        ({"2nd mon-fri": ["08:00-17:00"]}, "'2nd mon-fri' is not a day of a month; write 2nd sat"),
        ({"6th sat": []}, "'6th sat' is not a day of a month"),
        ({"mon - fri": []}, "'mon - fri' is not a day or a range of days"),
        ({"1st fri": ["22:00-06:00"], "sat": ["05:00-09:00"]}, "starting fri 22:00 and sat 05:00 overlap"),
        ({"fri": ["22:00-06:00"], "2nd sat": ["05:00-09:00"]}, "starting fri 22:00 and sat 05:00 overlap"),
        ({"1st sun": ["22:00-06:00"], "mon": ["05:00-09:00"]}, "starting sun 22:00 and mon 05:00 overlap"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(written: dict[str, list[str]], words: str) -> None:
    with pytest.raises(HoursError, match=words):
        parse_weekly(written)


def test_nights_that_never_meet_may_overlap() -> None:
    parse_weekly({"1st fri": ["22:00-06:00"], "last sat": ["05:00-09:00"]})
    parse_weekly({"fri": ["22:00-06:00"], "1st sat": ["06:00-09:00"]})


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        ({"mon": ["12:00-12:30"]}, ()),
        ({"fri": ["12:00-12:30"]}, ()),
        ({"last fri": ["12:00-12:30"]}, ("last fri 12:00",)),
        ({"sat": ["10:00-10:15"]}, ()),
        ({"sat": ["12:00-12:15"]}, ("sat 12:00",)),
        ({"1st sat": ["10:00-10:15"]}, ("1st sat 10:00",)),
        ({"2nd sun": ["01:00-01:15"]}, ("2nd sun 01:00",)),
        ({"3rd sun": ["01:00-01:15"]}, ()),
    ],
)
def test_a_break_lies_within_the_shift_on_a_day_on_which_both_hold(
    breaks: dict[str, list[str]], found: tuple[str, ...]
) -> None:
    shift = parse_weekly(
        {"mon-fri": ["08:00-17:00"], "2nd sat": ["09:00-12:00"], "last fri": [], "3rd sat": ["22:00-02:00"]}
    )
    assert outside(parse_weekly(breaks), shift) == found


def test_a_place_says_why_and_until_when_on_a_day_of_a_month() -> None:
    weekly = parse_weekly({"mon-fri": ["08:00-17:00"], "2nd sat": ["09:00-12:00"], "last fri": []})
    place = Calendar(CHICAGO, weekly)
    opened = state(place, datetime(2026, 12, 12, 16, tzinfo=UTC))
    assert opened == OpenState(True, "open", datetime(2026, 12, 12, 18, tzinfo=UTC))
    shut = state(place, datetime(2026, 11, 27, 16, tzinfo=UTC))
    assert shut == OpenState(False, "closed", datetime(2026, 11, 30, 14, tzinfo=UTC))
