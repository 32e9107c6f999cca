"""Distributions that a plan may name, drawn from seeded dice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from random import Random

Draw = Callable[[Random], float]


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same seconds."""

    seconds: float

    def __call__(self, _dice: Random) -> float:
        """One draw."""
        return self.seconds


@dataclass(frozen=True, slots=True)
class Exponential:
    """Memoryless, with this mean in seconds."""

    mean: float

    def __call__(self, dice: Random) -> float:
        """One draw."""
        return dice.expovariate(1 / self.mean)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """The exponential of a normal variable with mean ``mu`` and standard deviation ``sigma``."""

    mu: float
    sigma: float

    def __call__(self, dice: Random) -> float:
        """One draw."""
        return dice.lognormvariate(self.mu, self.sigma)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything between two bounds."""

    least: float
    most: float

    def __call__(self, dice: Random) -> float:
        """One draw."""
        return dice.uniform(self.least, self.most)


@dataclass(frozen=True, slots=True)
class Measured:
    """One of these measured values."""

    values: tuple[float, ...]

    def __call__(self, dice: Random) -> float:
        """One draw."""
        return dice.choice(self.values)


def poisson(dice: Random, mean: float) -> int:
    """A count of independent events with this mean."""
    if mean > 500:  # the product below would underflow, and the normal curve is as good
        return max(0, round(dice.gauss(mean, mean**0.5)))
    limit, product, count = exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count


def busyness(dice: Random, mean: float, dispersion: float) -> float:
    """How busy one slot is, around 1, so that counts around ``mean`` have variance / mean = ``dispersion``."""
    if dispersion <= 1 or mean <= 0:
        return 1.0
    variance = (dispersion - 1) / mean
    return dice.gammavariate(1 / variance, variance)


def one_of(dice: Random, shares: Sequence[float]) -> int:
    """The index of a share, drawn with that probability."""
    point = dice.random() * sum(shares)
    for index, share in enumerate(shares):
        point -= share
        if point < 0:
            return index
    return len(shares) - 1
