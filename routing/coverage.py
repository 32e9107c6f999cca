"""Is somebody awake to answer, at every instant of a stretch of time, and how many?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise
from typing import NamedTuple

from routing.agents import Agent, Need
from routing.eligible import refusals
from routing.hours import Calendar, open_spans
from routing.sites import Pool, in_shift
from routing.spans import Span, joined, within
from routing.zones import to_utc

_DAY = timedelta(days=1)
_COMES_AND_GOES = frozenset({"not-in-shift", "shift-edge"})
"""Reasons of :func:`routing.eligible.refusals` that the hours of the agent decide; all others hold until an expiry."""

_Shift = tuple[Calendar, Span]


class Headcount(NamedTuple):
    """From ``start`` up to ``end``, ``people`` are eligible."""

    start: datetime
    end: datetime
    people: int


def awake(pools: Iterable[Pool], at: datetime) -> tuple[str, ...]:
    """The ids of the pools that are working at the instant, in the order given."""
    return tuple(pool.id for pool in pools if in_shift(pool, at))


def gaps(agents: Sequence[Agent], need: Need, start: datetime, end: datetime, people: int = 1) -> tuple[Span, ...]:
    """Every stretch between two instants in which fewer than ``people`` are eligible, each as long as it lasts."""
    return gaps_of(headcounts(agents, need, start, end), people)


def gaps_of(counted: Iterable[Headcount], people: int = 1) -> tuple[Span, ...]:
    """The stretches with fewer than ``people``."""
    return tuple(joined(Span(one.start, one.end) for one in counted if one.people < people))


def during(counted: Iterable[Headcount], spans: Sequence[Span]) -> Iterator[Headcount]:
    """The parts of headcounts that lie in ``spans``; both in order and apart."""
    passed = 0
    for one in counted:
        while passed < len(spans) and spans[passed].end <= one.start:
            passed += 1
        for span in islice(spans, passed, None):
            if span.start >= one.end:
                break
            yield Headcount(max(span.start, one.start), min(span.end, one.end), one.people)


def headcounts(agents: Sequence[Agent], need: Need, start: datetime, end: datetime) -> tuple[Headcount, ...]:
    """How many are eligible from ``start`` to ``end``, exact to the instant; neighbours differ in number.

    Nothing is sampled. Who is eligible changes only where a shift or break begins or ends and where a licence or
    training runs out: the expiries are asked about one by one, the edges of hours are swept once for all the agents who
    share them.
    """
    if start >= end:
        return ()
    steps: Counter[datetime] = Counter({start: 0, end: 0})
    for (calendar, bounds), many in Counter(_shifts(agents, need, Span(start, end))).items():
        for span in _staffed(calendar, need.edge_margin, bounds):
            steps[span.start] += many
            steps[span.end] -= many
    return tuple(_summed(steps, end))


def _summed(steps: Counter[datetime], end: datetime) -> Iterator[Headcount]:
    people, since, changes = 0, min(steps), sorted(at for at, change in steps.items() if change or at == end)
    for at in changes:
        if at > since:
            yield Headcount(since, at, people)
            since = at
        people += steps[at]


def _shifts(agents: Iterable[Agent], need: Need, whole: Span) -> Iterator[_Shift]:
    """The hours of everybody who may take the call, with the stretch in which nothing but hours stands against it."""
    for agent in agents:
        ends = sorted({*whole, *(edge for edge in _expiries(agent) if whole.start < edge < whole.end)})
        allowed = (Span(*pair) for pair in pairwise(ends) if set(refusals(agent, need, pair[0])) <= _COMES_AND_GOES)
        yield from ((agent.calendar, stretch) for stretch in joined(allowed))


def _staffed(calendar: Calendar, margin: timedelta, bounds: Span) -> Iterator[Span]:
    spans = open_spans(calendar, bounds.start, bounds.end)
    if not margin:
        return spans
    later = open_spans(calendar, bounds.start + margin, bounds.end + margin)
    sooner = tuple(Span(span.start - margin, span.end - margin) for span in later)
    return (part for span in spans for part in within(sooner, span))


def _expiries(agent: Agent) -> Iterator[datetime]:
    for licence in agent.licences:
        yield datetime.combine(licence.expires, time(), UTC) + _DAY
    if agent.trained_until is not None:
        yield to_utc(datetime.combine(agent.trained_until, time()) + _DAY, agent.pool.site.zone)
