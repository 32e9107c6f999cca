"""How long a caller will probably wait."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.estimate import ENOUGH, MINUTES, SURE, Band, Talks, band, share

TALK = timedelta(minutes=4)
IDLE = timedelta()

lefts = st.lists(st.integers(1, 3600).map(lambda seconds: timedelta(seconds=seconds)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("seconds", "where"), [(0, "before"), (119, "before"), (120, "inside"), (300, "inside"), (301, "after")]
)
def test_both_minutes_that_were_said_are_inside_the_band(seconds: int, where: str) -> None:
    assert Band(2, 5).where(timedelta(seconds=seconds)) == where


def test_an_idle_agent_comes_at_once() -> None:
    assert band([TALK, IDLE], 0) == Band(0, 2)


def test_an_idle_agent_is_taken_by_whoever_stands_before() -> None:
    assert band([TALK, IDLE], 1) == band([TALK], 0)


def test_nothing_is_said_where_nobody_is_at_work() -> None:
    assert band([], 0) is None


def test_nothing_is_said_where_it_would_be_over_an_hour() -> None:
    assert band([TALK], 20) is None


def test_one_agent_with_nobody_before_is_as_uncertain_as_the_end_of_a_talk() -> None:
    # Four minutes on average end within 0.42 and 9.2 in four of five cases.
    assert band([TALK], 0) == Band(0, 10)


def test_the_more_agents_share_the_line_the_narrower_it_can_be_said() -> None:
    assert band([TALK] * 10, 24) == Band(5, 15)


@given(lefts, st.integers(0, 60), st.integers(0, 60))
def test_more_callers_ahead_never_make_the_wait_shorter(left: list[timedelta], one: int, other: int) -> None:
    few, many = (band(left, ahead) for ahead in sorted((one, other)))
    if few is None or many is None:
        assert many is None
        return
    assert few.low <= many.low
    assert few.high <= many.high


@given(lefts, st.floats(0, 60))
def test_a_band_is_made_of_minutes_that_are_said_and_has_a_width(left: list[timedelta], ahead: float) -> None:
    said = band(left, ahead)
    if said is not None:
        assert {said.low, said.high} <= set(MINUTES)
        assert said.low < said.high


@pytest.mark.parametrize(("agents", "ahead"), [(1, 0), (3, 2), (10, 5), (30, 60)])
def test_the_wait_ends_within_the_band_as_often_as_it_is_sure(agents: int, ahead: int) -> None:
    said, chance = band([TALK] * agents, ahead), Random(agents)
    assert said is not None
    rate = agents / TALK.total_seconds()
    waits = [sum(chance.expovariate(rate) for _ in range(ahead + 1)) / 60 for _ in range(4000)]
    within = sum(said.low <= wait <= said.high for wait in waits) / len(waits)
    # The band is rounded outwards to minutes that are said, so it holds at least that many.
    assert within >= SURE - 0.02


def test_a_caller_whom_other_agents_may_serve_too_counts_for_a_part() -> None:
    mine = frozenset({"ana", "benjie"})
    assert share(mine, frozenset({"ana", "thandi", "mateus", "joy"})) == 0.25
    assert share(mine, frozenset({"thandi"})) == 0
    assert share(mine, frozenset()) == 0


def test_the_length_of_talks_is_not_known_before_there_were_enough() -> None:
    talks = Talks()
    for _ in range(ENOUGH - 1):
        talks = talks.with_one(60)
    assert talks.length is None
    assert talks.with_one(60).length == timedelta(minutes=1)


def test_the_length_of_talks_follows_the_hour() -> None:
    talks = Talks(60, 10_000)
    for _ in range(200):
        talks = talks.with_one(300)
    assert talks.length is not None
    assert timedelta(minutes=4) < talks.length <= timedelta(minutes=5)
