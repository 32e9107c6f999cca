"""What a run came to: waits, service level, callers lost, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, linear_regression, stdev
from typing import NamedTuple

from routing.simulation.play import Outcome

BATCHES = 20
_STUDENT = 2.093
# 97.5 % of Student's t with 19 degrees of freedom, for as many batches.


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of all ``calls``; waits in seconds, of all of them, whether or not they were answered.

    ``within`` were answered within the service level's time, ``lost`` hung up or met nobody.
    """

    calls: int
    mean_wait: float
    ninth_in_ten: float
    longest: float
    within: float
    lost: float


class Estimate(NamedTuple):
    """A mean and how far it may be off, with 95 % confidence."""

    mean: float
    half: float

    def includes(self, value: float) -> bool:
        """Whether a value agrees with the estimate."""
        return abs(value - self.mean) <= self.half


def figures(outcomes: Iterable[Outcome], within: float) -> Figures:
    """The figures of outcomes; ``within`` is the service level's time in seconds. Of no calls, all are zero."""
    found = tuple(outcomes)
    waits = sorted(one.waited for one in found)
    if not waits:
        return Figures(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    quick = sum(one.agent is not None and one.waited <= within for one in found)
    lost = sum(one.agent is None for one in found)
    many = len(found)
    return Figures(many, fmean(waits), waits[many * 9 // 10], waits[-1], quick / many, lost / many)


def estimate(values: Sequence[float]) -> Estimate:
    """The long-run mean of values that come one after the other and hang together, by batch means.

    Twenty batches, each long beside the memory of the process, are nearly independent (Law, "Simulation Modeling and
    Analysis", 9.5.3). Values of the beginning, before the run is like any other time, are the caller's to leave out.
    """
    size = len(values) // BATCHES
    means = [fmean(values[one * size : (one + 1) * size]) for one in range(BATCHES)]
    return Estimate(fmean(means), _STUDENT * stdev(means) / sqrt(BATCHES))


RUNS = 12
_STUDENT_OF_RUNS = 2.228
# The same with 10 degrees of freedom: of as many runs, less two for a straight line through them.


def controlled(values: Sequence[float], controls: Sequence[float], exact: float) -> Estimate:
    """The long-run mean of the values of :data:`RUNS` runs, each with a control whose long-run mean is ``exact``.

    A run whose control came out too high is too high by chance itself, and by how much is told by the straight line
    through all of them (control variates; Law, "Simulation Modeling and Analysis", 11.4).
    """
    line = linear_regression(controls, values)
    left = [value - line.intercept - line.slope * control for value, control in zip(values, controls, strict=True)]
    away = [control - fmean(controls) for control in controls]
    spread = sqrt(sum(one**2 for one in left) / (RUNS - 2))
    off = sqrt(1 / RUNS + (exact - fmean(controls)) ** 2 / sum(one**2 for one in away))
    return Estimate(line.intercept + line.slope * exact, _STUDENT_OF_RUNS * spread * off)
