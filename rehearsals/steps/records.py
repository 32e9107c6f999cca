"""What was written down: promises, recordings, alarms."""

from __future__ import annotations

from datetime import datetime, timedelta

from ivr.core.counting import counted
from rehearsals import ledger, reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage, seconds
from rehearsals.steps.kinds import step
from routing.zones import to_local

MOST_FETCHING = timedelta(minutes=5)
"""How long a recording may take on its way into the vault."""


@step("promise", reading.due, within=reading.duration)
def promise(stage: Stage, asked: Step) -> None:
    """A promise of this kind is open, due at this local time."""

    wanted: reading.Due = asked.value

    def found() -> bool:
        return any(one.kind == wanted.kind and wanted.is_at(one.due_at) for one in ledger.promises(stage.world))

    if not stage.until(found, asked.options.get("within")):
        made = ", ".join(f"{one.kind} by {_local(one.due_at, wanted.zone)}" for one in ledger.promises(stage.world))
        raise Unmet(f"the promise {asked.text.partition(': ')[2]}", f"promised was {made or 'nothing'}")


def _local(at: datetime, zone: str) -> str:
    """An instant as a promise is written."""
    local = to_local(at, zone)
    turn = reading.turn_of(local, zone)
    which = "" if turn is None else (" (first)", " (second)")[turn]
    return f"{local:%Y-%m-%d %H:%M} {zone}{which}"


@step("promise kept", within=reading.duration)
def promise_kept(stage: Stage, asked: Step) -> None:
    """Everything that was promised so far is kept."""

    def states() -> list[str]:
        return [one.state for one in ledger.promises(stage.world)]

    if not stage.until(lambda: set(states()) == {"kept"}, asked.options.get("within")):
        raise Unmet("every promise kept", f"they are {', '.join(states()) or 'none'}")


@step("promise kept by", reading.person, within=reading.duration)
def promise_kept_by(stage: Stage, asked: Step) -> None:
    """The last promise that was kept was kept by this person."""

    def keeper() -> str | None:
        return next(iter(ledger.keepers(stage.world)[-1:]), None)

    if not stage.until(lambda: keeper() == asked.value, asked.options.get("within")):
        raise Unmet(f"{asked.value} to have kept the promise", f"it was {keeper() or 'nobody'}")


@step("promise missed", within=reading.duration)
def promise_missed(stage: Stage, asked: Step) -> None:
    """A promise was given up: the patient could not be reached in all tries."""

    def states() -> list[str]:
        return [one.state for one in ledger.promises(stage.world)]

    if not stage.until(lambda: "missed" in states(), asked.options.get("within")):
        raise Unmet("a promise to be missed", f"they are {', '.join(states()) or 'none'}")


@step("no promise")
def no_promise(stage: Stage, _asked: Step) -> None:
    """Nothing was promised in this rehearsal."""
    if made := ledger.promises(stage.world):
        raise Unmet("no promise", f"{made[0].kind} was promised")


@step("recordings in vault", reading.count, within=reading.duration)
def recordings_in_vault(stage: Stage, asked: Step) -> None:
    """So many recordings are whole in the vault, and none is left at the phone network."""
    within = asked.options.get("within", MOST_FETCHING)
    if not stage.until(lambda: ledger.vaulted(stage.world) == asked.value and not ledger.underway(stage.world), within):
        found = f"{ledger.vaulted(stage.world)} there, {ledger.underway(stage.world)} under way"
        raise Unmet(f"{counted(int(asked.value), 'recording')} in the vault", found)


@step("{sort} recording lasts", reading.duration, within=reading.duration)
def recording_lasts(stage: Stage, asked: Step) -> None:
    """The newest recording of this sort in the vault is about so long, to the second."""

    def length() -> int | None:
        kept = [one for one in ledger.recordings(stage.world) if one.kind == asked.blanks["sort"]]
        return kept[-1].duration_seconds if kept else None

    def right() -> bool:
        return bool(abs((length() or -9) - asked.value.total_seconds()) <= 1)

    if not stage.until(right, asked.options.get("within", MOST_FETCHING)):
        wanted = f"a {asked.blanks['sort']} recording of {seconds(asked.value)}"
        found = length()
        raise Unmet(wanted, f"the newest has {counted(found, 'second') if found else 'no seconds'}")


@step("no recording")
def no_recording(stage: Stage, _asked: Step) -> None:
    """Nothing was recorded in this rehearsal, by us or by the phone network."""
    if ledger.made(stage.world) or stage.net.recordings:
        raise Unmet("no recording", "something was recorded")


@step("alert", reading.words, within=reading.duration)
def alert(stage: Stage, asked: Step) -> None:
    """Supervisors were alarmed about this."""
    if not stage.until(lambda: asked.value in ledger.alerts(stage.world), asked.options.get("within")):
        raise Unmet(f"the alert {asked.value}", f"alerts: {', '.join(ledger.alerts(stage.world)) or 'none'}")
    stage.alerts.append(asked.value)
