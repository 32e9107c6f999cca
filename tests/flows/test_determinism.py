"""The same log leads to the same place, always and everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from callflows.engine.replay import replay
from callflows.proof.graph import Report, Subject
from callflows.proof.position import Positions
from callflows.proof.subjects import sample_subjects
from tests.conftest import thorough
from tests.flows.small import made_brief

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = ("an offer", "a page")
CHOSEN_IN_FULL = ("messages", *CHOSEN)


def chosen(labels: tuple[str, ...] = CHOSEN) -> list[Subject]:
    """The flows of those labels, and what somebody hears who calls from a hospital."""
    backline = next(subject for subject in sample_subjects() if subject.flow == "backline")
    return [made_brief(backline), *(subject for subject in sample_subjects() if subject.label in labels)]


def digest(report: Report) -> str:
    """Everything asked, said and answered on the way to every state, in one short text."""
    seen = [(state.log, state.request) for state in report.states]
    made = [(edge.source, edge.answer, edge.made, edge.target, edge.outcome) for edge in report.edges]
    return sha256(repr((seen, made)).encode()).hexdigest()


SIZES = pytest.mark.parametrize("labels", [CHOSEN, thorough(CHOSEN_IN_FULL)], ids=["small", "in full"])


@SIZES
def test_two_replays_of_one_log_come_to_the_same_place(
    labels: tuple[str, ...], explored: Callable[[Subject], Report]
) -> None:
    for subject in chosen(labels):
        positions = Positions(subject.told)
        for state in explored(subject).states:
            one, two = (replay(subject.play(subject.told), state.log, state.request.key) for _ in range(2))
            assert (one.request, one.said, one.outcome) == (two.request, two.said, two.outcome)
            assert positions.of(one.flow) == positions.of(two.flow)


SCRIPT = """
import sys
from tests.flows.test_determinism import chosen, digest
from callflows.proof.explore import explore
print(*[digest(explore(subject)) for subject in chosen(tuple(sys.argv[1:]))])
"""


@SIZES
def test_another_process_with_another_hash_seed_walks_the_same_paths(
    labels: tuple[str, ...], explored: Callable[[Subject], Report]
) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
    shown = subprocess.run(
        [sys.executable, "-c", SCRIPT, *labels], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert shown.stdout.split() == [digest(explored(subject)) for subject in chosen(labels)]
