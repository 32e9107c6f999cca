"""Walking every path of every flow, as ``sunline check`` does with a customer's own configuration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from bench.rows import Baseline, Row, at_most, reported, within
from callflows.proof import samples
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.subjects import rung_subjects
from ivr.core.clock import SystemClock
from ivr.core.counting import counted
from ivr.directory.organisation import read_folder
from ivr.flows.subjects import subjects_of

CONFIG = Path(__file__).resolve().parents[1] / "config"
LIMIT_S = 60.0
MERGED = 0.05


def measure(quick: bool = False) -> list[Row]:
    """The example organisation, and merged states against plain enumeration."""
    *_, page = rung_subjects(samples.usual())
    return [*_organisation(quick), _merged(page)]


def _organisation(quick: bool) -> list[Row]:
    subjects = subjects_of(read_folder(CONFIG, at=SystemClock().now()))
    chosen = [subject for subject in subjects if not quick or subject.flow != "inbound"]
    answers: list[int] = []
    seconds = _seconds(lambda: answers.extend(len(_walked(subject)) for subject in chosen))
    what = "every flow of the example organisation" if not quick else "every flow but inbound"
    return [
        within(f"{what}: {counted(sum(answers), 'answer')} given", seconds, "s", LIMIT_S),
        reported("answers a second", sum(answers) / seconds, "a second"),
    ]


def _walked(subject: Subject) -> tuple[object, ...]:
    report = explore(subject)
    if report.violation:
        raise RuntimeError(f"{subject.flow}, {subject.label}: {report.violation.rule}")
    return report.edges


def _merged(subject: Subject) -> Row:
    every = _seconds(lambda: explore(subject, merge=False))
    merged = _seconds(lambda: explore(subject))
    return at_most(f"{subject.flow}, states merged", merged, "s", Baseline("every path by itself", every), MERGED)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
