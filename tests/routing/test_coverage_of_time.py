"""Is somebody awake, at every instant?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.agents import Agent, Licence, Need
from routing.coverage import Headcount, awake, during, gaps, headcounts
from routing.eligible import is_eligible
from routing.hours import parse_weekly
from routing.mending import mends
from routing.sites import Pool, Site
from routing.spans import Span

NurseMaker = Callable[..., Agent]
SUN = ("manila", "cape-town", "bogota")
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
TRIAGE = Need("maple", "nurse", "triage_rn")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_the_pools_awake_follow_the_sun(pools: Mapping[str, Pool]) -> None:
    found = {hour: awake(pools.values(), NOVEMBER + timedelta(hours=hour)) for hour in (1, 7, 12, 20)}
    assert found == {1: ("manila",), 7: ("manila", "cape-town"), 12: ("cape-town", "bogota"), 20: ("bogota",)}


def test_three_pools_leave_no_gap_in_a_year(nurse: NurseMaker) -> None:
    team = [nurse(pool, pool) for pool in SUN]
    assert gaps(team, TRIAGE, NOVEMBER, NOVEMBER + YEAR) == ()


def test_a_missing_pool_is_a_gap_of_its_own_hours_every_day(nurse: NurseMaker) -> None:
    team = [nurse(pool, pool) for pool in ("cape-town", "bogota")]
    assert gaps(team, TRIAGE, NOVEMBER, NOVEMBER + timedelta(days=2)) == (
        (utc(2026, 11, 1), utc(2026, 11, 1, 5)),
        (utc(2026, 11, 1, 23), utc(2026, 11, 2, 5)),
        (utc(2026, 11, 2, 23), utc(2026, 11, 3)),
    )


def test_a_licence_that_runs_out_opens_a_gap_to_the_end(nurse: NurseMaker) -> None:
    licences = (Licence("RN", "IL", date(2027, 5, 31)),)
    team = [nurse(pool, pool, licences=licences) for pool in SUN]
    need = replace(TRIAGE, licensed_kind="RN", patient_state="IL")
    end = NOVEMBER + YEAR
    assert gaps(team, need, NOVEMBER, end) == ((utc(2027, 6, 1), end),)


def test_training_that_runs_out_during_a_shift_opens_a_gap_at_local_midnight(nurse: NurseMaker) -> None:
    need = replace(TRIAGE, pools=("manila",))
    joy = nurse(trained_until=date(2026, 11, 2))
    end = NOVEMBER + timedelta(days=3)
    assert gaps([joy], need, utc(2026, 11, 2, 23), end) == ((utc(2026, 11, 2, 23), end),)
    assert gaps([joy], need, utc(2026, 11, 2, 0), utc(2026, 11, 2, 11)) == ()


def test_nobody_at_all_is_one_long_gap() -> None:
    assert gaps([], TRIAGE, NOVEMBER, NOVEMBER + YEAR) == ((NOVEMBER, NOVEMBER + YEAR),)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([*SUN, "front-desk"]), max_size=3, unique=True),
    st.sampled_from([date(2026, 10, 6), date(2026, 11, 3), date(2026, 11, 28)]),
    st.sampled_from([timedelta(), timedelta(minutes=30)]),
    st.sampled_from([utc(2026, 10, 30), utc(2026, 11, 25), utc(2026, 3, 6, 12)]),
)
def test_gaps_are_exactly_the_quarter_hours_without_anybody(
    nurse: NurseMaker, where: list[str], expires: date, margin: timedelta, start: datetime
) -> None:
    team = [nurse(pool, pool, licences=(Licence("RN", "IL", expires),), trained_until=expires) for pool in where]
    need = replace(TRIAGE, licensed_kind="RN", patient_state="IL", edge_margin=margin)
    found = gaps(team, need, start, start + timedelta(days=5))
    for quarter in range(5 * 96):
        at = start + quarter * timedelta(minutes=15)
        alone = not any(is_eligible(agent, need, at) for agent in team)
        assert alone == any(one <= at < other for one, other in found)


BREAK = parse_weekly({"mon-fri": ["12:00-12:30"]})
NIGHT = parse_weekly({"mon-sun": ["22:00-06:00"]})
ZONES = ("America/Chicago", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/London")
NIGHTS_OF_CHANGE = [utc(2026, 10, 24), utc(2026, 10, 31), utc(2026, 10, 2), utc(2027, 3, 13), utc(2027, 3, 27)]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(ZONES), st.booleans(), st.booleans(), st.integers(0, 3)), max_size=6),
    st.sampled_from(NIGHTS_OF_CHANGE),
    st.sampled_from([date(2026, 10, 25), date(2026, 11, 1), date(2027, 12, 1)]),
)
def test_the_number_awake_equals_a_count_of_heads_every_five_minutes(
    nurse: NurseMaker, who: list[tuple[str, bool, bool, int]], start: datetime, expires: date
) -> None:
    team = []
    for number, (zone, at_night, expiring, language) in enumerate(who):
        pool = Pool(
            zone, Site("site", zone, "US", "IL"), NIGHT if at_night else parse_weekly({"mon-fri": ["08:00-17:00"]})
        )
        team.append(
            replace(
                nurse(str(number)),
                pool=pool,
                breaks=None if at_night else BREAK,
                trained_until=expires if expiring else None,
                languages=frozenset({"en-US"} if language else {"es-US"}),
            )
        )
    end = start + timedelta(days=3)
    counted = headcounts(team, TRIAGE, start, end)
    assert [counted[0].start, counted[-1].end] == [start, end]
    assert all(one.end == other.start and one.people != other.people for one, other in pairwise(counted))
    for step in range(3 * 288):
        at = start + step * timedelta(minutes=5)
        (here,) = [one.people for one in counted if one.start <= at < one.end]
        assert here == sum(is_eligible(agent, TRIAGE, at) for agent in team)


def test_two_are_asked_for_and_a_break_leaves_one(nurse: NurseMaker) -> None:
    team = [nurse("joy"), nurse("carmela", breaks=BREAK)]
    monday = utc(2026, 11, 2)
    assert gaps(team, TRIAGE, monday, monday + timedelta(hours=8), people=2) == (
        (utc(2026, 11, 2, 4), utc(2026, 11, 2, 4, 30)),
    )
    assert gaps(team, TRIAGE, monday, monday + timedelta(hours=8)) == ()


def test_an_empty_stretch_of_time_has_nobody_to_count() -> None:
    assert headcounts([], TRIAGE, NOVEMBER, NOVEMBER) == ()


def test_the_quickest_mend_comes_first_and_a_policy_is_none(nurse: NurseMaker) -> None:
    need = replace(TRIAGE, licensed_kind="RN", patient_state="IL", agents_outside_us=True)
    at = utc(2026, 11, 2, 2, 30)
    team = [
        nurse("joy", licences=()),
        nurse("carmela", trained_until=date(2026, 10, 1)),
        nurse("benjie", languages=frozenset({"fil"})),
        nurse("ana", skills={"triage_rn": 0}),
        nurse("valentina", "bogota"),
        nurse("thandi", "cape-town"),
        nurse("nobody", "cape-town", licences=(), skills={}),
    ]
    found = [(mend.lack, mend.pool.id, mend.agents) for mend in mends(team, need, at)]
    assert found == [
        ("licence", "manila", ("joy",)),
        ("training", "manila", ("carmela",)),
        ("not-in-shift", "cape-town", ("thandi",)),
        ("not-in-shift", "bogota", ("valentina",)),
        ("language", "manila", ("benjie",)),
        ("skill", "manila", ("ana",)),
    ]
    assert mends(team, replace(need, agents_outside_us=False), at) == ()


@pytest.mark.parametrize(
    ("at", "hours", "named"),
    [
        (utc(2026, 11, 2, 11), 1, ["joy"]),  # a thirteenth hour, after twelve in Manila
        (utc(2026, 11, 2, 11), 2, []),
        (utc(2026, 11, 2, 17), 1, ["joy"]),
        (utc(2026, 11, 2, 14), 6, []),  # in the middle of the night, between two long days
    ],
)
def test_nobody_is_asked_to_work_on_top_of_a_full_day(
    nurse: NurseMaker, at: datetime, hours: int, named: list[str]
) -> None:
    found = mends([nurse("joy", "manila")], TRIAGE, at, at + timedelta(hours=hours))
    assert [name for mend in found for name in mend.agents] == named


def test_whoever_a_mend_names_is_eligible_once_it_is_made(nurse: NurseMaker) -> None:
    at = utc(2026, 11, 2, 2)
    (mend,) = mends([nurse(trained_until=date(2026, 10, 1))], TRIAGE, at)
    assert (mend.lack, mend.agents) == ("training", ("joy",))
    assert gaps([nurse(trained_until=date(2027, 10, 1))], TRIAGE, at, at + timedelta(hours=1)) == ()


def test_counts_are_cut_to_the_stretches_that_are_asked_about() -> None:
    hours = [NOVEMBER + timedelta(hours=hour) for hour in range(9)]
    counted = [Headcount(hours[0], hours[4], 2), Headcount(hours[4], hours[5], 0), Headcount(hours[5], hours[8], 1)]
    asked = [Span(hours[1], hours[2]), Span(hours[3], hours[6]), Span(hours[7], hours[8])]
    assert list(during(counted, asked)) == [
        (hours[1], hours[2], 2),
        (hours[3], hours[4], 2),
        (hours[4], hours[5], 0),
        (hours[5], hours[6], 1),
        (hours[7], hours[8], 1),
    ]
