"""The bound that no router can pass: one pool in which everybody can take every call, first come, first served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heapify, heapreplace

from routing.simulation.line import Caller


def pooled_waits(callers: Iterable[Caller], handling: Iterator[float], agents: int) -> Iterator[float]:
    """The seconds each caller waits, in the order in which they came; whoever loses patience takes up nobody's time.

    With the same dice as a :class:`routing.simulation.play.Play`, this is what its mean wait is measured against.
    """
    free = [0.0] * agents
    heapify(free)
    for caller in callers:
        wait = max(0.0, free[0] - caller.at)
        if wait < caller.patience:
            heapreplace(free, caller.at + wait + next(handling))
        yield min(wait, caller.patience)
