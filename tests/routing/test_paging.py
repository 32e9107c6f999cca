from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.paging import (
    Climbed,
    NextStep,
    PagingCall,
    choose_next_step,
    order_calls,
    order_onwards,
    order_remaining,
    put_off,
)

BEGAN = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
TELEPHONES = ("ward", "home", "clinic", None)

people = st.sampled_from(("lee", "okafor", "patel", "garza"))
paging = st.lists(
    st.builds(
        PagingCall,
        call=st.uuids().map(str),
        rank=st.integers(0, 2),
        since=st.integers(0, 50).map(lambda seconds: BEGAN + timedelta(seconds=seconds)),
        telephone=st.sampled_from(TELEPHONES),
        here=st.booleans(),
    ),
    max_size=25,
    unique_by=lambda one: one.call,
)
talks = st.dictionaries(st.sampled_from(TELEPHONES[:-1]), st.integers(0, 3))


def waiting(call: str, seconds: int, telephone: str | None = None, *, rank: int = 0, here: bool = True) -> PagingCall:
    return PagingCall(call, rank, BEGAN + timedelta(seconds=seconds), telephone, here)


def names(*calls: PagingCall, talked_with: dict[str, int] | None = None) -> list[str]:
    return [one.call for one in order_calls(calls, talked_with or {})]


@given(paging, talks)
def test_nobody_is_lost_and_nobody_is_doubled(calls: list[PagingCall], talked_with: dict[str, int]) -> None:
    assert Counter(order_calls(calls, talked_with)) == Counter(calls)


@given(paging, talks)
def test_no_call_stands_before_a_more_urgent_one(calls: list[PagingCall], talked_with: dict[str, int]) -> None:
    ranks = [one.rank for one in order_calls(calls, talked_with)]
    assert ranks == sorted(ranks)


@given(paging, talks, st.randoms())
def test_the_order_does_not_depend_on_who_was_looked_at_first(
    calls: list[PagingCall], talked_with: dict[str, int], dice: object
) -> None:
    shuffled = list(calls)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert order_calls(shuffled, talked_with) == order_calls(calls, talked_with)


@given(paging, talks, st.integers(0, 50), st.integers(0, 2))
def test_of_each_other_telephone_at_most_one_call_as_urgent_stands_before_the_only_call_of_one(
    calls: list[PagingCall], talked_with: dict[str, int], seconds: int, rank: int
) -> None:
    alone = waiting("alone", seconds, "alone", rank=rank)
    order = order_calls([*calls, alone], talked_with)
    before = order[: order.index(alone)]
    as_urgent = Counter(one.telephone for one in before if one.rank == rank and one.telephone is not None)
    assert all(count == 1 for count in as_urgent.values())
    assert not any(talked_with.get(telephone or "") for telephone in as_urgent)


@given(paging, st.integers(0, 50))
def test_who_hides_their_number_is_one_caller_each_and_stands_by_how_long_they_wait(
    calls: list[PagingCall], seconds: int
) -> None:
    hidden = [PagingCall(one.call, 0, one.since, None, one.here) for one in calls]
    order = order_calls([*hidden, waiting("alone", seconds)], {})
    assert [one.since for one in order] == sorted(one.since for one in order)


def test_twenty_calls_of_one_number_let_another_caller_pass_after_the_first() -> None:
    flood = [waiting(f"flood-{number:02}", number, "flood") for number in range(20)]
    order = names(*flood, waiting("other", 30, "other"))
    assert order[:3] == ["flood-00", "other", "flood-01"]
    assert names(*flood[1:], waiting("other", 30, "other"), talked_with={"flood": 1})[0] == "other"


def test_a_dropped_call_comes_after_the_redial_from_the_same_telephone() -> None:
    dropped, redialled = waiting("dropped", 0, "home", here=False), waiting("redialled", 40, "home")
    assert names(dropped, redialled, waiting("other", 50, "other")) == ["redialled", "other", "dropped"]
    assert names(dropped, waiting("other", 50, "other")) == ["dropped", "other"]


def test_whoever_talks_is_passed_over_and_named_once() -> None:
    ladder = ("lee", "lee", "okafor", None)
    everybody = {"lee", "okafor"}
    assert choose_next_step(ladder, -1, everybody, ()) == NextStep(0)
    assert choose_next_step(ladder, -1, everybody, {"lee"}) == NextStep(2, ("lee",))
    assert choose_next_step(ladder, 2, everybody, {"lee"}) == NextStep(3)
    assert choose_next_step(ladder, -1, everybody, everybody) == NextStep(3, ("lee", "okafor"))


