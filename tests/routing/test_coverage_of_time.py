"""Is somebody awake, at every instant?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.agents import Agent, Licence, Need
from routing.coverage import awake, gaps
from routing.eligible import is_eligible
from routing.sites import Pool

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
