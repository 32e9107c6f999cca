"""Who can talk with whom."""

from __future__ import annotations

from itertools import permutations

from rehearsals import reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step


@step("connected", reading.people, within=reading.duration)
def connected(stage: Stage, asked: Step) -> None:
    """Each of them hears, and is heard by, every other."""
    if not stage.until(lambda: not _apart(stage, asked.value), asked.options.get("within")):
        one, other = _apart(stage, asked.value)[0]
        raise Unmet(f"{', '.join(asked.value)} to be connected", f"{one} cannot talk with {other}")


@step("not connected", reading.people)
def not_connected(stage: Stage, asked: Step) -> None:
    """None of them can talk with any other now."""
    everybody = list(permutations(asked.value, 2))
    together = [pair for pair in everybody if pair not in _apart(stage, asked.value)]
    if together:
        raise Unmet(f"{', '.join(asked.value)} not to be connected", f"{together[0][0]} talks with {together[0][1]}")


def _apart(stage: Stage, people: tuple[str, ...]) -> list[tuple[str, str]]:
    return [pair for pair in permutations(people, 2) if stage.cast.address(pair[1]) not in _reached(stage, pair[0])]


def _reached(stage: Stage, who: str) -> set[str]:
    line = stage.phone(who).line
    return set() if line is None else line.connected_to
