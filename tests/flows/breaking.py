"""Flows that break a rule, walked with that rule alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callflows.prompts import Line
from callflows.proof import samples
from callflows.proof.events import Monitor
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.possible import HANG_UP, World
from callflows.vocabulary import (
    Flow,
    Outcome,
)

CALL = samples.call(samples.practice(samples.NURSE, protocol=samples.PROTOCOL, languages=("en-US", "es-US")))
COMFORT = (Line("wait.comfort"),)
BREATH = frozenset({"Hard to breathe?"})
END = Outcome("done")
RED = World()
RUNG = World(interruptions=(HANG_UP,))


def broken(flow: Callable[[Any], Flow], monitor: Monitor, world: World = RED, told_: object = CALL) -> str:
    """The rule that ``flow`` breaks."""
    violation = explore(Subject("bad", "bad", flow, told_, (monitor,), world)).violation
    return violation.rule if violation else ""
