"""Who is in shift, and how deep in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.agents import Agent
from routing.hours import Calendar, is_open, open_span, open_spans, without_breaks

FAR = timedelta(days=2)
"""How far the edges of a shift are looked for: whoever works around the clock is never near one."""


@dataclass(frozen=True, slots=True)
class Depth:
    """Where in a shift an instant lies: the time since it began and the time left of it, each at most :data:`FAR`."""

    since: timedelta
    left: timedelta

    @property
    def share(self) -> float:
        """How much of the shift is over, from 0.0 to under 1.0."""
        return self.since / (self.since + self.left)

    @property
    def to_edge(self) -> timedelta:
        """The distance to the nearer edge: how far it is to or from a hand-over."""
        return min(self.since, self.left)


def depth(calendar: Calendar, at: datetime) -> Depth | None:
    """How deep in a shift the instant is; None outside one. A break interrupts a shift and does not end it."""
    here = open_span(without_breaks(calendar), at, FAR)
    return Depth(at - here.start, here.end - at) if here else None


def signed_out_until(calendar: Calendar, at: datetime) -> datetime:
    """Until when somebody is away who signs out at the instant: to the end of their shift, or else of the next one.

    So nobody is missing from a later shift because a sign-out was forgotten. At most :data:`FAR` from the instant.
    """
    hours = without_breaks(calendar)
    here = open_span(hours, at, FAR) or next(open_spans(hours, at, at + FAR), None)
    return here.end if here else at + FAR


def at_work(agents: Iterable[Agent], at: datetime) -> tuple[str, ...]:
    """The ids of the agents at work at the instant, those on a break left out, in the order given."""
    return tuple(agent.id for agent in agents if is_open(agent.calendar, at))
