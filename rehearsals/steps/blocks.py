"""Steps that hold others: several people in one instant, and things that happen in whichever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import PATIENCE, Stage
from rehearsals.steps.kinds import ACTING, EXPECTING, perform, step

LOOK_EVERY = timedelta(seconds=1)


@step("at once", holds=ACTING)
def at_once(stage: Stage, asked: Step) -> None:
    """All of it is done in the same instant, and only then anything follows from it."""
    with stage.together():
        for one in asked.steps:
            _named(stage, one)


@step("in any order", holds=EXPECTING)
def in_any_order(stage: Stage, asked: Step) -> None:
    """All of it happens, in whichever order, each step within its own time from now."""
    until = {id(one): stage.world.now + one.options.get("within", PATIENCE) for one in asked.steps}
    missing = list(asked.steps)
    while missing := [one for one in missing if not _happened(stage, one, until[id(one)])]:
        stage.world.step(min(stage.world.now + LOOK_EVERY, *(until[id(one)] for one in missing)))


def _happened(stage: Stage, one: Step, until: datetime) -> bool:
    """Return whether it has happened by now. Raises Unmet once it is too late."""
    try:
        perform(stage, replace(one, options={**one.options, "within": timedelta()}))
    except Unmet as unmet:
        if stage.world.now >= until:
            raise Unmet(f"in time: {one.text}", unmet.found, one) from unmet
        return False
    return True


def _named(stage: Stage, one: Step) -> None:
    try:
        perform(stage, one)
    except Unmet as unmet:
        raise Unmet(unmet.expected, unmet.found, one) from unmet
