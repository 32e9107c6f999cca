"""``sunline patients``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from ivr.core.counting import counted
from ivr.core.instants import InstantType
from ivr.directory.problems import some
from ivr.installation.command_line import opened, refusals
from ivr.patients.csv_rows import plain_name
from ivr.patients.destination import Destination
from ivr.patients.import_job import ImportJob
from ivr.patients.records import PatientsRefused
from ivr.patients.report import place_beside, written_report
from ivr.patients.source import ENCODINGS, Form, UnreadableFile, require_file
from ivr.patients.stopping import StoppedHalfWay
from ivr.patients.survey import Survey

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REPORT = click.Path(dir_okay=False, path_type=Path)
LEFT_OUT = 3
"""The exit status when some were taken in and some left out."""
HALF_WAY = 4
"""The exit status when some were taken in before the import was stopped."""

MOST_SHOWN = 20
"""Faults that are shown; a report has all of them."""


@click.group("patients")
def patients() -> None:
    """The patients whom a practice's callers are matched with."""


@patients.command("import")
@click.argument("file", type=FILE)
@click.option("--practice", required=True, help="Whose patients they are.")
@click.option("--dry-run", is_flag=True, help="Read and count, keep nothing.")
@click.option("--skip-bad", is_flag=True, help="Leave out records with a fault and take in the others.")
@click.option(
    "--report",
    type=REPORT,
    help="Where every line with a fault or to be looked at is listed, readable by you alone; default: none, and with"
    " --skip-bad FILE.report.csv beside FILE.",
)
@click.option(
    "--encoding", type=click.Choice(ENCODINGS), help="What FILE is written in; default: as it says, or UTF-8."
)
@click.option(
    "--ignore", multiple=True, metavar="COLUMN", help="A column of CSV to pass over; may be given several times."
)
@click.option("--other-persons", is_flag=True, help="Take in records whose id is on file for somebody else.")
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
    skip_bad: bool,
    report: Path | None,
    encoding: str | None,
    ignore: tuple[str, ...],
    other_persons: bool,
    at: datetime | None,
    phones_since: datetime | None,
) -> None:
    """Take in FILE (.csv with a header, or .ndjson of FHIR R4). Nothing is kept before all of it was read.

    FHIR resources are Patient and RelatedPerson, who speaks for a patient.

    CSV columns: id, name, date_of_birth, and where known zip, phone, mrn, language, state, phone_since, deceased,
    payer, own_doctor, active, replaced_by. Of those who speak for patients: id, represents, name, relation, and where
    known date_of_birth, scope, proof, proof_seen_on, proof_seen_by, from, until, denied, active.

    One record with a fault keeps the file out, unless --skip-bad leaves it out. Nobody comes in twice, and nobody is
    removed: who is not in FILE stays as they are. Exits with 1 when nothing was taken in, with 3 when some were left
    out, with 4 when it was stopped half-way: the same command then takes in the rest.
    """
    form = Form(encoding, frozenset(map(plain_name, ignore)))
    since = phones_since.date() if phones_since else None
    place = report or (place_beside(file) if skip_bad else None)
    with refusals(), opened(context) as installation:
        require_file(file)
        to = Destination(installation, practice, at or installation.clock.now(), dry_run)
        _refuse_future(since, to.at)
        job = ImportJob(to, file, form, since)
        with written_report(place) as listen:
            found = job.look(listen, other_persons=other_persons)
        _refuse(found, file, place, skip_bad=skip_bad)
        try:
            told = job.carry_out(found)
        except StoppedHalfWay as stopped:
            click.echo(f"Error: {file.name}: {stopped}", err=True)
            sys.exit(HALF_WAY)
    for line in (*told, *_told_of(found, place)):
        click.echo(line)
    if found.left_out:
        sys.exit(LEFT_OUT)


def _refuse_future(since: date | None, at: datetime) -> None:
    if since and since > at.date():
        mend = "write the day on which the numbers were taken down, or leave it out"
        raise click.BadParameter(f"{since} is in the future; {mend}", param_hint="'--phones-since'")


def _refuse(found: Survey, file: Path, place: Path | None, *, skip_bad: bool) -> None:
    """Raise where nothing is to be taken in."""
    out = len(found.left_out)
    if not found.read:
        raise UnreadableFile(f"{file.name} has no records; look whether the export went wrong")
    if out and skip_bad and found.is_day_first:
        raise UnreadableFile(
            f"the dates in {file.name} are written day first, so that others would be read wrongly;"
            " write them as YYYY-MM-DD"
        )
    if out and (not skip_bad or not found.taken):
        of = f"{out} of {counted(found.read, 'record')}"
        summary = f"{of} left out: nothing was taken in"
        if found.taken:
            summary = f"{of} would be left out, and nothing was taken in; --skip-bad takes in the other {found.taken}"
        if found.faulty > MOST_SHOWN:
            more = f"and {counted(found.faulty - MOST_SHOWN, 'more fault')}; "
            summary = f"{more}{'all are in ' + str(place) if place else '--report FILE lists all'}\n{summary}"
        raise PatientsRefused(found.faults[:MOST_SHOWN], summary)


def _told_of(found: Survey, place: Path | None) -> Iterator[str]:
    for (name, what), many in found.columns.items():
        lines = found.first_lines[name, what]
        more = [f"{many - len(lines)} more"] if many > len(lines) else []
        where = f"{'lines' if many > 1 else 'line'} {some([*map(str, lines), *more])}"
        yield f"the {name} of {counted(many, 'record')} {what} ({where})"
    told = []
    if found.left_out:
        told.append(f"{len(found.left_out)} of {counted(found.read, 'record')} left out")
    if found.warnings:
        what = "on what may be two records of one person, recognises nobody, or does not show"
        told.append(f"{counted(found.warnings, 'remark')} {what}")
    if told:
        yield f"{'; '.join(told)}: {f'lines and reasons are in {place}' if place else '--report FILE lists them'}"
