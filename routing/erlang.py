"""How many people a load of calls needs, by the formulas of queueing theory.

``load`` is in erlangs: calls an hour times the mean handling time in hours. Every time is in mean handling times, so
that 20 seconds of calls that take 180 are 1/9. Sources: Erlang (1917) for B and C; Palm (1957) for A; Baccelli and
Hebuterne (1981), "On queues with impatient customers", for the virtual wait behind A's service level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, exp, inf, log

from routing.errors import RoutingError

_NEGLIGIBLE, _HUGE = 1e-17, 1e250
_STEPS = 400


class StaffingError(RoutingError):
    """A load, a number of people or a target that no formula answers."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What callers meet in the long run.

    ``delayed`` and ``abandoned`` are shares of all callers, ``mean_wait`` is that of all of them, whether or not they
    stayed. ``agents`` people, each free for one call at a time; callers leave at the rate ``impatience`` a mean
    handling time while they wait. ``log_last_free``: of the rate at which the last free agent is taken; only for A.
    """

    agents: int
    load: float
    impatience: float
    delayed: float
    abandoned: float
    mean_wait: float
    log_last_free: float = 0.0

    def answered_within(self, time: float) -> float:
        """The share of all callers who are answered at most ``time`` after they came."""
        if not self.impatience:
            return 1 - self.delayed * exp(-(self.agents - self.load) * time)
        # Whoever meets the virtual wait x is answered when their patience is longer. Its density begins at the rate
        # at which arrivals take the last free agent, of which only the logarithm is sure to be a number.
        steps = max(_STEPS, 2 * ceil(4 * (self.agents + self.impatience) * time))
        return min(1.0, 1 - self.delayed + _simpson(self._met_and_stayed, time, steps))

    def _met_and_stayed(self, wait: float) -> float:
        theta = self.impatience
        growth = self.load * (1 - exp(-theta * wait)) / theta
        return exp(self.log_last_free + growth - (self.agents + theta) * wait)


def erlang_b(agents: int, load: float) -> float:
    """The share of calls lost where nobody can wait (M/M/N/N), by the inverse recurrence, which cannot lose digits."""
    _refuse_nonsense(agents, load)
    if not load:
        return 0.0
    inverse = 1.0
    for one in range(1, agents + 1):
        inverse = 1 + inverse * one / load
    return 1 / inverse


def erlang_c(agents: int, load: float) -> Waiting:
    """Everybody waits as long as it takes (M/M/N). Needs more people than erlangs, or the line only grows."""
    if load >= agents:
        raise StaffingError(f"{load:g} erlangs are more than {agents} can ever serve; use more people, or erlang_a")
    lost = erlang_b(agents, load)
    delayed = lost / (1 - load / agents * (1 - lost))
    return Waiting(agents, load, 0.0, delayed, 0.0, delayed / (agents - load))


def erlang_a(agents: int, load: float, impatience: float) -> Waiting:
    """Callers have exponential patience (M/M/N+M): ``impatience`` is mean handling time over mean patience.

    Exact, from the chain of births and deaths: with j callers waiting, one leaves at the rate N + j impatience.
    """
    if impatience <= 0:
        return erlang_c(agents, load)
    lost = erlang_b(agents, load)
    if not lost:
        return Waiting(agents, load, impatience, 0.0, 0.0, 0.0, -inf)
    # Weights relative to "all busy, nobody waits": those of fewer busy people sum to 1 / B - 1.
    below, weight, busy, waiting, line, scale = 1 / lost - 1, 1.0, 1.0, 0.0, 0, 0.0
    while weight > _NEGLIGIBLE * busy:
        line += 1
        weight *= load / (agents + line * impatience)
        busy, waiting = busy + weight, waiting + line * weight
        if weight > _HUGE:
            below, busy, waiting, scale = below / weight, busy / weight, waiting / weight, scale + log(weight)
            weight = 1.0
    everything = below + busy
    mean_wait, last_free = waiting / everything / load, log(agents) - scale - log(everything)
    return Waiting(agents, load, impatience, busy / everything, impatience * mean_wait, mean_wait, last_free)


def agents_needed(load: float, impatience: float, share: float, within: float) -> int:
    """The fewest people with whom ``share`` of the callers, over 0 and under 1, are answered ``within`` that time."""
    if not 0 < share < 1:
        raise StaffingError(f"a service level of {share:g} cannot be staffed; give a share over 0 and under 1")
    if not load:
        return 0
    stable = max(1, int(share * load)) if impatience else int(load) + 1  # no more are answered than there is work done
    return _first(lambda agents: erlang_a(agents, load, impatience).answered_within(within) >= share, stable)


def _first(holds: Callable[[int], bool], least: int) -> int:
    """The smallest number from ``least`` on for which something holds that goes on holding."""
    high = least
    while not holds(high):
        least, high = high + 1, 2 * high
    while least < high:
        middle = (least + high) // 2
        least, high = (least, middle) if holds(middle) else (middle + 1, high)
    return high


def _simpson(density: Callable[[float], float], end: float, steps: int) -> float:
    if end <= 0:
        return 0.0
    step = end / steps
    inner = sum((4 if one % 2 else 2) * density(one * step) for one in range(1, steps))
    return (density(0.0) + inner + density(end)) * step / 3


def _refuse_nonsense(agents: int, load: float) -> None:
    if agents < 0 or not 0 <= load < inf:
        raise StaffingError(f"{load:g} erlangs for {agents} are no staffing; give numbers from 0 on")
