"""When it will next be a weekday and a time of day somewhere: every zone, every odd hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonesim.errors import PhonesimError
from phonesim.page.moments import WEEKDAYS, next_moment

ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("posix", "right", "Etc")))
CHICAGO = "America/Chicago"
WEEK = timedelta(days=7)

instants = st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 1), timezones=st.just(UTC))
clocks = st.times().map(lambda time: f"{time:%H:%M}")


def shown(at: datetime, zone: str) -> tuple[str, str]:
    local = at.astimezone(ZoneInfo(zone))
    return WEEKDAYS[local.weekday()], f"{local:%H:%M}"


@given(instants, st.sampled_from(WEEKDAYS), clocks, st.sampled_from(ZONES))
def test_it_is_the_first_instant_that_shows_the_day_and_time_or_the_jump_over_it(
    after: datetime, weekday: str, clock: str, zone: str
) -> None:
    found = next_moment(after, weekday, clock, zone)
    assert after < found <= after + 3 * WEEK
    if shown(found, zone) != (weekday, clock):
        before, now = (at.astimezone(ZoneInfo(zone)) for at in (found - timedelta(seconds=1), found))
        assert now.utcoffset() != before.utcoffset()
        assert now.replace(tzinfo=None) - before.replace(tzinfo=None) > timedelta(seconds=1)


@given(instants, st.sampled_from(WEEKDAYS), clocks, st.sampled_from(ZONES))
def test_no_earlier_minute_shows_it_but_a_second_coming_of_the_hour(
    after: datetime, weekday: str, clock: str, zone: str
) -> None:
    found = next_moment(after, weekday, clock, zone)
    earlier = found - WEEK
    while earlier < found - timedelta(hours=3):
        earlier += timedelta(hours=1)
        if earlier > after and shown(earlier, zone) == (weekday, clock):
            again = earlier.astimezone(ZoneInfo(zone))
            assert again.fold == 1


@pytest.mark.parametrize(
    ("after", "weekday", "clock", "zone", "found"),
    [
        ("2026-11-24T07:00", "sun", "02:00", CHICAGO, "2026-11-29T08:00"),
        ("2026-11-29T08:00", "sun", "02:00", CHICAGO, "2026-12-06T08:00"),
        ("2026-11-29T07:59", "sun", "02:00", CHICAGO, "2026-11-29T08:00"),
        ("2026-03-02T00:00", "sun", "02:30", CHICAGO, "2026-03-08T08:00"),
        ("2026-10-27T00:00", "sun", "01:30", CHICAGO, "2026-11-01T06:30"),
        ("2026-11-01T06:45", "sun", "01:30", CHICAGO, "2026-11-08T07:30"),
        ("2026-10-01T00:00", "sun", "02:15", "Australia/Lord_Howe", "2026-10-03T15:30"),
        ("2011-12-24T00:00", "fri", "12:00", "Pacific/Apia", "2011-12-30T10:00"),
    ],
    ids=[
        "next Sunday", "now does not count", "a minute before", "a missing hour is the jump",
        "a repeated hour is its first",
        "between both comings it is next week's", "half an hour is missing", "a whole day is missing",
    ],
)  # fmt: skip
def test_some_moments(after: str, weekday: str, clock: str, zone: str, found: str) -> None:
    start = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_moment(start, weekday, clock, zone) == datetime.fromisoformat(found).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekday", "clock", "zone", "words"),
    [
        ("someday", "02:00", CHICAGO, "'someday' is not a weekday"),
        ("sun", "25:00", CHICAGO, "'25:00' is not a time of day"),
        ("sun", "02:00", "Mars/Olympus", "'Mars/Olympus' is not a time zone"),
        ("sun", "02:00", "../etc/passwd", "is not a time zone"),
        ("sun", "02:00", "", "is not a time zone"),
    ],
)
def test_a_wrong_moment_is_met_with_a_clear_word(weekday: str, clock: str, zone: str, words: str) -> None:
    with pytest.raises(PhonesimError, match=words):
        next_moment(datetime(2026, 11, 1, tzinfo=UTC), weekday, clock, zone)
