"""What was written down: promises, recordings, alarms."""

from __future__ import annotations

from datetime import timedelta

from rehearsals import ledger, reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step

MOST_FETCHING = timedelta(minutes=5)
"""How long a recording may take on its way into the vault."""


@step("promise", reading.due, within=reading.duration)
def promise(stage: Stage, asked: Step) -> None:
    """A promise of this kind is open, due at this local time."""

    wanted: reading.Due = asked.value

    def found() -> bool:
        return any(one.kind == wanted.kind and wanted.is_at(one.due_at) for one in ledger.promises(stage.world))

    if not stage.until(found, asked.options.get("within")):
        made = ", ".join(f"{one.kind} by {one.due_at:%Y-%m-%d %H:%M} UTC" for one in ledger.promises(stage.world))
        raise Unmet(f"the promise {asked.text.partition(': ')[2]}", f"promised was {made or 'nothing'}")


@step("promise kept", within=reading.duration)
def promise_kept(stage: Stage, asked: Step) -> None:
    """Everything that was promised so far is kept."""

    def states() -> list[str]:
        return [one.state for one in ledger.promises(stage.world)]

    if not stage.until(lambda: set(states()) == {"kept"}, asked.options.get("within")):
        raise Unmet("every promise kept", f"they are {', '.join(states()) or 'none'}")


@step("recordings in vault", reading.count, within=reading.duration)
def recordings_in_vault(stage: Stage, asked: Step) -> None:
    """So many recordings are whole in the vault, and none is left at the phone network."""
    within = asked.options.get("within", MOST_FETCHING)
    if not stage.until(lambda: ledger.vaulted(stage.world) == asked.value and not ledger.underway(stage.world), within):
        found = f"{ledger.vaulted(stage.world)} there, {ledger.underway(stage.world)} under way"
        raise Unmet(f"{asked.value} recordings in the vault", found)


@step("no recording")
def no_recording(stage: Stage, _asked: Step) -> None:
    """Nothing was recorded in this rehearsal, by us or by the phone network."""
    if ledger.recordings(stage.world) or stage.net.recordings:
        raise Unmet("no recording", "something was recorded")


@step("alert", reading.words, within=reading.duration)
def alert(stage: Stage, asked: Step) -> None:
    """Supervisors were alarmed about this."""
    if not stage.until(lambda: asked.value in ledger.alerts(stage.world), asked.options.get("within")):
        raise Unmet(f"the alert {asked.value}", f"alerts: {', '.join(ledger.alerts(stage.world)) or 'none'}")
    stage.alerts.append(asked.value)
