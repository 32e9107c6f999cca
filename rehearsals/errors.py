"""What can go wrong with a rehearsal, apart from the call itself."""

from __future__ import annotations

from collections.abc import Iterable

from ivr.directory.problems import Problem
from rehearsals.script import Step


class RehearsalError(Exception):
    """A rehearsal cannot be run, or it found something wrong."""


class Unreadable(RehearsalError):
    """A rehearsal file that cannot be followed; every problem names file, line and mend."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class WorldStuck(RehearsalError):
    """Something that is due is never done, so time cannot go on."""


class Unmet(RehearsalError):
    """A step did not happen as it was written: what was ``expected`` and what was ``found`` instead.

    ``step`` is that step where it stands in another step.
    """

    def __init__(self, expected: str, found: str, step: Step | None = None) -> None:
        self.expected, self.found, self.step = expected, found, step
        super().__init__(f"expected {expected}; {found}")
