"""What happens around an offer: how long it rings, how long whoever missed it is left alone, when it is tried again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from routing.agents import Agent

RING = timedelta(seconds=20)
"""How long an agent's phone rings before the offer counts as missed."""

REST = timedelta(seconds=60)
"""How long an agent who did not answer is left alone; twice as long for every further miss in a row."""

LONGEST_REST = timedelta(minutes=16)

LOOK_AGAIN = timedelta(seconds=60)
"""How long nobody is looked for at the longest for a caller who waits, whatever happens or does not happen."""


def rest_after(misses: int) -> timedelta:
    """How long an agent is left alone who has missed so many offers in a row, at least one."""
    doublings: int = min(misses - 1, 10)
    return min(REST * (1 << doublings), LONGEST_REST)


def next_look(waited: timedelta, until: timedelta | None) -> timedelta:
    """The wait at which a caller for whom nobody is idle is decided about again; ``until`` is the decision's."""
    soonest = waited + LOOK_AGAIN
    return soonest if until is None else min(soonest, until)


def all_were_asked(awake: Iterable[Agent], tried: Collection[str]) -> bool:
    """Whether everybody who could take the call was offered it before, so that they may all be asked once more."""
    return all(agent.id in tried for agent in awake)
