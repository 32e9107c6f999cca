"""How often callers were told the truth about their wait: simulated callers, each told a band and then served.

Agents take callers in order. Talks are exponential, as the band takes them to be, or log-normal with the spread that
measured call centres have, as it does not (Brown et al., "Statistical Analysis of a Telephone Call Center", 2005: the
logarithm has a standard deviation near one).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import timedelta
from math import log
from random import Random

from bench.rows import Baseline, Row, at_least, reported
from routing.estimate import SURE, Band, Talks, band

AGENTS, LOAD = 12, 0.97
MEAN_SECONDS = 240.0
SPREAD = 1.0

Talk = Callable[[Random], float]
Told = tuple[Band | None, float]


def measure(quick: bool = False) -> list[Row]:
    """The share of the bands that held, of those who had to wait, and of those to whom nothing could be said."""
    calls = 2_000 if quick else 40_000
    return [*_rows("exponential talks", calls, _exponential), *_rows("log-normal talks", calls, _log_normal)]


def _rows(what: str, calls: int, talk: Talk) -> list[Row]:
    waited = [(said, timedelta(seconds=wait)) for said, wait in _day(calls, talk, Random(7)) if wait > 0]
    told = [(said, wait) for said, wait in waited if said is not None]
    held = sum(said.where(wait) == "inside" for said, wait in told) / len(told)
    wide = sum(said.high - said.low for said, _ in told) / len(told)
    return [
        at_least(f"estimated waits that were true, {what}", held, "of those told", Baseline("promised", SURE), 1.0),
        reported(f"width of an estimated wait, {what}", wide, "minutes"),
        reported(f"waits that were not estimated, {what}", 1 - len(told) / len(waited), "of those who waited"),
    ]


def _day(calls: int, talk: Talk, chance: Random) -> list[Told]:
    """Every caller's band and wait in seconds, in a line that is served in order."""
    free, starts, now, known = [0.0] * AGENTS, list[float](), 0.0, Talks(MEAN_SECONDS, 50)
    told: list[Told] = []
    for _ in range(calls):
        now += chance.expovariate(AGENTS * LOAD / MEAN_SECONDS)
        starts = [start for start in starts if start > now]
        busy = sum(until > now for until in free) if not starts else AGENTS
        length = known.length or timedelta()
        said = band([length] * busy + [timedelta()] * (AGENTS - busy), len(starts))
        start = max(now, heapq.heappop(free))
        lasts = talk(chance)
        heapq.heappush(free, start + lasts)
        starts += [start] if start > now else []
        told.append((said, start - now))
        known = known.with_one(lasts)
    return told


def _exponential(chance: Random) -> float:
    return chance.expovariate(1 / MEAN_SECONDS)


def _log_normal(chance: Random) -> float:
    return chance.lognormvariate(log(MEAN_SECONDS) - SPREAD**2 / 2, SPREAD)
