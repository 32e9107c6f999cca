"""The end of a rehearsal: nothing may be left ringing, stranded, undone or unexplained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from callflows.call_record.record import find_gaps
from ivr.core.counting import counted
from rehearsals import ledger
from rehearsals.stage import Stage

TOLD = ("error", "reason", "kind", "problem", "exc_info", "key", "flow")
"""The fields of a logged error that are shown."""
NO_CONVERSATION = ("none",)
"""The outcome of a call that never reached us."""
LONGEST_END = timedelta(minutes=5)


def wind_down(stage: Stage) -> None:
    """Let the calls end and the effects finish that the last step has started."""
    stage.until(lambda: _quiet(stage), LONGEST_END)


def list_problems(stage: Stage) -> list[str]:
    """List everything that is wrong at the end."""
    return [*_outcome(stage), *_phones(stage), *_alarms(stage), *_log(stage), *_left_over(stage), *_records(stage)]


def _quiet(stage: Stage) -> bool:
    over = all(leg.ended for leg in stage.net.legs.values()) and not ledger.live_legs(stage.world)
    return over and not ledger.underway(stage.world) and not ledger.effects(stage.world, "ready", "leased")


def _outcome(stage: Stage) -> Iterator[str]:
    wanted = stage.script.outcome
    found = ledger.outcomes(stage.world)[-len(wanted) :]
    if tuple(found) != wanted and (found or wanted != NO_CONVERSATION):
        yield f"the outcome was {_listed(found)}, not {_listed(wanted)}"


def _listed(outcomes: Sequence[str | None]) -> str:
    return ", ".join(repr(one or "still open") for one in outcomes) or repr("none")


def _phones(stage: Stage) -> Iterator[str]:
    for leg in stage.net.legs.values():
        if not leg.ended:
            yield f"the call of {stage.cast.name(leg.address)} is still {leg.status}"
    if not stage.others_may_ring:
        for ring in stage.rings:
            yield f"{stage.cast.name(ring.address)}'s phone rang at {ring.at:%H:%M:%S} UTC, which no step mentions"


def _alarms(stage: Stage) -> Iterator[str]:
    for entry in stage.net.alerts:
        if entry.code not in stage.script.warnings:
            yield f"the phone network complained: {entry.code} {entry.message}"
    raised = ledger.alerts(stage.world)
    for what in sorted(set(raised) - set(stage.alerts)):
        yield f"there was an alert that no step mentions: {what}"
    for what in sorted(set(stage.script.alerts) - set(raised)):
        yield f"the alert {what} was expected and did not come"


def _log(stage: Stage) -> Iterator[str]:
    for entry in stage.world.log:
        if entry["log_level"] in ("error", "critical") and entry["event"] not in stage.script.errors:
            said = ", ".join(f"{name} {value}" for name, value in entry.items() if name in TOLD)
            yield f"an error was logged: {entry['event']} ({said})"


def _records(stage: Stage) -> Iterator[str]:
    """The record of a call is complete: nothing is left open in it, and it tells of every answer, page and offer."""
    for record, answers, rung in ledger.records(stage.world):
        for gap in find_gaps(record):
            yield f"the record of a call says nothing of: {gap}"
        if (told := sum(isinstance(row[0], datetime) for row in record.part("Questions").rows)) < answers:
            yield f"the record of a call tells of {counted(told, 'answer')}, and {answers} were logged"
        if (called := len({row[0] for row in record.part("Called").rows})) < rung:
            yield f"the record of a call tells of {called} who were called, and there were {rung}"


def _left_over(stage: Stage) -> Iterator[str]:
    world = stage.world
    left = {
        "legs that have not ended": ledger.live_legs(world),
        "conversations that failed": ledger.failed_legs(world),
        "effects that failed": [] if "effect-failed" in stage.alerts else ledger.effects(world, "failed"),
        "effects not carried out": ledger.effects(world, "ready", "leased"),
        "timers that did not fire": ledger.overdue_timers(world),
        "decisions that come out otherwise when asked again": ledger.decided_otherwise(world),
        "agents still held": ledger.engaged_agents(world),
        "calls still looking for an agent": ["one"] * ledger.waiting_callers(world),
    }
    for what, found in left.items():
        if found:
            yield f"{what}: {', '.join(found)}"