def test_whoever_was_taken_out_is_left_out_and_a_ladder_without_a_last_step_ends() -> None:
    assert choose_next_step(("lee", "okafor"), -1, {"okafor"}, {"lee"}) == NextStep(1)
    assert choose_next_step(("lee", "okafor"), 1, {"lee", "okafor"}, ()) == NextStep(2)


def test_whoever_passed_it_on_is_asked_no_more_however_often_the_ladder_names_them() -> None:
    ladder = ("lee", "lee", "okafor", "lee", None)
    everybody = {"lee", "okafor"}
    assert choose_next_step(ladder, 0, everybody, (), {"lee"}) == NextStep(2)
    assert choose_next_step(ladder, 2, everybody, {"lee"}, {"lee"}) == NextStep(4)


@given(st.lists(st.none() | people, max_size=8), st.integers(-1, 7), st.sets(people), st.sets(people))
def test_a_ladder_only_climbs_and_ends_where_everybody_talks(
    persons: list[str | None], after: int, known: set[str], talking: set[str]
) -> None:
    chosen = choose_next_step(persons, after, known, talking)
    assert after < chosen.step <= max(len(persons), after + 1) or chosen.step == len(persons)
    skipped = persons[after + 1 : chosen.step]
    assert None not in skipped
    assert all(person not in known or person in talking for person in skipped)
    assert set(chosen.passed_over) == {person for person in skipped if person in known}


def test_whoever_was_not_asked_yet_comes_first_where_it_got_worse_then_everybody_again() -> None:
    ladder = ("lee", "okafor", "patel", None)
    assert _follow(("lee",), ladder) == ["okafor", "patel", "lee", None]
    assert _follow(("lee", "lee"), ladder) == ["okafor", "patel", "lee", None]
    assert _follow(("lee", "lee", "okafor"), ladder) == ["patel", "lee", "okafor", None]
    assert _follow(("lee", "lee", "okafor", "patel"), ladder) == ["lee", "okafor", "patel", None]
    assert _follow((), ladder) == list(ladder)


@given(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=6),
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6),
)
def test_where_it_got_worse_nobody_of_the_more_urgent_ladder_is_left_out(climbed: list[str], more: list[str]) -> None:
    follows = _follow(climbed, [*more, None])
    assert follows[-1] is None
    assert sorted(one for one in follows if one) == sorted(more)
    fresh = [one for one in more if one not in climbed]
    assert follows[: len(fresh)] == fresh


def _follow(climbed: Sequence[str], ladder: Sequence[str | None]) -> list[str | None]:
    return [ladder[place] for place in order_remaining(climbed, ladder)]


def test_whoever_was_rung_only_just_now_comes_after_the_others_and_whoever_was_rung_first_before_them() -> None:
    ladder = ("lee", "lee", "okafor", "patel", None)
    early, late = datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 11, 1, 6, 0, 5, tzinfo=UTC)
    assert put_off(ladder, 0, {"lee": early}) == (0, 2, 3, 1, 4)
    assert put_off(ladder, 0, {}) == (0, 1, 2, 3, 4)
    assert put_off(ladder, -1, {"okafor": early, "lee": late}) == (3, 2, 0, 1, 4)


@pytest.mark.parametrize(
    ("climbed", "follows"),
    [
        (Climbed(), ["okafor", "okafor", "lee", "patel", None]),
        (Climbed(asked={"okafor"}), ["lee", "patel", "okafor", "okafor", None]),
        (Climbed(asked={"okafor"}, done={"lee"}), ["patel", "okafor", "okafor", None]),
        (Climbed(lost={"okafor": 1}), ["lee", "patel", "okafor", "okafor", None]),
        (Climbed(lost={"okafor": 2, "lee": 1}), ["patel", "lee", None]),
        (Climbed(done={"lee", "patel"}, lost={"okafor": 2}), [None]),
    ],
)
def test_where_whoever_accepted_was_lost_the_ladder_goes_on_with_whoever_was_not_asked(
    climbed: Climbed, follows: list[str | None]
) -> None:
    ladder = ("okafor", "okafor", "lee", "patel", None)
    assert [ladder[place] for place in order_onwards(ladder, climbed)] == follows
