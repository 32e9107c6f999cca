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
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mend:
    """Were it not for ``lack``, these ``agents`` of ``pool`` could take the call."""

    lack: str
    pool: Pool
    agents: tuple[str, ...]


def mends(agents: Iterable[Agent], need: Need, at: datetime) -> tuple[Mend, ...]:
    """The single changes after which somebody more could take the call at the instant, the quickest first.

    Of changes of the same kind, that of the pool whose hours are the nearest comes first: to stay an hour longer is
    less than to come at night.
    """
    found: defaultdict[tuple[str, str], list[Agent]] = defaultdict(list)
    for agent in agents:
        reasons = refusals(agent, need, at)
        if len(reasons) == 1 and reasons[0] in _MENDABLE:
            found[reasons[0], agent.pool.id].append(agent)
    mended = (Mend(lack, team[0].pool, tuple(one.id for one in team)) for (lack, _), team in found.items())
    return tuple(sorted(mended, key=lambda mend: (_MENDABLE.index(mend.lack), _away(mend.pool, at), mend.pool.id)))


def _away(pool: Pool, at: datetime) -> timedelta:
    """How far the pool's nearest working hours are, up to a day."""
    spans = open_spans(pool.calendar, at - _DAY, at + _DAY)
    return min((max(span.start - at, at - span.end, timedelta()) for span in spans), default=_DAY)
