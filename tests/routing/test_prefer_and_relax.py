"""Who is asked first, and what is given up while the caller waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.agents import Agent, Available, Licence, Need
from routing.eligible import is_eligible
from routing.prefer import order, shift_penalty
from routing.relax import USUAL, Schedule, Widening, standing, widened
from routing.sites import Pool

NurseMaker = Callable[..., Agent]
SECOND = timedelta(seconds=1)
NIGHT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
TRIAGE = Need("maple", "nurse", "triage_rn", level=3, licensed_kind="RN", patient_state="IL")


def idle(agent: Agent, minutes: int) -> Available:
    return Available(agent, NIGHT - timedelta(minutes=minutes))


def names(agents: tuple[Agent, ...]) -> list[str]:
    return [agent.id for agent in agents]


def test_the_middle_of_a_shift_comes_before_its_edge(nurse: NurseMaker) -> None:
    cape_town_begins = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    candidates = [idle(nurse("zola", "cape-town"), 300), idle(nurse("joy", "manila"), 1)]
    assert names(order(candidates, TRIAGE, cape_town_begins)) == ["joy", "zola"]


def test_the_shift_penalty_counts_the_night_before_the_edge(pools: Mapping[str, Pool]) -> None:
    hours = {hour: datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (11, 12, 17, 22)}
    bogota = {hour: shift_penalty(pools["bogota"], at) for hour, at in hours.items()}
    assert bogota == {11: 3, 12: 0, 17: 0, 22: 1}


def test_the_better_level_comes_before_the_longer_idle_and_that_before_the_name(nurse: NurseMaker) -> None:
    candidates = [
        idle(nurse("ada"), 1),
        idle(nurse("bea"), 9),
        idle(nurse("cora", skills={"triage_rn": 5}), 0),
        idle(nurse("dora"), 9),
    ]
    for shuffled in permutations(candidates):
        assert names(order(shuffled, TRIAGE, NIGHT)) == ["cora", "bea", "dora", "ada"]


def test_the_known_agent_comes_first_if_eligible(nurse: NurseMaker) -> None:
    candidates = [idle(nurse("ada"), 90), idle(nurse("bea"), 1), idle(nurse("cora", licences=()), 2)]
    assert names(order(candidates, TRIAGE, NIGHT, known="bea")) == ["bea", "ada"]
    assert names(order(candidates, TRIAGE, NIGHT, known="cora")) == ["ada", "bea"]


@settings(deadline=None)
@given(st.data())
def test_the_order_holds_each_eligible_candidate_once_and_nobody_else(nurse: NurseMaker, data: st.DataObject) -> None:
    pool = st.sampled_from(["manila", "cape-town", "bogota", "front-desk"])
    kinds = st.tuples(pool, st.integers(1, 5), st.integers(0, 600), st.booleans())
    drawn = data.draw(st.lists(kinds, max_size=8))
    at = NIGHT + data.draw(st.integers(0, 14 * 24 * 60)) * timedelta(minutes=1)
    candidates = [
        idle(nurse(f"n{i}", where, skills={"triage_rn": level}, **({} if held else {"licences": ()})), minutes)
        for i, (where, level, minutes, held) in enumerate(drawn)
    ]
    found = names(order(candidates, TRIAGE, at, known="n1"))
    assert sorted(found) == sorted(one.agent.id for one in candidates if is_eligible(one.agent, TRIAGE, at))


def test_the_usual_schedule_gives_up_level_then_language_then_edges_then_the_own_pool() -> None:
    need = replace(TRIAGE, pools=("front-desk",), overflow_after=timedelta(hours=1), edge_margin=timedelta(minutes=15))
    seen = [widened(need, timedelta(seconds=wait)) for wait in (19, 20, 40, 60, 90, 120)]
    assert [one.level for one in seen] == [3, 2, 1, 1, 1, 1]
    assert [one.interpreter for one in seen] == [False, False, False, True, True, True]
    assert [bool(one.edge_margin) for one in seen] == [True, True, True, True, False, False]
    assert [one.pools for one in seen] == [("front-desk",)] * 5 + [None]


def test_overflow_happens_at_the_time_of_the_practice() -> None:
    need = replace(TRIAGE, pools=("front-desk",), overflow_after=timedelta(seconds=40))
    assert widened(need, 39 * SECOND, ()).pools == ("front-desk",)
    assert widened(need, 40 * SECOND, ()).pools is None


def test_pools_without_a_time_to_overflow_are_a_policy_that_no_wait_opens() -> None:
    need = replace(TRIAGE, pools=("front-desk",))
    assert widened(need, timedelta(days=1)).pools == ("front-desk",)


def schedules() -> st.SearchStrategy[Schedule]:
    gives = st.sampled_from(["level", "interpreter", "edges", "overflow"])
    steps = st.builds(Widening, st.integers(0, 300).map(lambda count: count * SECOND), gives)
    return st.lists(steps, max_size=6).map(tuple)


NEEDS = st.builds(
    Need,
    practice=st.just("maple"),
    service=st.just("nurse"),
    skill=st.just("triage_rn"),
    level=st.integers(1, 5),
    language=st.sampled_from(["en-US", "es-US"]),
    licensed_kind=st.sampled_from([None, "RN", "LPN"]),
    patient_state=st.sampled_from([None, "IL", "TX"]),
    pools=st.sampled_from([None, ("manila",), ("front-desk", "bogota")]),
    overflow_after=st.sampled_from([None, 40 * SECOND]),
    agents_outside_us=st.booleans(),
    edge_margin=st.sampled_from([timedelta(), timedelta(minutes=30)]),
)
WAITS = st.integers(0, 400).map(lambda count: count * SECOND)


@settings(deadline=None)
@given(NEEDS, WAITS, schedules())
def test_licence_and_policy_never_relax(need: Need, waited: timedelta, schedule: Schedule) -> None:
    wider = widened(need, waited, schedule)
    kept = ("practice", "service", "skill", "language", "licensed_kind", "patient_state", "agents_outside_us")
    assert all(getattr(wider, name) == getattr(need, name) for name in kept)
    assert need.overflow_after is not None or wider.pools == need.pools


@settings(deadline=None)
@given(NEEDS, WAITS, WAITS, schedules(), st.integers(0, 48))
def test_whoever_was_eligible_stays_so_while_the_caller_waits(
    nurse: NurseMaker, need: Need, one: timedelta, other: timedelta, schedule: Schedule, hour: int
) -> None:
    at = NIGHT + timedelta(hours=hour)
    early, late = (widened(need, wait, schedule) for wait in sorted((one, other)))
    for pool in ("manila", "cape-town", "bogota", "front-desk"):
        agent = nurse("joy", pool, licences=(Licence("RN", "TX", at.date(), compact=True),))
        assert is_eligible(agent, late, at) or not is_eligible(agent, early, at)


@settings(deadline=None)
@given(NEEDS, WAITS, schedules())
def test_the_next_widening_is_the_first_wait_that_changes_the_need(
    need: Need, waited: timedelta, schedule: Schedule
) -> None:
    found = standing(need, waited, schedule, lambda _need: True).until
    now = widened(need, waited, schedule)
    later = range(int(waited / SECOND) + 1, 401)
    assert found == next((wait * SECOND for wait in later if widened(need, wait * SECOND, schedule) != now), None)


@pytest.mark.parametrize("step", USUAL)
def test_the_usual_schedule_changes_a_demanding_need_at_every_step(step: Widening) -> None:
    need = replace(
        TRIAGE, level=5, pools=("front-desk",), overflow_after=timedelta(hours=1), edge_margin=timedelta(minutes=5)
    )
    assert widened(need, step.after) != widened(need, step.after - SECOND)
