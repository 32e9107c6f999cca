"""Who is on call, across every change of the clocks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.rota import Override, Rota, RotaError, Turn, next_on_call, on_call, turns
from routing.zones import ZoneError, to_local, to_utc

CHICAGO = "America/Chicago"
WEEKLY = Rota("maple", CHICAGO, "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor"))
DAILY = Rota("maple", CHICAGO, "daily", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor", "patel"))


def at(text: str, zone: str = CHICAGO) -> datetime:
    return to_utc(datetime.fromisoformat(text), zone, missing="refuse", repeated="refuse")


def test_a_weekly_rota_hands_over_at_its_wall_time() -> None:
    moments = ["2026-10-05T08:00", "2026-10-12T07:59", "2026-10-12T08:00", "2026-10-19T08:00"]
    assert [on_call(WEEKLY, at(moment)) for moment in moments] == ["lee", "lee", "okafor", "lee"]


def test_a_hand_over_keeps_its_wall_time_when_the_clocks_change() -> None:
    found = turns(WEEKLY, at("2026-10-26T08:00"), at("2026-11-09T08:00"))
    assert found == (
        Turn(at("2026-10-26T08:00"), at("2026-11-02T08:00"), "okafor"),
        Turn(at("2026-11-02T08:00"), at("2026-11-09T08:00"), "lee"),
    )
    assert found[0].end - found[0].start == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("zone", "hand_over", "day", "instant"),
    [
        (CHICAGO, "01:30", date(2026, 11, 1), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        (CHICAGO, "02:30", date(2026, 3, 8), datetime(2026, 3, 8, 8, tzinfo=UTC)),
        ("Africa/Cairo", "00:00", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("Africa/Cairo", "23:30", date(2026, 10, 29), datetime(2026, 10, 29, 20, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", "01:45", date(2026, 4, 5), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        ("Asia/Kolkata", "08:00", date(2026, 11, 1), datetime(2026, 11, 1, 2, 30, tzinfo=UTC)),
        ("America/St_Johns", "00:00", date(2010, 11, 7), datetime(2010, 11, 7, 2, 30, tzinfo=UTC)),
    ],
)
def test_a_hand_over_in_an_odd_hour_happens_once(zone: str, hand_over: str, day: date, instant: datetime) -> None:
    rota = Rota("odd", zone, "daily", ("mon", hand_over), day - timedelta(days=2), ("lee", "okafor"))
    around = turns(rota, instant - timedelta(hours=6), instant + timedelta(hours=6))
    assert [(turn.start, turn.person) for turn in around[1:]] == [(instant, "lee")]
    swept = [on_call(rota, instant + timedelta(minutes=step)) for step in range(-360, 360)]
    assert swept == ["okafor"] * 360 + ["lee"] * 360


def test_the_first_turn_holds_the_starting_date_and_everything_before() -> None:
    midweek = Rota("maple", CHICAGO, "weekly", ("mon", "08:00"), date(2026, 10, 7), ("lee", "okafor"))
    assert [on_call(midweek, at(day)) for day in ("2020-01-01T00:00", "2026-10-06T00:00", "2026-10-12T07:59")] == [
        "lee"
    ] * 3
    assert on_call(midweek, at("2026-10-12T08:00")) == "okafor"


def test_nobody_hands_over_to_whoever_has_the_first_turn() -> None:
    found = turns(DAILY, at("2026-10-02T12:00"), at("2026-10-06T12:00"))
    assert [(turn.start, turn.person) for turn in found[1:]] == [(at("2026-10-06T08:00"), "okafor")]


def test_without_rotation_the_first_person_stays() -> None:
    rota = Rota("solo", CHICAGO, "none", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor"))
    assert {on_call(rota, at(f"2026-{month:02}-15T12:00")) for month in range(1, 13)} == {"lee"}
    assert next_on_call(rota, at("2026-10-05T12:00")) == "okafor"
    assert len(turns(rota, at("2026-10-05T12:00"), at("2027-10-05T12:00"))) == 1


def test_an_override_beats_the_rotation_between_its_times() -> None:
    cover = Override(datetime(2026, 10, 7, 18), datetime(2026, 10, 8, 6), "patel")
    rota = Rota("maple", CHICAGO, "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor"), (cover,))
    found = turns(rota, at("2026-10-05T08:00"), at("2026-10-12T08:00"))
    assert [turn.person for turn in found] == ["lee", "patel", "lee"]
    assert (found[1].start, found[1].end) == (at("2026-10-07T18:00"), at("2026-10-08T06:00"))


def test_the_next_person_knows_of_the_override_now_in_force() -> None:
    cover = Override(at("2026-10-07T18:00"), at("2026-10-08T06:00"), "okafor")
    rota = Rota("maple", CHICAGO, "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor", "patel"), (cover,))
    assert next_on_call(rota, at("2026-10-07T12:00")) == "okafor"
    assert next_on_call(rota, at("2026-10-07T20:00")) == "patel"


NIGHT_ROTA = Rota("odd", CHICAGO, "daily", ("mon", "01:30"), date(2026, 10, 30), ("lee", "okafor", "patel"))
FIRST_HALF_PAST, SECOND_HALF_PAST = (datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (6, 7))
MOMENT = timedelta(microseconds=1)


def test_whoever_takes_over_in_the_repeated_hour_does_so_once_and_the_one_relieved_is_next_until_it_ends() -> None:
    moments = [FIRST_HALF_PAST - MOMENT, FIRST_HALF_PAST, SECOND_HALF_PAST - MOMENT, SECOND_HALF_PAST]
    assert [(on_call(NIGHT_ROTA, moment), next_on_call(NIGHT_ROTA, moment)) for moment in moments] == [
        ("okafor", "patel"),
        ("patel", "okafor"),
        ("patel", "okafor"),
        ("patel", "lee"),
    ]


def test_on_any_other_night_the_next_in_line_is_the_next_in_the_rotation_at_once() -> None:
    hand_over = at("2026-11-02T01:30")
    assert (on_call(NIGHT_ROTA, hand_over), next_on_call(NIGHT_ROTA, hand_over)) == ("lee", "okafor")


def test_an_override_lasts_to_the_second_time_its_end_is_shown_and_the_one_that_follows_begins_at_the_first() -> None:
    one = Override(datetime(2026, 10, 31, 20), datetime(2026, 11, 1, 1, 30), "cruz")
    other = Override(datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 6), "diaz")
    rota = Rota("maple", CHICAGO, "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor"), (one,))
    moments = [FIRST_HALF_PAST, SECOND_HALF_PAST - MOMENT, SECOND_HALF_PAST]
    assert [on_call(rota, moment) for moment in moments] == ["cruz", "cruz", "okafor"]
    assert [next_on_call(rota, moment) for moment in moments] == ["okafor", "okafor", "lee"]
    followed = Rota("maple", CHICAGO, "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor"), (other, one))
    assert [on_call(followed, moment) for moment in moments] == ["diaz", "diaz", "diaz"]
    assert on_call(followed, FIRST_HALF_PAST - MOMENT) == "cruz"
    assert [next_on_call(followed, moment) for moment in moments] == ["cruz", "cruz", "lee"]


def test_a_covered_colleague_is_not_next_only_because_a_cover_ends_in_the_repeated_hour() -> None:
    cover = Override(datetime(2026, 10, 31, 1, 30), datetime(2026, 11, 1, 1, 30), "cruz")
    rota = replace(NIGHT_ROTA, overrides=(cover,))
    moments = [FIRST_HALF_PAST, SECOND_HALF_PAST - MOMENT, SECOND_HALF_PAST]
    assert [(on_call(rota, moment), next_on_call(rota, moment)) for moment in moments] == [
        ("cruz", "patel"),
        ("cruz", "patel"),
        ("patel", "lee"),
    ]


def test_the_person_being_covered_for_is_still_better_than_nobody() -> None:
    cover = Override(datetime(2026, 10, 7, 18), datetime(2026, 10, 8, 6), "okafor")
    rota = Rota("maple", CHICAGO, "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor"), (cover,))
    assert next_on_call(rota, at("2026-10-07T20:00")) == "lee"


def test_a_rota_of_one_has_nobody_next() -> None:
    solo = Rota("solo", CHICAGO, "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee",))
    assert next_on_call(solo, at("2026-10-07T20:00")) is None


def rotas() -> st.SearchStrategy[Rota]:
    zone = st.sampled_from([CHICAGO, "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kolkata"])
    clock = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
    hand_over = st.tuples(st.sampled_from(["mon", "wed", "sun"]), clock)
    starts = st.dates(date(2026, 1, 1), date(2026, 12, 1))
    people = st.lists(st.sampled_from(["lee", "okafor", "patel", "cruz"]), min_size=1, max_size=4, unique=True)
    covers = st.integers(1, 300).map(lambda day: (_cover(day),)) | st.just(())
    rotation = st.sampled_from(["weekly", "daily", "none"])
    return st.builds(Rota, st.just("any"), zone, rotation, hand_over, starts, people.map(tuple), covers)


def _cover(day: int) -> Override:
    start = datetime(2026, 1, 1, 1, 30) + timedelta(days=day)
    return Override(start, start + timedelta(hours=30), "locum")


@settings(max_examples=80, deadline=None)
@given(rotas(), st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)), st.integers(1, 40))
def test_turns_leave_no_gap_and_agree_with_who_is_on_call(rota: Rota, start: datetime, days: int) -> None:
    end = start + timedelta(days=days)
    found = turns(rota, start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    assert all(one.end == other.start and one.start < one.end for one, other in pairwise(found))
    for turn in found:
        inside = (turn.start, turn.start + (turn.end - turn.start) / 2, turn.end - timedelta(microseconds=1))
        assert {on_call(rota, moment) for moment in inside} == {turn.person}
        assert next_on_call(rota, turn.start) not in (turn.person,)


@settings(max_examples=30, deadline=None)
@given(rotas())
def test_a_daily_hand_over_happens_once_on_every_local_day(rota: Rota) -> None:
    if rota.rotation != "daily" or len(rota.people) < 2:
        rota = DAILY
    after = to_utc(datetime(2027, 1, 1, 12), rota.zone)
    found = turns(rota, after, after + timedelta(days=400))
    by_day = Counter(to_local(turn.start, rota.zone).date() for turn in found[1:])
    assert set(by_day.values()) == {1}
    assert max(by_day) - min(by_day) == timedelta(days=len(by_day) - 1)


def test_an_empty_stretch_has_no_turns() -> None:
    assert turns(WEEKLY, at("2026-10-05T08:00"), at("2026-10-05T08:00")) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": ()}, "rota maple has nobody in it; name at least one person"),
        (
            {"rotation": "yearly"},
            "rota maple: rotation 'yearly' is unknown; use weekly, daily, hourly",
        ),
        ({"hand_over": ("monday", "08:00")}, "rota maple: hand-over: 'monday' is not a day"),
        ({"hand_over": ("mon", "8am")}, "rota maple: hand-over: '8am' is not a time of day"),
        ({"hand_over": ("mon", "24:00")}, "rota maple: hand-over: '24:00' is not a time of day"),
        (
            {"overrides": (Override(datetime(2026, 1, 2), datetime(2026, 1, 1), "patel"),)},
            "rota maple: the override by patel ends before it begins; swap its times",
        ),
    ],
)
def test_a_rota_that_makes_no_sense_is_refused_by_name_and_mend(change: dict[str, object], message: str) -> None:
    values = {
        "id": "maple",
        "zone": CHICAGO,
        "rotation": "weekly",
        "hand_over": ("mon", "08:00"),
        "starts": date(2026, 10, 5),
        "people": ("lee",),
    }
    with pytest.raises(RotaError, match=message):
        Rota(**(values | change))  # type: ignore[arg-type]


def test_a_rota_needs_a_real_zone() -> None:
    with pytest.raises(ZoneError, match="rota maple: 'Chicago' is not a time zone"):
        Rota("maple", "Chicago", "daily", ("mon", "08:00"), date(2026, 10, 5), ("lee",))
