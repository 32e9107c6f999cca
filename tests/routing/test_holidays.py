"""Public holidays on the days they are kept, in the countries and parts of countries that keep them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import holidays
import pytest

from routing.holiday_rules import parts_with_more
from routing.hours import Calendar, HolidayRules, HoursError, is_open, parse_weekly, state
from routing.zones import to_utc

CHICAGO = "America/Chicago"
DAY = timedelta(days=1)
ALWAYS = parse_weekly({"mon-sun": ["00:00-24:00"]})


def at(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text), CHICAGO)


@pytest.mark.parametrize(
    ("calendar", "part", "day", "closed"),
    [
        ("US", None, "2026-07-03", True),
        ("US", None, "2026-07-04", True),
        ("US", None, "2027-12-24", True),
        ("US", None, "2028-01-01", True),
        ("US", "MA", "2027-04-19", True),
        ("US", "IL", "2027-04-19", False),
        ("DE", "BY", "2026-01-06", True),
        ("DE", "BE", "2026-01-06", False),
        ("GB", "SCT", "2026-11-30", True),
        ("GB", "ENG", "2026-11-30", False),
        ("ZA", None, "2027-03-22", True),
        ("CO", None, "2026-01-12", True),
        ("PH", None, "2026-06-12", True),
    ],
)
def test_a_holiday_closes_the_day_it_is_kept_where_it_is_kept(
    calendar: str, part: str | None, day: str, closed: bool
) -> None:
    always = Calendar(CHICAGO, ALWAYS, HolidayRules(calendar, part))
    assert is_open(always, at(f"{day}T12:00")) is not closed


@pytest.mark.parametrize(
    ("calendar", "name", "day"),
    [
        ("GB", "Christmas Day", "2027-12-27"),  # (observed)
        ("TH", "Constitution Day", "2028-12-11"),  # (in lieu)
        ("JE", "Christmas Day", "2027-12-27"),  # (substitute day)
        ("KR", "Liberation Day", "2026-08-17"),  # Alternative holiday for
        ("AO", "Christmas and Family Day", "2029-12-24"),  # Day off for
        ("JP", "Constitution Day", "2026-05-06"),  # Substitute Holiday
        ("RU", "New Year Holidays", "2026-01-09"),  # Day off (substituted from 01/03/2026)
    ],
)
def test_a_holiday_that_is_kept_on_another_day_counts_there_by_its_own_name(calendar: str, name: str, day: str) -> None:
    observed = Calendar(CHICAGO, ALWAYS, HolidayRules(calendar, None, (name,)))
    assert not is_open(observed, at(f"{day}T12:00"))


def test_a_country_that_keeps_some_holidays_in_parts_only_says_which() -> None:
    assert parts_with_more("GB") == ("ENG", "NIR", "SCT", "WLS")
    assert parts_with_more("PH") == ()
    with pytest.raises(HoursError, match="'Easter Monday' in parts only; add state: one of ENG, NIR, WLS"):
        HolidayRules("GB", None, ("Easter Monday",))


@pytest.mark.parametrize("calendar", ["US", "PH", "ZA", "CO", "IN", "MX", "BG", "EG", "GB", "JM", "DO"])
def test_every_holiday_of_two_years_closes_its_day_and_no_other(calendar: str) -> None:
    kept = holidays.country_holidays(calendar, years=[2026, 2027])
    place = Calendar(CHICAGO, ALWAYS, HolidayRules(calendar))
    day = date(2026, 1, 1)
    while day < date(2028, 1, 1):
        found = state(place, at(f"{day}T12:00"))
        assert (found.open, found.reason) == ((False, "holiday") if day in kept else (True, "open")), day
        day += DAY
