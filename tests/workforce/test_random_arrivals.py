"""Calls as chance brings them."""

from __future__ import annotations

from itertools import islice
from math import inf
from statistics import fmean, pstdev, variance

import pytest

from ivr.workforce.random_arrivals import arrivals, exponential, lognormal


def counts(expected: list[float], dispersion: float) -> list[int]:
    found = [0] * len(expected)
    for at in arrivals("counts", expected, 60.0, dispersion):
        found[int(at // 60)] += 1
    return found


@pytest.mark.parametrize("mean", [0.3, 20.0, 1234.5])
def test_a_constant_rate_has_poisson_counts(mean: float) -> None:
    found = counts([mean] * 4000, 1.0)
    assert fmean(found) == pytest.approx(mean, rel=0.06)
    assert variance(found) / fmean(found) == pytest.approx(1.0, rel=0.1)


def test_over_dispersed_counts_have_the_variance_that_was_asked_for() -> None:
    found = counts([40.0] * 6000, 17.0)
    assert fmean(found) == pytest.approx(40.0, rel=0.03)
    assert variance(found) / fmean(found) == pytest.approx(17.0, rel=0.08)


def test_a_rate_that_changes_is_followed_slot_by_slot() -> None:
    found = counts([0.0, 100.0, 0.0, 10.0] * 200, 1.0)
    sums = [sum(found[slot::4]) / 200 for slot in range(4)]
    assert sums == pytest.approx([0.0, 100.0, 0.0, 10.0], rel=0.1)


def test_calls_come_in_order_and_again_from_the_same_seed() -> None:
    found = list(arrivals("seed", [5.0] * 50, 10.0, 3.0))
    assert found == sorted(found)
    assert found == list(arrivals("seed", [5.0] * 50, 10.0, 3.0))
    assert found != list(arrivals("other", [5.0] * 50, 10.0, 3.0))


def test_handling_times_have_the_mean_and_the_spread_of_real_ones() -> None:
    found = list(islice(lognormal("times", 185.0, 1.0), 60_000))
    assert (fmean(found), pstdev(found)) == pytest.approx((185.0, 185.0), rel=0.05)


def test_patience_may_be_endless() -> None:
    assert list(islice(exponential("patience", inf), 3)) == [inf] * 3
    assert fmean(islice(exponential("patience", 406.0), 20_000)) == pytest.approx(406.0, rel=0.03)
