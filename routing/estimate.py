"""How long a caller will probably wait, as a band that is honest about how little can be known.

Whoever talks ends by chance: a talk that has lasted long is no nearer its end (talks are close to exponential, as the
Erlang formulas take them to be). So the agents who may serve the caller become free at the rate of the sum of one over
what each has probably left, and the caller is reached by the departure that follows those of the callers ahead. Its
wait is then an Erlang distribution (Gross and Harris, "Fundamentals of Queueing Theory", 1.8: the sum of exponentials),
of which the band holds four fifths. Who will overtake and who will give up is not known; both are measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from math import ceil, exp
from typing import Literal

MINUTES = (0, 2, 5, 10, 15, 20, 30, 45, 60)
"""Between which full minutes a band is said."""

SURE = 0.8
"""How often the wait should end within the band."""

ENOUGH = 5
"""From how many talks on their length counts as known."""

LATEST = 50
"""Over how many talks the length is averaged, so that it follows the hour."""


@dataclass(frozen=True, slots=True)
class Band:
    """The wait will probably end between ``low`` and ``high`` minutes from now."""

    low: int
    high: int

    def where(self, waited: timedelta) -> Literal["before", "inside", "after"]:
        """Where a wait ended; both minutes that were said are inside."""
        if waited < timedelta(minutes=self.low):
            return "before"
        return "inside" if waited <= timedelta(minutes=self.high) else "after"


@dataclass(frozen=True, slots=True)
class Talks:
    """How long talks last: the mean of the latest in seconds, and how many there were."""

    mean: float = 0.0
    count: int = 0

    def with_one(self, seconds: float) -> Talks:
        """The same after one more talk, in which the latest count for most."""
        count = self.count + 1
        return Talks(self.mean + (seconds - self.mean) / min(count, LATEST), count)

    @property
    def length(self) -> timedelta | None:
        """What a talk lasts; None where too few are known to say."""
        return timedelta(seconds=self.mean) if self.count >= ENOUGH else None


def band(left: Iterable[timedelta], ahead: float) -> Band | None:
    """The wait of a caller with ``ahead`` others before them; None where nothing can be said that helps.

    ``left`` is what each agent who may serve the caller has probably left to do, zero where they are idle. A caller
    ahead whom only some of these agents may serve counts for that share of one.
    """
    departures = ceil(ahead) + 1
    work = list(left)
    departures -= sum(not one for one in work)
    rate = sum(1 / one.total_seconds() for one in work if one)
    if departures <= 0:
        return Band(MINUTES[0], MINUTES[1])
    return _spoken(departures, rate) if rate else None


def share(agents: frozenset[str], others: frozenset[str]) -> float:
    """How much of a caller whom ``others`` may serve stands in the line for ``agents``; 0 where nobody may serve."""
    return len(agents & others) / len(others) if others else 0.0


def _spoken(departures: int, rate: float) -> Band | None:
    """The narrowest band of minutes that are said in which the wait ends as often as it is sure to."""
    ends = [(minutes, _happened(departures, rate * minutes * 60)) for minutes in MINUTES]
    sure = [(high - low, low, high) for (low, before), (high, by) in combinations(ends, 2) if by - before >= SURE]
    return Band(*min(sure)[1:]) if sure else None


def _happened(departures: int, expected: float) -> float:
    """How probable it is that so many have happened where ``expected`` are: one less all smaller Poisson numbers."""
    if expected > 700:
        return 1.0  # e to the minus 700 is near the smallest number there is; bands that far are never said.
    term = total = exp(-expected)
    for number in range(1, departures):
        term *= expected / number
        total += term
    return 1 - total
