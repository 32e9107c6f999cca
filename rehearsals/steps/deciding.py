"""Why things happened, in the words of the transcript."""

from __future__ import annotations

from rehearsals import ledger, reading
from rehearsals.decisions import decision
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.speech_matching import plain
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step


@step("decision", reading.words, within=reading.duration)
def decided(stage: Stage, asked: Step) -> None:
    """Sunline decides this, after whatever the last such step named."""

    def place() -> int | None:
        made = _made(stage)
        return next((at for at in range(stage.told, len(made)) if plain(asked.value) in plain(made[at])), None)

    if not stage.until(lambda: place() is not None, asked.options.get("within")):
        made = _made(stage)[stage.told :]
        raise Unmet(f"the decision {asked.value!r}", f"decided since then: {'; '.join(made) or 'nothing'}")
    stage.told = (place() or 0) + 1


@step("no decision", reading.words)
def not_decided(stage: Stage, asked: Step) -> None:
    """Sunline has not decided this so far."""
    found = [text for text in _made(stage) if plain(asked.value) in plain(text)]
    if found:
        raise Unmet(f"no decision {asked.value!r}", f"it was made: {found[0]}")


def _made(stage: Stage) -> list[str]:
    told = (decision(row, ledger.organisation_at(stage.world, row.at)) for row in ledger.events(stage.world))
    return [text for text in told if text]
