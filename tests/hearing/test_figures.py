"""Figures come with the range in which the truth is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing.figures import share, share_by_group

counts = st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(counts)
def test_a_share_lies_within_its_range_and_the_range_within_all_and_nothing(pair: tuple[int, int]) -> None:
    found = share(*pair)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), min_size=1, max_size=40))
def test_a_range_that_allows_for_other_groups_is_never_narrower(answers: list[tuple[str, bool]]) -> None:
    plain, by_group = share(sum(hit for _, hit in answers), len(answers)), share_by_group(answers)
    assert (by_group.hits, by_group.total) == (plain.hits, plain.total)
    assert by_group.low <= plain.low
    assert by_group.high >= plain.high


def test_the_range_of_wilson_is_that_of_the_books() -> None:
    found = share(81, 263)  # Newcombe (1998), table I
    assert (found.low, found.high) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))


def test_of_none_nothing_is_known() -> None:
    assert (share(0, 0).low, share(0, 0).high) == (0, 1)
