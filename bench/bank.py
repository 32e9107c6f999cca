"""Whole days of a bank's centre, as they were recorded, through the real router.

Brown et al. ("Statistical analysis of a telephone call center", JASA 100, 2005) describe the centre: calls last 185
seconds in the mean and are log-normal, callers have 406 seconds of patience. Its own staffing is not known; people are
planned by half-hour for the mean of all days, as they would be for days that are not known beforehand.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random

from bench.rig.callcentre import AT, NEEDS, Spread, on_shifts, team
from bench.rows import Baseline, Row, reported
from ivr.core.counting import counted
from ivr.workforce import random_arrivals
from ivr.workforce.random_arrivals import exponential, lognormal
from ivr.workforce.recorded_arrivals import Came, read_arrivals
from ivr.workforce.staffing_command import loads_of, of_weekdays
from ivr.workforce.staffing_need import Goal, Load, needed
from routing.hours import WeeklyHours, Window
from routing.simulation.figures import Figures, figures
from routing.simulation.line import Caller
from routing.simulation.play import Play

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("SUNLINE_TEST_DATA", ROOT.parent / "shared" / "data"))
FILE = DATA / "calls" / "israeli_bank_1999_h1_arrivals_6min.csv.gz"
WORKDAYS = (6, 0, 1, 2, 3)
"""Sunday to Thursday."""

IN_TIME, HUNG_UP = 41.0, 18.9
"""Per cent of the calls to agents, as the centre itself had it."""

TRY = 600
"""Calls of each half-hour that staffing is tried with."""


def rows(seconds: float, *, quick: bool = False) -> Iterator[Row]:
    """How callers of all workdays fare with two skills an agent; answered in time is within so many ``seconds``."""
    if not FILE.is_file():
        return
    came = read_arrivals(FILE, "Asia/Jerusalem")
    loads = loads_of(of_weekdays(came, WORKDAYS))
    shifts = _shifts([_people(load, seconds) for load in (loads[20:22] * 24 if quick else loads)])
    days = _days(came)[: 1 if quick else None]
    two, all_of_them = (_played(days, skills, shifts, seconds) for skills in (2, len(NEEDS)))
    what = f"{counted(len(days), 'whole day')} of the bank, at most {counted(len(shifts), 'agent')} with 2 skills"
    yield reported(
        f"mean wait, {what}", two.mean_wait, "s", Baseline("everybody has all skills, same dice", all_of_them.mean_wait)
    )
    for name, ours, other, theirs in (
        (f"in {seconds:g} s", two.within, all_of_them.within, IN_TIME),
        ("hung up", two.lost, all_of_them.lost, HUNG_UP),
    ):
        yield reported(f"{name}, {what}", 100 * ours, "%", Baseline("everybody has all skills, same dice", 100 * other))
        yield reported(f"{name}, {what}", 100 * ours, "%", Baseline("the bank in 1999, staffing unknown", theirs))


def _people(load: Load, seconds: float) -> int:
    """As many as the service level needs of people with two skills each."""
    needs = dict.fromkeys(NEEDS, 1 / len(NEEDS))
    return needed(team(Spread(2), 30), needs, load, Goal(0.8, seconds, 185.0, 1.96, 406.0), AT, TRY).total


def _shifts(people: Sequence[int]) -> list[WeeklyHours]:
    """Who works when: the first agent in all half-hours with anybody, the last only in the busiest."""
    return [_hours([slot for slot, many in enumerate(people) if many > number]) for number in range(max(people))]


def _hours(slots: Iterable[int]) -> WeeklyHours:
    windows: list[Window] = []
    for slot in slots:
        start = windows.pop().start if windows and windows[-1].end == slot * 30 else slot * 30
        windows.append(Window(start, slot * 30 + 30))
    return WeeklyHours((tuple(windows),) * 7)


def _days(came: Iterable[Came]) -> list[list[Came]]:
    days: dict[date, list[Came]] = {}
    for one in came:
        if one.wall.weekday() in WORKDAYS:
            days.setdefault(one.wall.date(), []).append(one)
    return list(days.values())


def _played(days: Sequence[Sequence[Came]], skills: int, shifts: list[WeeklyHours], seconds: float) -> Figures:
    dice, patience = Random("bank"), exponential("patience", 406.0)
    counts = [one.calls for day in days for one in day]
    callers = (Caller(at, dice.choice(NEEDS), next(patience)) for at in random_arrivals.counted("bank", counts, 360.0))
    play = Play(on_shifts(Spread(skills), shifts), lognormal("handling", 185.0, 1.96), AT)
    return figures((outcome for _, outcome in play.run(callers)), seconds)
