"""What happens around an offer: how long it rings, how long whoever missed it is left alone, when it is tried again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from routing.agents import Agent

RING = timedelta(seconds=20)
"""How long an agent's phone rings before the offer counts as missed."""

NOT_READY = timedelta(seconds=60)
"""How long an agent who did not answer is left alone; twice as long for every further miss in a row."""

LONGEST_NOT_READY = timedelta(minutes=16)

LOOK_AGAIN = timedelta(seconds=60)
"""How long nobody is looked for at the longest for whoever stands first in their line, whatever happens or not."""

LOOK_AGAIN_BEHIND = timedelta(minutes=10)
"""The same for whoever stands behind somebody who asks for the same: what could serve them serves the first before.
Whoever becomes the first is looked for at once."""


def not_ready_after(misses: int) -> timedelta:
    """How long an agent is left alone who has missed so many offers in a row, at least one."""
    doublings: int = min(misses - 1, 10)
    return min(NOT_READY * (1 << doublings), LONGEST_NOT_READY)


def next_look(waited: timedelta, until: timedelta | None, *, first: bool = True) -> timedelta:
    """The wait at which a caller for whom nobody is idle is decided about again.

    ``until`` is the decision's; ``first``: nobody stands before them in their line.
    """
    soonest = waited + (LOOK_AGAIN if first else LOOK_AGAIN_BEHIND)
    return soonest if until is None else min(soonest, until)


def all_were_asked(awake: Iterable[Agent], already_offered: Collection[str]) -> bool:
    """Whether everybody who could take the call was offered it before, so that they may all be asked once more."""
    return all(agent.id in already_offered for agent in awake)
