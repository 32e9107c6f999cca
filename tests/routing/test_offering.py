"""What happens around an offer: rests, and when a caller is decided about again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.agents import Agent
from routing.offering import (
    LONGEST_NOT_READY,
    MATCH_AGAIN,
    MATCH_AGAIN_BEHIND,
    NOT_READY,
    all_were_offered,
    next_match_after,
    not_ready_for,
)

WAITS = st.timedeltas(timedelta(), timedelta(hours=2))


@pytest.mark.parametrize("misses", [1, 2, 5, 6, 50, 10**6])
def test_rest_grows_with_misses_and_is_never_longer_than_its_longest(misses: int) -> None:
    assert NOT_READY <= not_ready_for(misses) <= not_ready_for(misses + 1) <= LONGEST_NOT_READY
    assert not_ready_for(misses + 1) in (2 * not_ready_for(misses), LONGEST_NOT_READY)


@given(WAITS, st.none() | WAITS, st.booleans())
def test_a_caller_is_decided_about_again_when_the_answer_changes_or_after_a_while(
    waited: timedelta, until: timedelta | None, first: bool
) -> None:
    found, longest = next_match_after(waited, until, first=first), MATCH_AGAIN if first else MATCH_AGAIN_BEHIND
    assert found in (waited + longest, until)
    assert found <= waited + longest
    assert until is None or found <= until


def test_all_were_asked_when_nobody_who_could_take_it_is_left(nurse: Callable[..., Agent]) -> None:
    awake = [nurse("joy"), nurse("bea")]
    assert not all_were_offered(awake, ["bea"])
    assert all_were_offered(awake, ["bea", "joy", "eva"])
