"""How near the real router comes to the theoretical optimum, in simulation.

Ninety agents and six kinds of calls, as in published studies of skills (Wallace and Whitt, 2005): fifteen agents are at
home in each kind and know some more, spread over all kinds. Both sides of each ratio met the same dice, calls and
handling times: the pooled bound is what no router can pass with them, so that little of the ratio is chance. The exact
figure of the long run is Erlang's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from math import inf
from pathlib import Path
from random import Random
from statistics import fmean
from typing import NamedTuple

from bench.rows import Baseline, Row, at_most, reported, within
from ivr.staffing.command import loads_of
from ivr.staffing.dice import arrivals, exponential, lognormal
from ivr.staffing.recorded import read_arrivals
from routing.agents import Agent, Need
from routing.erlang import erlang_c
from routing.hours import parse_weekly
from routing.simulation.figures import figures
from routing.simulation.line import Caller
from routing.simulation.play import Outcome, Play
from routing.simulation.pooled import pooled_waits
from routing.sites import Pool, Site

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("SUNLINE_TEST_DATA", ROOT.parent / "shared" / "data"))
BANK = DATA / "calls" / "israeli_bank_1999_h1_arrivals_6min.csv.gz"

AT = datetime(2026, 11, 3, tzinfo=UTC)
AGENTS, KINDS, HANDLING, WITHIN = 90, "ABCDEF", 180.0, 20.0
LOADS = (77.4, 84.0, 87.0)
TARGETS = {(84.0, 6): 1.05, (84.0, 2): 1.25, (84.0, 3): 1.10}
WARM_UP = 0.05
BANK_HANDLING = 185.0


class Cell(NamedTuple):
    """Agents with so many skills, the second ones at ``level``, in one pool or two of which one is at night."""

    load: float
    skills: int
    level: int = 5
    pools: int = 1

    @property
    def name(self) -> str:
        """What is measured."""
        level = "" if self.level == 5 else ", second skills two levels lower"
        pools = "" if self.pools == 1 else ", half of the agents in a pool at night"
        return f"{self.skills} skills an agent, {self.load:g} erlangs{level}{pools}"


class Bank(NamedTuple):
    """How half-hours of the bank went: seconds, a share, and the pooled bound in seconds."""

    mean_wait: float
    lost: float
    bound: float


def measure(quick: bool = False) -> list[Row]:
    """Mean wait and service level beside the bounds, calls overlooked, and a bank's days."""
    calls = 3000 if quick else 100_000
    cells = [Cell(load, skills) for load in LOADS for skills in (range(1, 7) if load == 84 else (1, 2, 3, 6))]
    odd = [Cell(84.0, 2, level=3), Cell(84.0, 3, level=3), Cell(84.0, 2, pools=2)]
    rows = [row for cell in (*cells, *odd) for row in _quality(cell, calls)]
    bank = _bank(3 if quick else 40) if BANK.is_file() else ()
    return [*rows, _overlooked(calls * 10), *bank]


