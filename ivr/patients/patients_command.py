"""``sunline patients``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ivr.audit.append import append
from ivr.core.ids import random_ids
from ivr.core.instants import InstantType
from ivr.directory import revisions
from ivr.installation.command_line import Installation, opened, refusals
from ivr.patients.importing import Counts, carry_out, plan_import, read_patients
from ivr.patients.records import PatientRecord
from ivr.patients.sealing import Sealed, seal_patients

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("patients")
def patients() -> None:
    """The patients whom a practice's callers are matched with."""


@patients.command("import")
@click.argument("file", type=FILE)
@click.option("--practice", required=True, help="Whose patients they are.")
@click.option("--dry-run", is_flag=True, help="Read and count, keep nothing.")
@click.option("--at", type=InstantType(), help="The instant of the import, such as 2026-11-22; default: now.")
@click.option(
    "--phones-since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day since which the numbers are known, such as 2026-11-22; default: the day of the import.",
)
@click.pass_context
def import_patients(
    context: click.Context,
    file: Path,
    practice: str,
    dry_run: bool,
    at: datetime | None,
    phones_since: datetime | None,
) -> None:
    """Take in FILE (.csv with a header, or .ndjson of FHIR R4 Patient). All of it or nothing; never anybody twice.

    CSV columns: id, name, date_of_birth, and where known zip, phone, mrn, language, state, phone_since, deceased,
    payer.
    """
    with refusals(), opened(context) as installation:
        when = at or installation.clock.now()
        sealed = _sealed(installation, practice, read_patients(file, when))
        counts = _store(installation, sealed, when, phones_since, dry_run=dry_run)
    click.echo(f"{file.name}: {counts}{' (dry run: nothing was kept)' if dry_run else ''}")


def _sealed(installation: Installation, practice: str, records: tuple[PatientRecord, ...]) -> Sealed:
    with installation.database.read() as connection:
        revisions.load(connection).practice(practice)
    with click.progressbar(length=len(records), label="sealing") as bar:
        return seal_patients(installation.cipher, practice, records, lambda done: bar.update(1))


def _store(
    installation: Installation, sealed: Sealed, at: datetime, phones_since: datetime | None, *, dry_run: bool
) -> Counts:
    since = phones_since.date() if phones_since else None
    with installation.database.write() as connection:
        plan = plan_import(connection, sealed, at, random_ids(), since)
        if dry_run:
            return plan.counts
        counts = carry_out(connection, plan)
        append(
            connection,
            at=at,
            actor=installation.actor,
            action="patients.import",
            outcome="ok",
            practice_id=sealed.practice_id,
            reason=str(counts),
        )
    return counts
