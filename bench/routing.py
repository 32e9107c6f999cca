"""How near the real router comes to the theoretical optimum, in simulation.

Both sides of each ratio met the same dice, calls and handling times: the pooled bound is what no router can pass with
them, so that little of the ratio is chance. Where a ratio is judged, the long run of the bound is exact, by Erlang's
formula, that of the router is told by many runs beside theirs, and how sure that is decides with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean
from typing import NamedTuple

from bench.bank import rows as bank
from bench.rig.callcentre import AT, KINDS, Spread, callers, team
from bench.rows import Baseline, Row, reported, surely_at_most, within
from ivr.core.counting import counted
from ivr.workforce.random_arrivals import exponential
from routing.erlang import erlang_c
from routing.simulation.figures import RUNS, Figures, controlled, figures
from routing.simulation.line import Caller
from routing.simulation.play import Play
from routing.simulation.pooled import pooled_waits

AGENTS, HANDLING, WITHIN = 90, 180.0, 20.0
LOADS = (77.4, 84.0, 87.0)
TARGETS = {(84.0, Spread(6)): 1.05, (84.0, Spread(2)): 1.25, (84.0, Spread(3)): 1.10}
ODD = (Spread(2, level=3), Spread(3, level=3), Spread(2, pools=2))
JUDGED_CALLS, CALLS, WARM_UP = 40_000, 30_000, 0.1
OTHER = 2
"""Runs with other dice each where a ratio is only reported."""


class Run(NamedTuple):
    """What callers met with one set of dice, and their mean wait in one pool without skills."""

    met: Figures
    bound: float


def measure(quick: bool = False) -> list[Row]:
    """Mean wait and service level beside the bounds, calls overlooked, and a bank's days."""
    cells = [(load, Spread(skills)) for load in LOADS for skills in range(1, 7)] + [(84.0, spread) for spread in ODD]
    rows = [row for load, spread in cells for row in _quality(load, spread, quick)]
    return [*rows, _overlooked(8000 if quick else 800_000), *bank(WITHIN, quick=quick)]


def _quality(load: float, spread: Spread, quick: bool) -> Iterator[Row]:
    target = TARGETS.get((load, spread))
    calls = 1500 if quick else JUDGED_CALLS if target else CALLS
    runs = [_run(seed, load, spread, calls) for seed in range(RUNS if target else OTHER)]
    exact = erlang_c(AGENTS, load)
    waits, bounds = [run.met.mean_wait for run in runs], [run.bound for run in runs]
    wait, what = fmean(waits), f"mean wait, {_name(load, spread)}"
    if target:
        long_run = exact.mean_wait * HANDLING
        mean, half = controlled(waits, bounds, long_run)
        yield surely_at_most(f"{what}, in the long run", mean, half, "s", Baseline("pooled, exact", long_run), target)
    yield reported(what, wait, "s", Baseline(f"pooled, same dice in {counted(len(runs), 'run')}", fmean(bounds)))
    if spread.skills == 1:
        alone = erlang_c(AGENTS // len(KINDS), load / len(KINDS))
        yield reported(what, wait, "s", Baseline("six pools apart, exact", alone.mean_wait * HANDLING))
    level = Baseline("pooled, exact", 100 * exact.answered_within(WITHIN / HANDLING))
    yield reported(f"in {WITHIN:g} s, {_name(load, spread)}", 100 * fmean(run.met.within for run in runs), "%", level)


def _run(seed: int, load: float, spread: Spread, calls: int) -> Run:
    def asked() -> tuple[Iterator[Caller], Iterator[float]]:
        return callers(seed, load, HANDLING, calls), exponential(f"handling {seed}", HANDLING)

    coming, handling = asked()
    ended = [outcome for _, outcome in Play(team(spread, AGENTS), handling, AT).run(coming)]
    later = sorted(ended, key=lambda one: one.caller.number)[int(calls * WARM_UP) :]
    return Run(figures(later, WITHIN), fmean(list(pooled_waits(*asked(), AGENTS))[int(calls * WARM_UP) :]))


def _overlooked(calls: int) -> Row:
    """Looked at after every event, the worst case with two skills at the highest load."""
    play = Play(team(Spread(2), AGENTS), exponential("handling", HANDLING), AT)
    events = missed = 0
    for now in play.events(callers(0, max(LOADS), HANDLING, calls)):
        events += 1
        missed += bool(play.overlooked(now))
        play.ended.clear()
    return within(
        f"moments with a call beside an idle eligible agent, of {events / 1e6:.2g} million", missed, "moments", 0
    )


def _name(load: float, spread: Spread) -> str:
    level = "" if spread.level == 5 else ", second skills two levels lower"
    pools = "" if spread.pools == 1 else ", half of the agents in a pool at night"
    skills = "1 skill" if spread.skills == 1 else f"{counted(spread.skills, 'skill')}"
    return f"{skills} an agent, {load:g} erlangs{level}{pools}"