def _quality(cell: Cell, calls: int) -> Iterator[Row]:
    exact = erlang_c(AGENTS, cell.load)
    waits = pooled_waits(_callers(cell.load, calls), exponential("handling", HANDLING), AGENTS)
    bound = fmean(list(waits)[int(calls * WARM_UP) :])
    ended = sorted(_played(cell, calls), key=lambda one: one.caller.number)[int(calls * WARM_UP) :]
    found = figures(ended, WITHIN)
    pooled = Baseline(f"pooled, same dice (long run {exact.mean_wait * HANDLING:.1f} s)", bound)
    target = TARGETS.get((cell.load, cell.skills)) if cell[2:] == (5, 1) else None
    what = f"mean wait, {cell.name}"
    if target:
        yield at_most(what, found.mean_wait, "s", pooled, target)
    else:
        yield reported(what, found.mean_wait, "s", pooled)
    if cell.skills == 1:
        alone = erlang_c(AGENTS // len(KINDS), cell.load / len(KINDS))
        yield reported(what, found.mean_wait, "s", Baseline("six pools apart, exact", alone.mean_wait * HANDLING))
    level = Baseline("pooled, exact", 100 * exact.answered_within(WITHIN / HANDLING))
    yield reported(f"in {WITHIN:g} s, {cell.name}", 100 * found.within, "%", level)


def _played(cell: Cell, calls: int) -> list[Outcome]:
    play = Play(_agents(cell), exponential("handling", HANDLING), AT)
    return [outcome for _, outcome in play.run(_callers(cell.load, calls))]


def _overlooked(calls: int) -> Row:
    """Looked at after every call that began, the worst case with two skills at the highest load."""
    play = Play(_agents(Cell(87.0, 2)), exponential("handling", HANDLING), AT)
    missed = sum(bool(play.overlooked(now)) for now, _ in play.run(_callers(87.0, calls)))
    return within(f"calls beside an idle eligible agent, in {2 * calls / 1e6:g} million events", missed, "calls", 0)


def _callers(load: float, calls: int) -> Iterator[Caller]:
    dice, needs = Random("kinds"), [Need("maple", kind, kind) for kind in KINDS]
    times = islice(arrivals("arrivals", [load] * (2 * int(calls / load) + 9), HANDLING), calls)
    return (Caller(at, dice.choice(needs), inf, number=number) for number, at in enumerate(times))


def _agents(cell: Cell, agents: int = AGENTS) -> tuple[Agent, ...]:
    always = parse_weekly({"mon-sun": ["00:00-24:00"]})
    zones = ("UTC", "Pacific/Auckland")[: cell.pools]
    pools = [Pool(zone.lower(), Site(zone.lower(), zone, "US", "IL"), always) for zone in zones]
    return tuple(_agent(number, cell, pools[number // 6 % cell.pools]) for number in range(agents))


def _agent(number: int, cell: Cell, pool: Pool) -> Agent:
    home, turn = number % len(KINDS), number // len(KINDS)
    more = [KINDS[(home + 1 + (turn + one) % 5) % len(KINDS)] for one in range(cell.skills - 1)]
    skills = {KINDS[home]: 5, **dict.fromkeys(more, cell.level)}
    return Agent(f"agent-{number:02}", pool, f"client:{number}", frozenset({"en-US"}), skills)


def _bank(days: int) -> Iterator[Row]:
    """A bank's busiest half-hour as it was measured: uneven days, log-normal calls, callers who hang up."""
    load = loads_of(read_arrivals(BANK), range(4))[21]
    busy = round(load.calls * BANK_HANDLING / 1800 * 1.1)
    uneven, even = (_bank_day(load.calls, dispersion, busy, 20 * days) for dispersion in (load.dispersion, 1.0))
    what = f"the bank's 10:30, {busy} agents with 2 skills"
    yield reported(f"mean wait, {what}", uneven.mean_wait, "s", Baseline("pooled, same dice", uneven.bound))
    yield reported(f"mean wait, {what}", uneven.mean_wait, "s", Baseline("were its days even", even.mean_wait))
    yield reported(f"hung up, {what}", 100 * uneven.lost, "%", Baseline("were its days even", 100 * even.lost))


def _bank_day(calls: float, dispersion: float, agents: int, half_hours: int) -> Bank:
    dice, patience = Random("bank"), exponential("patience", 406.0)
    needs = [Need("maple", kind, kind) for kind in KINDS]
    times = arrivals("bank", [calls] * half_hours, 1800.0, dispersion)
    callers = [Caller(at, dice.choice(needs), next(patience)) for at in times]
    bound = fmean(pooled_waits(callers, lognormal("handling", BANK_HANDLING, 1.96), agents))
    play = Play(_agents(Cell(0, 2), agents), lognormal("handling", BANK_HANDLING, 1.96), AT)
    found = figures((outcome for _, outcome in play.run(callers)), WITHIN)
    return Bank(found.mean_wait, found.lost, bound)
