"""Calls as chance brings them: the only part of the simulation that rolls dice, from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, inf, log, sqrt
from random import Random

from routing.offering import RING
from routing.simulation.play import Ring

LARGE = 500.0


def exponential(seed: str, mean: float) -> Iterator[float]:
    """Times without memory, without end; all infinite where ``mean`` is."""
    dice = Random(seed)
    while True:
        yield inf if mean == inf else dice.expovariate(1 / mean)


def lognormal(seed: str, mean: float, variation: float) -> Iterator[float]:
    """Times as calls really last: ``variation`` is the standard deviation over the mean (1.96 in one bank)."""
    dice, spread = Random(seed), sqrt(log(1 + variation**2))
    while True:
        yield mean * exp(spread * dice.gauss(0.0, 1.0) - spread**2 / 2)


def rings(seed: str, seconds: float, missed: float) -> Iterator[Ring]:
    """How offers go, without end: a share is ``missed``, the others are accepted after so many seconds."""
    dice = Random(seed)
    while True:
        yield Ring(RING.total_seconds(), False) if dice.random() < missed else Ring(seconds)


def arrivals(seed: str, expected: Sequence[float], slot: float, dispersion: float = 1.0) -> Iterator[float]:
    """Seconds at which calls come, in order: ``expected`` calls in each stretch of ``slot`` seconds.

    ``dispersion`` is the variance of a slot's count over its mean. Over 1, each slot is busier or quieter than expected
    by a factor with a gamma distribution of mean 1 and variance (dispersion - 1) / expected.
    """
    dice = Random(seed)
    for number, mean in enumerate(expected):
        count = _poisson(dice, mean * _busyness(dice, mean, dispersion))
        yield from sorted((number + dice.random()) * slot for _ in range(count))


def counted(seed: str, counts: Sequence[float], slot: float) -> Iterator[float]:
    """Seconds at which calls come of which only the number in each slot was written down; a fraction is a chance."""
    dice = Random(seed)
    for number, count in enumerate(counts):
        many = int(count) + (dice.random() < count % 1)
        yield from sorted((number + dice.random()) * slot for _ in range(many))


def _busyness(dice: Random, mean: float, dispersion: float) -> float:
    if dispersion <= 1 or not mean:
        return 1.0
    shape = mean / (dispersion - 1)
    return dice.gammavariate(shape, 1 / shape)


def _poisson(dice: Random, mean: float) -> int:
    """A Poisson number, as a sum of parts small enough for the product of uniforms (Knuth, TAOCP 2, 3.4.1)."""
    parts = int(mean // LARGE)
    return sum(_small_poisson(dice, LARGE) for _ in range(parts)) + _small_poisson(dice, mean - parts * LARGE)


def _small_poisson(dice: Random, mean: float) -> int:
    count, product, limit = 0, dice.random(), exp(-mean)
    while product > limit:
        count, product = count + 1, product * dice.random()
    return count
