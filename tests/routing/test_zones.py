"""Wall clocks and instants. The second opinion is dateutil's own copy of the tz database, never pytz."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from dateutil.zoneinfo import get_zonefile_instance
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.zones import (
    ZoneError,
    known_zone,
    to_local,
    to_utc,
    tzdata_version,
)

ZONES = ("America/Chicago", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kolkata", "Europe/Dublin", "UTC")
WALLS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31))


def other_opinion(zone: str) -> tzinfo:
    found = get_zonefile_instance().get(zone)
    assert found is not None
    return found


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("wall", "zone", "first", "second"),
    [
        (datetime(2026, 11, 1, 1, 30), "America/Chicago", utc(2026, 11, 1, 6, 30), utc(2026, 11, 1, 7, 30)),
        (datetime(2026, 10, 29, 23, 30), "Africa/Cairo", utc(2026, 10, 29, 20, 30), utc(2026, 10, 29, 21, 30)),
        (datetime(2026, 4, 5, 1, 45), "Australia/Lord_Howe", utc(2026, 4, 4, 14, 45), utc(2026, 4, 4, 15, 15)),
        (datetime(2026, 10, 25, 1, 15), "Europe/Dublin", utc(2026, 10, 25, 0, 15), utc(2026, 10, 25, 1, 15)),
    ],
)
def test_a_repeated_wall_time_is_either_of_two_instants(
    wall: datetime, zone: str, first: datetime, second: datetime
) -> None:
    assert to_utc(wall, zone) == first
    assert to_utc(wall, zone, repeated="second") == second


@pytest.mark.parametrize(
    ("wall", "zone", "jump"),
    [
        (datetime(2026, 3, 8, 2, 0), "America/Chicago", utc(2026, 3, 8, 8)),
        (datetime(2026, 3, 8, 2, 30, 15, 250), "America/Chicago", utc(2026, 3, 8, 8)),
        (datetime(2026, 4, 24, 0, 30), "Africa/Cairo", utc(2026, 4, 23, 22)),
        (datetime(2026, 10, 4, 2, 10), "Australia/Lord_Howe", utc(2026, 10, 3, 15, 30)),
        (datetime(2011, 12, 30, 12, 0), "Pacific/Apia", utc(2011, 12, 30, 10)),
    ],
)
def test_a_missing_wall_time_is_the_instant_at_which_the_clock_jumps(wall: datetime, zone: str, jump: datetime) -> None:
    assert to_utc(wall, zone) == jump
    assert to_utc(wall, zone, repeated="second") == jump


def test_an_odd_wall_time_can_be_refused_with_the_mend() -> None:
    with pytest.raises(ZoneError, match=r"02:30 does not exist in America/Chicago.*give another time"):
        to_utc(datetime(2026, 3, 8, 2, 30), "America/Chicago", missing="refuse")
    with pytest.raises(ZoneError, match=r"01:30 happens twice in America/Chicago; say \(first\) or \(second\)"):
        to_utc(datetime(2026, 11, 1, 1, 30), "America/Chicago", repeated="refuse")
    plain = datetime(2026, 6, 1, 12)
    assert to_utc(plain, "Asia/Kolkata", missing="refuse", repeated="refuse") == utc(2026, 6, 1, 6, 30)


@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_local_time_agrees_with_a_second_opinion(at: datetime, zone: str) -> None:
    assert to_local(at, zone).replace(tzinfo=None) == at.astimezone(other_opinion(zone)).replace(tzinfo=None)


@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_an_instant_survives_the_way_to_the_wall_and_back(at: datetime, zone: str) -> None:
    wall = to_local(at, zone).replace(tzinfo=None)
    assert at in (to_utc(wall, zone), to_utc(wall, zone, repeated="second"))


@settings(deadline=None)
@given(WALLS, WALLS, st.sampled_from(ZONES), st.sampled_from(["first", "second"]))
def test_later_on_the_wall_is_never_earlier_in_time(one: datetime, other: datetime, zone: str, repeated: str) -> None:
    early, late = sorted((one, other))
    assert to_utc(early, zone, repeated=repeated) <= to_utc(late, zone, repeated=repeated)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", [datetime(2026, 3, 7), datetime(2026, 4, 4), datetime(2026, 10, 24)])
def test_every_quarter_hour_of_a_fortnight_round_trips(zone: str, start: datetime) -> None:
    for step in range(14 * 96):
        at = start.replace(tzinfo=UTC) + timedelta(minutes=15 * step)
        wall = to_local(at, zone).replace(tzinfo=None)
        assert at in (to_utc(wall, zone), to_utc(wall, zone, repeated="second"))


def test_an_unknown_zone_is_refused_with_a_near_one() -> None:
    assert known_zone("Asia/Manila")
    assert not known_zone("asia/manila")
    with pytest.raises(ZoneError, match="'America/Chigaco' is not a time zone; use an IANA name such as America/Chic"):
        to_local(utc(2026, 1, 1), "America/Chigaco")


def test_a_time_without_its_zone_or_with_one_too_many_is_refused() -> None:
    with pytest.raises(ZoneError, match="give it as UTC"):
        to_local(datetime(2026, 1, 1), "UTC")
    with pytest.raises(ZoneError, match="leave its tzinfo out"):
        to_utc(utc(2026, 1, 1), "UTC")


def test_the_tz_database_is_recent_enough_for_the_changes_of_2026() -> None:
    assert tzdata_version() >= "2026c"
    noon = utc(2026, 11, 22, 12)
    hours = [to_local(noon, zone).hour for zone in ("America/Vancouver", "America/Edmonton", "Africa/Casablanca")]
    assert hours == [5, 6, 12]
