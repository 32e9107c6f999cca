"""Where an interpreter would help and none is configured."""

from __future__ import annotations

from ivr.directory import values
from ivr.directory.schema import OperatorFile, PracticeFile


def uninterpreted(operator: OperatorFile, practice: PracticeFile) -> tuple[str, ...]:
    """The languages of a practice that some agents speak and others do not, and nobody interprets.

    Empty where no service of the practice takes an agent with an interpreter, however long a caller waits.
    """
    steps = (step for entry in practice.services.values() for step in values.schedule(entry, interpreted=True))
    if all(step.give != "interpreter" for step in steps):
        return ()
    interpreted = {language for one in operator.interpreters for language in one.languages}
    spoken = [set(agent.languages) for agent in operator.agents]
    by_some = set[str]().union(*spoken) - spoken[0].intersection(*spoken)
    return tuple(language for language in practice.languages if language in by_some - interpreted)
