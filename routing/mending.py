"""What would put somebody where nobody is: the single things that stand between an agent and a call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from routing.agents import Agent, Need
from routing.eligible import refusals
from routing.hours import open_spans
from routing.sites import Pool

Lack = Literal["licence", "training", "not-in-shift", "shift-edge", "language", "skill"]
"""What can be mended, the quickest first. Contracts and policies ("pool", "outside-us") are meant and are no lack."""

_MENDABLE: tuple[str, ...] = get_args(Lack)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
LONGEST_WORK = timedelta(hours=13)
"""Nobody is asked for more within twenty-four hours: eleven are for rest (Directive 2003/88/EC, 3)."""


@dataclass(frozen=True, slots=True)
class Mend:
    """Were it not for ``lack``, these ``agents`` of ``pool`` could take the call."""

    lack: str
    pool: Pool
    agents: tuple[str, ...]


def mends(agents: Iterable[Agent], need: Need, at: datetime, until: datetime | None = None) -> tuple[Mend, ...]:
    """The single changes after which somebody more could take the call at the instant, the quickest first.

    Nobody is asked to work until ``until`` (an hour, where it is not given) who would then have less than eleven
    hours of twenty-four to rest.

    Of changes of the same kind, that of the pool whose hours are the nearest comes first: to stay an hour longer is
    less than to come at night.
    """
    found: defaultdict[tuple[str, str], list[Agent]] = defaultdict(list)
    for agent in agents:
        reasons = refusals(agent, need, at)
        if len(reasons) == 1 and reasons[0] in _MENDABLE and not _is_too_much(agent, reasons[0], at, until):
            found[reasons[0], agent.pool.id].append(agent)
    mended = (Mend(lack, team[0].pool, tuple(one.id for one in team)) for (lack, _), team in found.items())
    return tuple(sorted(mended, key=lambda mend: (_MENDABLE.index(mend.lack), _away(mend.pool, at), mend.pool.id)))


def _is_too_much(agent: Agent, lack: str, at: datetime, until: datetime | None) -> bool:
    """Whether the stretch would come on top of a day that is full already: any day that holds the whole of it.

    A day that begins or ends with work holds the most of it, so no other is looked at.
    """
    if lack != "not-in-shift":
        return False
    end = until or at + _HOUR
    worked = [(one.start, one.end) for one in open_spans(agent.calendar, end - _DAY, at + _DAY)]
    edges = (end - _DAY, at, *(start for start, _ in worked), *(over - _DAY for _, over in worked))
    days = [start for start in edges if end - _DAY <= start <= at]
    return any(end - at + _hours_of(worked, start) > LONGEST_WORK for start in days)


def _hours_of(worked: Iterable[tuple[datetime, datetime]], start: datetime) -> timedelta:
    """How much of the day from ``start`` on is worked."""
    parts = (min(over, start + _DAY) - max(begun, start) for begun, over in worked)
    return sum((part for part in parts if part > timedelta()), timedelta())


def _away(pool: Pool, at: datetime) -> timedelta:
    """How far the pool's nearest working hours are, up to a day."""
    spans = open_spans(pool.calendar, at - _DAY, at + _DAY)
    return min((max(span.start - at, at - span.end, timedelta()) for span in spans), default=_DAY)
