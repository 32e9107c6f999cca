"""Walking every path of every flow, as ``sunline check`` does with a customer's own configuration."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.rows import Baseline, Row, at_most, reported, within
from callflows.proof import samples
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.subjects import rung_subjects
from ivr.core.clock import SystemClock
from ivr.core.counting import counted
from ivr.directory.organisation import Organisation, organisation_of, read_folder
from ivr.flows.proofs import ProofFolder, count_cores, prove_each
from ivr.flows.subjects import subjects_of

CONFIG = Path(__file__).resolve().parents[1] / "config"
STATES = ("IL", "WI", "IN", "MI", "IA")
LOCATIONS = 14
EXAMPLE_S, LOCATIONS_S = 60.0, 180.0
"""Longest walks on two processors."""
MERGED = 0.05


def measure(quick: bool = False) -> list[Row]:
    """The example organisation, a practice of many locations, and merged states against plain enumeration."""
    example = read_folder(CONFIG, at=SystemClock().now())
    patient, *_ = rung_subjects(samples.usual())
    return [
        *_walked("the example organisation", subjects_of(example), EXAMPLE_S, quick),
        *_walked(f"a practice of {LOCATIONS} locations", subjects_of(_of_many_places(example)), LOCATIONS_S, quick),
        _merged(patient),
    ]


def _walked(whose: str, subjects: tuple[Subject, ...], limit: float, quick: bool) -> list[Row]:
    chosen = [subject for subject in subjects if not quick or subject.flow not in ("inbound", "backline")]
    cores = count_cores()
    answers: list[int] = []
    with TemporaryDirectory() as nothing_kept:
        folder = ProofFolder(Path(nothing_kept))
        seconds = _seconds(lambda: answers.extend(_answers(folder, chosen, cores)))
    what = f"every flow of {whose}" if not quick else f"the small flows of {whose}"
    size = f"{counted(len(chosen), 'walk')}, {counted(sum(answers), 'answer')}, {counted(cores, 'processor')}"
    return [
        within(f"{what}: {size}", seconds, "s", limit),
        reported(f"{what}: answers a second", sum(answers) / seconds, "a second"),
    ]


def _answers(folder: ProofFolder, subjects: list[Subject], cores: int) -> list[int]:
    """How many answers each walk gives. Raises RuntimeError where one is not safe."""
    walks = list(prove_each(folder, subjects, cores))
    for subject, walk in zip(subjects, walks, strict=True):
        if walk.proof is None:
            raise RuntimeError(f"{subject.flow}, {subject.label}: not safe; `sunline check` shows the path")
    return [walk.size[1] for walk in walks]


def _of_many_places(example: Organisation) -> Organisation:
    """The example with one practice, which has many locations in some states, each with numbers of its own."""
    tree = json.loads(example.body)
    practice = tree["practices"]["maple"]
    place = practice["locations"]["loop"]
    practice["locations"] = {
        f"place-{number}": {
            **deepcopy(place),
            "state": STATES[number % len(STATES)],
            "numbers": [f"+1312555{number:04}"],
        }
        for number in range(LOCATIONS)
    }
    tree["practices"] = {"maple": practice}
    return organisation_of(tree)


def _merged(subject: Subject) -> Row:
    every = _seconds(lambda: explore(subject, merge=False))
    merged = _seconds(lambda: explore(subject))
    return at_most(f"{subject.flow}, states merged", merged, "s", Baseline("every path by itself", every), MERGED)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
