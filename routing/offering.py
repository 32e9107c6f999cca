"""Around an offer: how long it rings, how long an agent who missed it is not ready, when it is made again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from routing.agents import Agent

RING = timedelta(seconds=20)
"""How long an agent's phone rings before the offer counts as missed."""

NOT_READY = timedelta(seconds=60)
"""How long an agent who did not answer is left alone; twice as long for every further miss in a row."""

LONGEST_NOT_READY = timedelta(minutes=16)

MATCH_AGAIN = timedelta(seconds=60)
"""The longest time after which a call that is first in its line is decided about again, whatever happens or not."""

MATCH_AGAIN_BEHIND = timedelta(minutes=10)
"""The same for a call behind one that asks for the same: an agent who could serve it serves the first before.
A call that becomes the first is decided about at once."""


def not_ready_for(misses: int) -> timedelta:
    """How long an agent is left alone who has missed so many offers in a row, at least one."""
    doublings: int = min(misses - 1, 10)
    return min(NOT_READY * (1 << doublings), LONGEST_NOT_READY)


def next_match_after(waited: timedelta, until: timedelta | None, *, first: bool = True) -> timedelta:
    """The wait at which a caller for whom nobody is idle is decided about again.

    ``until`` is the decision's; ``first``: they are the first in their line.
    """
    soonest = waited + (MATCH_AGAIN if first else MATCH_AGAIN_BEHIND)
    return soonest if until is None else min(soonest, until)


def all_were_offered(awake: Iterable[Agent], already_offered: Collection[str]) -> bool:
    """Whether everybody who could take the call was offered it before, so that it may be offered to all once more."""
    return all(agent.id in already_offered for agent in awake)
