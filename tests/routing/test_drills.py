"""Who is tested before a shift, when, and what follows from a ring in vain."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.drills import LATEST, Beginning, find_next_ring, is_at_risk, is_still_theirs, list_beginnings, list_to_test
from routing.rota import Override, Rota, on_call
from routing.rota_parts import DrillRule
from routing.zones import to_utc
from tests.routing import oracle
from tests.routing.rota_plans import any_plan, rota_of
from tests.routing.table import ZONES

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RULE = DrillRule(30 * MINUTE, 3, 10 * MINUTE)
CHICAGO = "America/Chicago"
NIGHTLY = Rota("nights", CHICAGO, "daily", ("", "01:30"), date(2026, 10, 1), ("lee", "okafor"), drill=RULE)
EIGHT = Rota("eight", CHICAGO, "daily", ("", "08:00"), date(2026, 10, 1), ("lee", "okafor"), drill=RULE)
NIGHTS = [(zone, at) for zone in ZONES for at in oracle.changes(zone, 2026, 2027)]


def utc(hour: int, minute: int = 0, *, day: int = 1) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def due(rota: Rota, at: datetime) -> list[Beginning]:
    return list_to_test(rota, at)


def test_a_shift_is_tested_from_half_an_hour_before_it_until_half_an_hour_after_it_began() -> None:
    begins = Beginning(on_call(EIGHT, utc(14, 1, day=5)), utc(14, day=5))
    assert due(EIGHT, utc(13, 29, day=5)) == []
    assert due(EIGHT, utc(13, 30, day=5)) == [begins]
    assert due(EIGHT, begins.start + LATEST - timedelta(seconds=1)) == [begins]
    assert due(EIGHT, begins.start + LATEST) == []


def test_a_rota_without_a_test_tests_nobody() -> None:
    assert due(Rota("eight", CHICAGO, "daily", ("", "08:00"), date(2026, 10, 1), ("lee", "okafor")), utc(14)) == []


def test_who_stays_on_call_is_not_tested() -> None:
    stays = Rota("one", CHICAGO, "daily", ("", "08:00"), date(2026, 10, 1), ("lee",), drill=RULE)
    assert [due(stays, utc(0) + minutes * MINUTE) for minutes in range(0, 4000, 7)] == [[]] * 572


def test_in_the_night_of_the_change_the_first_ring_is_half_an_hour_of_everybody_before_the_shift() -> None:
    """At half past one, which is shown twice on 1 November: whoever takes over has it from the first."""
    start = to_utc(datetime(2026, 11, 1, 1, 30), CHICAGO, repeated="first")
    assert start == utc(6, 30)
    (found,) = due(NIGHTLY, start - 30 * MINUTE)
    assert found.start == start
    assert due(NIGHTLY, start - 31 * MINUTE) == []
    assert due(NIGHTLY, start + HOUR) == []


def test_an_hour_that_is_missing_makes_no_shift_and_no_test_of_its_own() -> None:
    """At half past two, which is not shown on 14 March 2027."""
    rota = Rota("gap", CHICAGO, "daily", ("", "02:30"), date(2026, 10, 1), ("lee", "okafor"), drill=RULE)
    start = datetime(2027, 3, 14, 8, tzinfo=UTC)
    assert [one.start for one in list_beginnings(rota, start - 3 * HOUR, start + 3 * HOUR)] == [start]


def test_a_cover_made_just_before_the_shift_tests_who_stands_in() -> None:
    start = utc(14, day=5)
    covered = Rota(
        "eight", CHICAGO, "daily", ("", "08:00"), date(2026, 10, 1), ("lee", "okafor"),
        (Override(start - 2 * MINUTE, start + HOUR, "patel"),), drill=RULE,
    )  # fmt: skip
    before = next(one for one in due(EIGHT, start - 10 * MINUTE))
    assert [one.person for one in due(covered, start - MINUTE)] == ["patel"]
    assert not is_still_theirs(covered, before, start - MINUTE)
    assert is_still_theirs(EIGHT, before, start - MINUTE)
    # The rest of the shift is theirs again when the cover ends, and is tested as any.
    assert due(covered, start + HOUR - 30 * MINUTE) == [Beginning(before.person, start + HOUR)]


def test_a_cover_that_is_over_already_tests_only_whoever_has_the_shift_again() -> None:
    start = utc(14, day=5)
    ended = Rota(
        "eight", CHICAGO, "daily", ("", "08:00"), date(2026, 10, 1), ("lee", "okafor"),
        (Override(start + HOUR, start + HOUR + 5 * MINUTE, "patel"),), drill=RULE,
    )  # fmt: skip
    assert [one.person for one in due(ended, start + HOUR + 4 * MINUTE)] == ["patel", on_call(EIGHT, start)]
    assert due(ended, start + HOUR + 6 * MINUTE) == [Beginning(on_call(EIGHT, start), start + HOUR + 5 * MINUTE)]


def test_a_shift_that_is_over_is_theirs_no_more() -> None:
    begins = Beginning(on_call(EIGHT, utc(14, 1, day=5)), utc(14, day=5))
    assert is_still_theirs(EIGHT, begins, utc(13, 59, day=6))
    assert not is_still_theirs(EIGHT, begins, utc(14, day=6))


@pytest.mark.parametrize(
    ("missed", "at", "following"),
    [
        (1, utc(13, 30), utc(13, 40)),
        (2, utc(13, 40), utc(13, 50)),
        (3, utc(13, 50), utc(14)),
        (3, utc(14), None),
        (4, utc(14, 1), None),
        (2, utc(14, 20), utc(14, 30)),
    ],
)
def test_the_schedule_of_rings(missed: int, at: datetime, following: datetime | None) -> None:
    assert find_next_ring(RULE, utc(14), missed, at) == following


def test_the_shift_is_at_risk_after_the_last_try() -> None:
    assert [is_at_risk(RULE, missed) for missed in range(5)] == [False, False, False, True, True]


@settings(max_examples=25, deadline=None)
@given(
    st.builds(
        DrillRule,
        st.integers(2, 720).map(lambda minutes: minutes * MINUTE),
        st.integers(1, 10),
        st.integers(2, 60).map(lambda minutes: minutes * MINUTE),
    ),
    st.integers(0, 30),
)
def test_rings_are_bounded_and_each_comes_after_the_one_before(rule: DrillRule, late: int) -> None:
    start = utc(14)
    at: datetime | None = start - rule.before + late * MINUTE
    rung: list[datetime] = []
    while at is not None:
        rung.append(at)
        assert len(rung) <= rule.tries + 1
        at = find_next_ring(rule, start, len(rung), at)
    assert rung == sorted(set(rung))
    assert len(rung) >= rule.tries
    assert all(one <= max(start, rung[rule.tries - 1]) for one in rung)
    assert rung[-1] == start or rung[rule.tries - 1] >= start


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(NIGHTS))
def test_on_nights_of_change_each_shift_is_found_once_and_is_of_who_is_then_on_call(
    chance: random.Random, night: tuple[str, datetime]
) -> None:
    zone, at = night
    rota = rota_of(any_plan(chance, zone, at))
    since, until = at - 4 * HOUR, at + 4 * HOUR
    found = list(list_beginnings(rota, since, until))
    assert len({one.start for one in found}) == len(found)
    for one in found:
        assert on_call(rota, one.start) == one.person
        assert on_call(rota, one.start - timedelta(seconds=1)) != one.person
        assert is_still_theirs(rota, one, one.start - HOUR)
    changes = [
        (on_call(rota, since + number * MINUTE), since + number * MINUTE)
        for number in range(1, 481)
        if on_call(rota, since + number * MINUTE) != on_call(rota, since + (number - 1) * MINUTE)
    ]
    assert {(one.person, one.start) for one in found} >= set(changes)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(NIGHTS), st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
def test_every_minute_of_a_night_of_change_tests_each_shift_in_its_window(
    night: tuple[str, datetime], hour: int, minute: int
) -> None:
    zone, at = night
    rota = Rota("n", zone, "daily", ("", f"{hour:02}:{minute:02}"), date(2025, 10, 1), ("lee", "okafor"), drill=RULE)
    begins = list(list_beginnings(rota, at - 13 * HOUR, at + 13 * HOUR))
    assert begins
    for one in begins:
        for before in range(-29, 31, 6):
            assert one in list_to_test(rota, one.start - before * MINUTE)
        assert one not in list_to_test(rota, one.start - 31 * MINUTE)
        assert one not in list_to_test(rota, one.start + 30 * MINUTE)
