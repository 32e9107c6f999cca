"""Is somebody awake to answer, at every instant of a stretch of time?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from routing.agents import Agent, Need
from routing.eligible import is_eligible
from routing.hours import Calendar, open_spans
from routing.sites import Pool, in_shift
from routing.spans import Span
from routing.zones import to_utc

_DAY = timedelta(days=1)


def awake(pools: Iterable[Pool], at: datetime) -> tuple[str, ...]:
    """The ids of the pools that are working at the instant, in the order given."""
    return tuple(pool.id for pool in pools if in_shift(pool, at))


def gaps(agents: Sequence[Agent], need: Need, start: datetime, end: datetime) -> tuple[Span, ...]:
    """Every stretch between two instants in which nobody is eligible, exact to the instant and as long as it lasts.

    Nothing is sampled: who is eligible changes only where a shift begins or ends and where a licence or training
    runs out, so asking at each of those instants is asking at all of them.
    """
    found: list[Span] = []
    for one, other in pairwise(_cuts(agents, need, start, end)):
        if any(is_eligible(agent, need, one) for agent in agents):
            continue
        joined = found.pop().start if found and found[-1].end == one else one
        found.append(Span(joined, other))
    return tuple(found)


def _cuts(agents: Sequence[Agent], need: Need, start: datetime, end: datetime) -> list[datetime]:
    shifts = {agent.calendar for agent in agents}
    edges = {edge for shift in shifts for edge in _shift_edges(shift, need, start, end)}
    edges |= {edge for agent in agents for edge in _expiries(agent)}
    return sorted({start, end} | {edge for edge in edges if start < edge < end})


def _shift_edges(shift: Calendar, need: Need, start: datetime, end: datetime) -> Iterator[datetime]:
    for span in open_spans(shift, start, end + need.edge_margin):
        yield from (span.start, span.end, span.start - need.edge_margin, span.end - need.edge_margin)


def _expiries(agent: Agent) -> Iterator[datetime]:
    for licence in agent.licences:
        yield datetime.combine(licence.expires, time(), UTC) + _DAY
    if agent.trained_until is not None:
        yield to_utc(datetime.combine(agent.trained_until, time()) + _DAY, agent.pool.site.zone)
