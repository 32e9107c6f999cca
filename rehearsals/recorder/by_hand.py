"""``sunline rehearse --record``: from a call on the demo's phones to a rehearsal file."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import click

from ivr.directory.problems import DirectoryError
from phonesim import Trace
from phonesim.client import SimClient
from phonesim.errors import PhonesimError
from rehearsals.errors import RehearsalError
from rehearsals.recorder.following import Phones, follow
from rehearsals.recorder.replaying import numbers_of, record
from rehearsals.report import failure, summary

NETWORK = "http://127.0.0.1:8100"
"""Where the demo's phones are."""
POLL_SECONDS = 0.25
WARNING = "The file holds what was said and keyed: keep it as you keep patient data. PINs are not in it."

NEW = "It was played on a new installation, where nobody has talked yet: another agent may be the one who is chosen."


def by_hand(file: Path, network: str, *, config: Path | None, patients: Path | None, force: bool) -> int:
    """Follow a call, write it and play it. Return the exit status."""
    if file.exists() and not force:
        raise click.ClickException(f"{file} exists; choose another name, or add --force to replace it")
    click.echo(f"Waiting for a call on the phones at {network}; Ctrl-C ends the recording")
    try:
        trace = _heard(SimClient(network), numbers_of(config), network)
        result = record(trace, file, config=config, patients=_beside(patients, file))
    except (RehearsalError, DirectoryError, PhonesimError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{file} is written. {WARNING}")
    click.echo(summary(result) if result.passed else f"{failure(result)}\n{summary(result)}\n{NEW}")
    return 0 if result.passed else 1


def _heard(phones: Phones, numbers: frozenset[str], network: str) -> Sequence[Trace]:
    trace: list[Trace] = []
    try:
        for entry in follow(phones, numbers, lambda: time.sleep(POLL_SECONDS)):
            trace.append(entry)
    except PhonesimError as problem:
        raise click.ClickException(f"no phones at {network}; start `make demo`, or name them by --network") from problem
    except KeyboardInterrupt:
        click.echo("Stopped; writing what happened until now")
    return trace


def _beside(patients: Path | None, file: Path) -> str:
    return "" if patients is None else os.path.relpath(patients, file.parent)
