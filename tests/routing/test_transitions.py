"""Every change of the clocks of 2026 and 2027, in every zone of the table, half a minute at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from routing.hours import Calendar, WeeklyHours, Window, is_open, open_spans
from routing.shifts import depth
from routing.zones import ZoneError, occurrences, to_local, to_utc, transitions
from tests.routing import oracle
from tests.routing.table import ODD, TABLE, ZONES, Row

HALF_MINUTE, HOUR, DAY = timedelta(seconds=30), timedelta(hours=1), timedelta(days=1)
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
CHANGES = [(zone, change) for zone in ZONES for change in oracle.changes(zone, 2026, 2027)]
NAMES = [f"{zone} {change:%Y-%m-%d}" for zone, change in CHANGES]
every_change = pytest.mark.parametrize(("zone", "change"), CHANGES, ids=NAMES)
JUMPS = [
    one for one in CHANGES if oracle.shown(one[1], one[0]) > oracle.shown(one[1] - HALF_MINUTE, one[0]) + HALF_MINUTE
]
NIGHT = Window(22 * 60, 30 * 60)


def sweep(change: datetime, hours: int) -> Iterator[datetime]:
    """Every half minute from so many hours before to as many after."""
    at = change - hours * HOUR
    while at <= change + hours * HOUR:
        yield at
        at += HALF_MINUTE


@pytest.mark.parametrize("zone", ZONES)
def test_routing_finds_the_changes_that_are_there(zone: str) -> None:
    assert transitions(zone, START, END) == oracle.changes(zone, 2026, 2027)


def test_there_is_something_to_sweep() -> None:
    assert len(CHANGES) > 60


@every_change
def test_clocks_show_the_same_around_a_change_as_by_a_second_opinion(zone: str, change: datetime) -> None:
    for at in sweep(change, 3):
        assert to_local(at, zone).replace(tzinfo=None) == oracle.shown(at, zone)


@every_change
def test_every_time_shown_around_a_change_means_the_instants_at_which_it_is_shown(zone: str, change: datetime) -> None:
    seen: dict[datetime, list[datetime]] = {}
    for at in sweep(change, 3):
        seen.setdefault(oracle.shown(at, zone), []).append(at)
    for wall, instants in seen.items():
        if abs(instants[0] - change) < HOUR:
            assert occurrences(wall, zone) == tuple(instants)
            assert (to_utc(wall, zone), to_utc(wall, zone, repeated="second")) == (instants[0], instants[-1])


@pytest.mark.parametrize(("zone", "change"), JUMPS, ids=[f"{zone} {change:%Y-%m-%d}" for zone, change in JUMPS])
def test_every_time_that_is_jumped_over_means_the_instant_of_the_jump(zone: str, change: datetime) -> None:
    before, after = oracle.shown(change - HALF_MINUTE, zone) + HALF_MINUTE, oracle.shown(change, zone)
    wall = before
    while wall < after:
        assert occurrences(wall, zone) == ()
        assert to_utc(wall, zone) == to_utc(wall, zone, repeated="second") == change
        with pytest.raises(ZoneError, match="does not exist"):
            to_utc(wall, zone, missing="refuse")
        wall += HALF_MINUTE


@every_change
def test_a_night_shift_over_a_change_is_open_between_its_times_and_never_has_a_gap(zone: str, change: datetime) -> None:
    always = Calendar(zone, WeeklyHours(((NIGHT, Window(6 * 60, 22 * 60)),) * 7))
    night = Calendar(zone, WeeklyHours(((NIGHT,),) * 7))
    for at in sweep(change, 10):
        wall = oracle.shown(at, zone)
        assert is_open(always, at)
        assert is_open(night, at) == (wall.hour >= 22 or wall.hour < 6), at


@every_change
def test_shifts_that_hand_over_in_the_odd_hour_overlap_and_never_gap(zone: str, change: datetime) -> None:
    shown = oracle.shown(change - HOUR, zone), oracle.shown(change, zone)
    for minute in {wall.hour * 60 + wall.minute + late for wall in shown for late in (0, 15, 30, 45)}:
        cut = minute % 1440
        early = Calendar(zone, WeeklyHours(((Window((cut - 480) % 1440, (cut - 480) % 1440 + 480),),) * 7))
        late = Calendar(zone, WeeklyHours(((Window(cut, cut + 480),),) * 7))
        at_work = [(is_open(early, at), is_open(late, at)) for at in sweep(change, 3)]
        assert all(one or other for one, other in at_work)


@every_change
def test_a_shift_over_a_change_is_as_deep_as_it_has_lasted(zone: str, change: datetime) -> None:
    night = Calendar(zone, WeeklyHours(((Window(18 * 60, 36 * 60),),) * 7))
    (here,) = [span for span in open_spans(night, change - DAY, change + DAY) if span.start <= change < span.end]
    found = depth(night, change)
    assert found is not None
    assert (found.since, found.left) == (change - here.start, here.end - change)
    assert found.to_edge == min(found.since, found.left)
    assert found.share == found.since / (here.end - here.start)


@pytest.mark.parametrize("row", TABLE, ids=[row.zone for row in TABLE])
def test_the_zones_of_the_table_keep_the_hours_and_days_it_says(row: Row) -> None:
    january, july = (offset(datetime(2026, month, 15, tzinfo=UTC), row.zone) for month in (1, 7))
    assert (january, july) == (row.winter, row.winter if row.summer is None else row.summer)
    days = tuple(
        (oracle.shown(change - HALF_MINUTE, row.zone) + HALF_MINUTE).date().isoformat()
        for change in transitions(row.zone, START, datetime(2027, 1, 1, tzinfo=UTC))
    )
    assert days == tuple(midnight_is_the_day_before(day, row) for day in row.changes or ())


def midnight_is_the_day_before(day: str, row: Row) -> str:
    """Cairo goes back at 24:00 of its Thursday, which is 00:00 of the Friday."""
    cairo = row.zone == "Africa/Cairo" and day == "2026-10-29"
    return (date.fromisoformat(day) + timedelta(days=cairo)).isoformat()


def offset(at: datetime, zone: str) -> float:
    """Hours from UTC."""
    distance = to_local(at, zone).utcoffset()
    assert distance is not None
    return distance / HOUR


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "before", "since", "hours"),
    [
        ("America/Vancouver", noon(2026, 1, 15), noon(2026, 11, 22), (-8, -7)),
        ("America/Edmonton", noon(2026, 1, 15), noon(2026, 11, 22), (-7, -6)),
        ("America/Yellowknife", noon(2026, 1, 15), noon(2026, 11, 22), (-7, -6)),
        ("Africa/Casablanca", noon(2026, 9, 19), noon(2026, 9, 21), (1, 0)),
        ("America/Asuncion", noon(2024, 7, 15), noon(2026, 7, 15), (-4, -3)),
        ("Asia/Amman", noon(2022, 1, 15), noon(2026, 1, 15), (2, 3)),
        ("Asia/Damascus", noon(2022, 1, 15), noon(2026, 1, 15), (2, 3)),
        ("America/Mexico_City", noon(2022, 7, 15), noon(2026, 7, 15), (-5, -6)),
        ("Asia/Almaty", noon(2024, 1, 15), noon(2026, 1, 15), (6, 5)),
        ("America/Nuuk", noon(2023, 1, 15), noon(2026, 1, 15), (-3, -2)),
        ("America/Coyhaique", noon(2024, 7, 15), noon(2026, 7, 15), (-4, -3)),
    ],
)
def test_a_country_that_changed_its_rules_has_them_changed(
    zone: str, before: datetime, since: datetime, hours: tuple[float, float]
) -> None:
    assert (offset(before, zone), offset(since, zone)) == hours


@pytest.mark.parametrize("zone", ["America/Vancouver", "America/Edmonton", "America/Yellowknife", "Africa/Casablanca"])
def test_a_zone_that_gave_up_changing_does_not_change_again(zone: str) -> None:
    assert transitions(zone, datetime(2026, 10, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)) == ()


def test_lebanon_changed_when_everybody_did_after_all() -> None:
    spring = datetime(2023, 3, 20, tzinfo=UTC)
    (change,) = transitions("Asia/Beirut", spring, spring + timedelta(days=20))
    assert to_local(change, "Asia/Beirut").date() == date(2023, 3, 26)


def test_gaza_changes_by_the_moon_as_well() -> None:
    years = [datetime(year, 1, 1, tzinfo=UTC) for year in (2025, 2026, 2027)]
    found = [transitions("Asia/Gaza", one, other) for one, other in pairwise(years)]
    assert all(len(changes) >= 2 for changes in found)


def test_lord_howe_changes_by_half_an_hour() -> None:
    january, july = (offset(noon(2026, month, 15), "Australia/Lord_Howe") for month in (1, 7))
    assert (january, july) == (11, 10.5)


def test_no_day_of_2026_or_2027_is_missing_anywhere_in_the_table() -> None:
    for zone in ZONES:
        days = {to_local(START + step * HOUR, zone).date() for step in range(0, 730 * 24, 12)}
        assert len(days) >= (max(days) - min(days)).days + 1


def test_the_thirtieth_of_december_2011_did_not_exist_in_samoa() -> None:
    office = Calendar("Pacific/Apia", WeeklyHours(((Window(9 * 60, 17 * 60),),) * 7))
    eve = datetime(2011, 12, 29, 6, tzinfo=UTC)
    opened = [to_local(span.start, "Pacific/Apia").isoformat() for span in open_spans(office, eve, eve + 2 * DAY)]
    assert opened == ["2011-12-29T09:00:00-10:00", "2011-12-31T09:00:00+14:00"]
    assert occurrences(datetime(2011, 12, 30, 12), "Pacific/Apia") == ()


def test_a_night_shift_of_samoa_into_the_missing_day_goes_on_after_it() -> None:
    night = Calendar("Pacific/Apia", WeeklyHours(((Window(22 * 60, 30 * 60),),) * 7))
    jump = datetime(2011, 12, 30, 10, tzinfo=UTC)
    (around,) = [span for span in open_spans(night, jump - 6 * HOUR, jump + 12 * HOUR) if span.start < jump < span.end]
    assert (around.start, around.end) == (jump - 2 * HOUR, jump + 6 * HOUR)


@pytest.mark.parametrize(
    ("zone", "minute"),
    [("Asia/Kolkata", 30), ("Asia/Kathmandu", 15), ("America/St_Johns", 30), ("Pacific/Chatham", 15)],
)
def test_hours_that_begin_on_the_hour_begin_at_an_odd_minute_elsewhere(zone: str, minute: int) -> None:
    office = Calendar(zone, WeeklyHours(((Window(8 * 60, 12 * 60),),) * 7))
    spans = list(open_spans(office, START, START + 366 * DAY))
    assert {span.start.minute for span in spans[1:]} == {minute}
    assert len(spans) >= 366


def test_the_odd_zones_are_odd() -> None:
    assert set(ODD) - {zone for zone, _ in CHANGES} == {"Asia/Kathmandu"}
