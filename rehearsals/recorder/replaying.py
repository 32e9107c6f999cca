"""Playing a written call at once, to fill in its outcome and say whether it passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from phonesim import Trace
from rehearsals import ledger
from rehearsals.cast import CALLER, everybody_of
from rehearsals.errors import RehearsalError
from rehearsals.language import read_script
from rehearsals.provisioning import SET_UP, read_organisation
from rehearsals.recorder.converting import convert
from rehearsals.recorder.writing import Recorded, text
from rehearsals.running import EXAMPLE, Result, play
from rehearsals.world import World


def record(trace: Sequence[Trace], file: Path, *, config: Path | None = None, patients: str = "") -> Result:
    """Write the call of a trace to ``file``, play it, and fill in the outcome of what was played."""
    call = recorded(trace, config or EXAMPLE, patients)
    file.write_text(text(call), "utf-8")
    with _world(file, config) as world:
        play(read_script(file), world)
        outcomes = [one or "none" for one in ledger.outcomes(world)] or ["none"]
        alerts = sorted(set(ledger.alerts(world)))
    file.write_text(text(replace(call, outcome=outcomes, alerts=alerts)), "utf-8")
    with _world(file, config) as world:
        return play(read_script(file), world)


def recorded(trace: Sequence[Trace], config: Path, patients: str = "") -> Recorded:
    """Tell a call in the words of a rehearsal. Raises RehearsalError where nobody called."""
    first = next((entry for entry in trace if entry.kind == "dial"), None)
    if first is None:
        raise RehearsalError("nobody called, so there is nothing to write; dial one of the practice's numbers")
    organisation = read_organisation(config, first.at, allow_unsigned=True)
    cast = everybody_of(organisation, {CALLER: first.who, **_others(trace, first, frozenset(organisation.numbers))})
    dialled = organisation.dialled(first.detail["to"])
    zone = organisation.practice(dialled.practice).locations[dialled.location].timezone if dialled else "UTC"
    return Recorded(first.at, zone, first.detail["to"], first.who, convert(trace, cast, numbers_of(config)), patients)


def numbers_of(config: Path | None) -> frozenset[str]:
    """Return the numbers that people dial, and the numbers that we call from."""
    # The names of numbers do not depend on the day; an unsigned protocol does not keep a demo from being recorded.
    organisation = read_organisation(config or EXAMPLE, SET_UP, allow_unsigned=True)
    outbound = organisation.operator.outbound_number
    return frozenset(organisation.numbers) | ({outbound} if outbound else set())


def _others(trace: Sequence[Trace], first: Trace, numbers: frozenset[str]) -> dict[str, str]:
    """Return whoever else dialled a number of ours, each under a name of their own."""
    dials = (entry for entry in trace if entry.kind == "dial" and entry.detail["to"] in numbers)
    strangers = dict.fromkeys(entry.who for entry in dials if entry.who != first.who)
    return {f"other-{place}": address for place, address in enumerate(strangers, start=1)}


def _world(file: Path, config: Path | None) -> World:
    script = read_script(file)
    return World(config or EXAMPLE, script.at, allow_unsigned=True)
