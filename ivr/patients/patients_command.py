"""``sunline patients``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Connection

from ivr.audit.append import append
from ivr.core.counting import counted
from ivr.core.ids import random_ids
from ivr.core.instants import InstantType
from ivr.directory import revisions
from ivr.directory.problems import Problem
from ivr.installation.command_line import Installation, opened, refusals
from ivr.patients import on_file
from ivr.patients.csv_reader import plain_name
from ivr.patients.importing import (
    Batch,
    Counts,
    batches,
    carry_out,
    count_on_file,
    plan_import,
    replaced_records,
    set_aside,
)
from ivr.patients.records import PatientRecord, PatientsRefused
from ivr.patients.report import place_beside, written_report
from ivr.patients.sealing import seal_patients
from ivr.patients.source import ENCODINGS, Form, Progress, UnreadableFile
from ivr.patients.survey import Listen, Survey, survey

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REPORT = click.Path(dir_okay=False, path_type=Path)
LEFT_OUT = 3
"""The exit status when some were taken in and some left out."""

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
    """Take in FILE (.csv with a header, or .ndjson of FHIR R4 Patient). Nothing is kept before all of it was read.

    CSV columns: id, name, date_of_birth, and where known zip, phone, mrn, language, state, phone_since, deceased,
    payer, active, replaced_by.

    One record with a fault keeps the file out, unless --skip-bad leaves it out. Nobody comes in twice, and nobody is
    removed: who is not in FILE stays as they are. Exits with 1 when nothing was taken in, with 3 when some were left
    out.
    """
    form = Form(encoding, frozenset(map(plain_name, ignore)))
    since = phones_since.date() if phones_since else None
    place = report or (place_beside(file) if skip_bad else None)
    with refusals(), opened(context) as installation:
        job = _Import(installation, file, practice, at or installation.clock.now(), form, since, dry_run)
        with written_report(place) as listen:
            found = job.look(listen, other_persons=other_persons)
        _refuse(found, file, place, skip_bad=skip_bad)
        told = job.carry_out(found)
    for line in (*told, *_told_of(found, place)):
        click.echo(line)
    if found.left_out:
        sys.exit(LEFT_OUT)


@dataclass(slots=True)
class _Import:
    installation: Installation
    file: Path
    practice: str
    at: datetime
    form: Form
    phones_since: date | None
    dry_run: bool
    counts: Counts = field(default_factory=Counts)
    aside: int = 0
    noted: bool = False
    before: tuple[int, int] = (0, 0)

    def look(self, listen: Listen, *, other_persons: bool) -> Survey:
        """Read all of the file, and compare it with what is on file."""
        self.before = self._mark()
        with self.installation.database.read() as connection:
            revisions.load(connection).practice(self.practice)
        with self._bar("reading") as progress:
            return survey(
                self.file,
                self.at,
                self.form,
                compare=partial(self._compare, other_persons=other_persons),
                listen=listen,
                progress=progress,
            )

    def carry_out(self, found: Survey) -> list[str]:
        """Seal and store what is to be taken, in steps between which calls go on. What was done, in words."""
        with self._bar("sealing") as progress:
            for batch in self._unchanged_file(batches(self.file, self.at, found, self.form, progress)):
                self._store(batch.taken)
                if batch.aside:
                    self._set_aside(batch.aside)
        self._set_aside(replaced_records(found), is_last=True)
        with self.installation.database.read() as connection:
            others = count_on_file(connection, self.practice) - self.counts.updated - self.counts.unchanged
        others -= 0 if self.dry_run else self.counts.created
        kept = " (dry run: nothing was kept)" if self.dry_run else ""
        lines = [f"{self.file.name}: {self.counts}{kept}"]
        if self.aside:
            lines.append(
                f"{counted(self.aside, 'record')} on file set aside, as others replace them or as what came of them"
                " was left out: nobody is recognised by them"
            )
        if others:
            whose = counted(others, "other record")
            lines.append(f"the practice has {whose}, left as before: an import removes nobody who is not in its file")
        return lines

    def _compare(self, records: list[PatientRecord], *, other_persons: bool) -> list[Problem]:
        with self.installation.database.read() as connection:
            cipher, file = self.installation.cipher, str(self.file)
            return list(on_file.compare(connection, cipher, self.practice, records, file, other_persons=other_persons))

    def _store(self, taken: Iterable[PatientRecord]) -> None:
        sealed = seal_patients(self.installation.cipher, self.practice, taken)
        with self._transaction() as connection:
            plan = plan_import(connection, sealed, self.at, random_ids(), self.phones_since)
            self.counts += plan.counts
            if self.dry_run:
                return
            carry_out(connection, plan)
            if plan.new or plan.changed:
                self._note(connection, str(plan.counts))

    def _set_aside(self, records: Iterable[PatientRecord], *, is_last: bool = False) -> None:
        with self._transaction() as connection:
            aside = set_aside(
                connection, self.installation.cipher, self.practice, records, self.at, dry_run=self.dry_run
            )
            self.aside += aside
            if not self.dry_run and (aside or (is_last and not self.noted)):
                self._note(connection, f"set aside {aside}" if aside else str(self.counts))

    def _note(self, connection: Connection, reason: str) -> None:
        append(
            connection,
            at=self.at,
            actor=self.installation.actor,
            action="patients.import",
            outcome="ok",
            practice_id=self.practice,
            reason=reason,
        )
        self.noted = True

    def _transaction(self) -> AbstractContextManager[Connection]:
        database = self.installation.database
        return database.read() if self.dry_run else database.write()

    def _unchanged_file(self, read: Iterator[Batch]) -> Iterator[Batch]:
        """The batches, unless the file became another since it was looked through."""
        for batch in read:
            if self._mark() != self.before:
                raise UnreadableFile(f"{self.file.name} was changed while it was read; import it again")
            yield batch

    def _mark(self) -> tuple[int, int]:
        state = self.file.stat()
        return state.st_size, state.st_mtime_ns

    @contextmanager
    def _bar(self, label: str) -> Iterator[Progress]:
        with click.progressbar(length=self.file.stat().st_size, label=label, file=sys.stderr) as bar:
            yield bar.update


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
    told = []
    if found.left_out:
        told.append(f"{len(found.left_out)} of {counted(found.read, 'record')} left out")
    if found.warnings:
        told.append(
            f"{counted(found.warnings, 'remark')} on what may be two records of one person, or recognises nobody"
        )
    if told:
        yield f"{'; '.join(told)}: {f'lines and reasons are in {place}' if place else '--report FILE lists them'}"
