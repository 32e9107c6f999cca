"""A file of patients, looked through and then taken in step by step, between which calls go on."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.counting import counted
from ivr.core.database_trouble import explain_trouble
from ivr.core.ids import random_ids
from ivr.directory import revisions
from ivr.directory.own_lines import own_lines
from ivr.directory.problems import DirectoryError, Problem
from ivr.patients import on_file
from ivr.patients.destination import Destination
from ivr.patients.importing import (
    Counts,
    Each,
    batches,
    carry_out,
    count_on_file,
    plan_import,
    replaced_records,
    set_aside,
)
from ivr.patients.normalise import NORMALISERS
from ivr.patients.own_doctor import count_unknown
from ivr.patients.records import PatientRecord
from ivr.patients.representatives.import_job import RepresentativesJob
from ivr.patients.representatives.importing import representative_batches
from ivr.patients.sealing import seal_patients
from ivr.patients.source import Form, Progress, UnreadableFile
from ivr.patients.stopping import Stopped, StoppedHalfWay, watched_signals
from ivr.patients.survey import Listen, Survey, survey

OUR_OWN = "is one that patients dial, or from which the line rings people, and is left out"
LAST = 4
"""Digits at the end of a number, by which most numbers are told from ours without reading them."""
AGAIN = "the same command again goes on with those who are missing, and takes nobody in twice"


@dataclass(slots=True)
class ImportJob:
    """One file that is taken in for a practice."""

    to: Destination
    file: Path
    form: Form
    phones_since: date | None
    representatives: RepresentativesJob = field(init=False)
    counts: Counts = field(default_factory=Counts)
    aside: int = 0
    noted: bool = False
    before: tuple[int, int] = (0, 0)
    own: frozenset[str] = frozenset()
    own_ends: frozenset[str] = frozenset()
    is_to_stop: Callable[[], bool] = lambda: False

    def __post_init__(self) -> None:
        self.representatives = RepresentativesJob(self.to)

    def look(self, listen: Listen, *, other_persons: bool) -> Survey:
        """Read all of the file, and compare it with what is on file."""
        self.before = self._mark()
        with self.to.read() as connection:
            organisation = revisions.load(connection)
        organisation.practice(self.to.practice)
        self.own = own_lines(organisation)
        self.own_ends = frozenset(number[-LAST:] for number in self.own)
        compare = self.representatives.compare
        with self._bar("reading") as progress:
            return survey(
                self.file,
                self.to.at,
                self.form,
                compare=partial(self._compare, other_persons=other_persons),
                compare_representatives=partial(compare, file=str(self.file), other_persons=other_persons),
                listen=listen,
                progress=progress,
            )

    def carry_out(self, found: Survey) -> list[str]:
        """Seal and store what is to be taken, in steps between which calls go on. What was done, in words.

        Raises StoppedHalfWay where some of it is kept, and the rest is not.
        """
        try:
            with watched_signals() as self.is_to_stop:
                lines = self._patients(found) if found.read > found.representatives else []
                if found.representatives:
                    lines += self._represented(found)
                return lines
        except (DirectoryError, SQLAlchemyError, OSError, KeyboardInterrupt) as error:
            if self.to.dry_run or not self._has_kept():
                raise
            raise StoppedHalfWay(f"{_reason(error)}; {self._told_so_far()}; {AGAIN}") from None

    def _has_kept(self) -> bool:
        counts, ended = self.counts + self.representatives.counts, self.representatives.ended
        return bool(counts.created + counts.updated + self.aside + ended)

    def _told_so_far(self) -> str:
        of = [("patients", self.counts), ("representatives", self.representatives.counts)]
        told = [f"{who} {counts}" for who, counts in of if counts != Counts()]
        aside = self.aside + self.representatives.ended
        return f"came in before and kept: {'; '.join([*told, *([f'set aside or ended {aside}'] if aside else [])])}"

    def _patients(self, found: Survey) -> list[str]:
        with self._bar("sealing") as progress:
            for batch in self._steps(batches(self.file, self.to.at, found, self.form, progress)):
                self._store(batch.taken)
                if batch.aside:
                    self._set_aside(batch.aside)
        self._set_aside(replaced_records(found), is_last=True)
        with self.to.read() as connection:
            others = count_on_file(connection, self.to.practice) - self.counts.updated - self.counts.unchanged
            names = revisions.load(connection).names_of_people
            strangers = count_unknown(connection, self.to.cipher, self.to.practice, names)
        others -= 0 if self.to.dry_run else self.counts.created
        kept = " (dry run: nothing was kept)" if self.to.dry_run else ""
        lines = [f"{self.file.name}: {self.counts}{kept}"]
        if self.aside:
            lines.append(
                f"{counted(self.aside, 'record')} on file set aside, as others replace them or as what came of them"
                " was left out: nobody is recognised by them"
            )
        if strangers:
            whose = counted(strangers, "patient")
            lines.append(f"the own doctor of {whose} on file is nobody of oncall.yaml: they are paged for as everybody")
        if others:
            whose = counted(others, "other record")
            lines.append(f"the practice has {whose}, left as before: an import removes nobody who is not in its file")
        return lines

    def _represented(self, found: Survey) -> list[str]:
        with self._bar("representatives") as progress:
            read = representative_batches(self.file, self.to.at, found, self.form, progress)
            for batch in self._steps(read):
                self.representatives.store(batch)
        return self.representatives.tell(self.file.name)

    def _compare(self, records: list[PatientRecord], *, other_persons: bool) -> list[Problem]:
        with self.to.read() as connection:
            cipher, practice, file = self.to.cipher, self.to.practice, str(self.file)
            found = list(on_file.compare(connection, cipher, practice, records, file, other_persons=other_persons))
        mend = "write a number of theirs, or none"
        return found + [
            Problem(file, one.line, f"the phone {OUR_OWN}", mend, True, OUR_OWN, about="phone")
            for one in records
            if self._has_our_number(one)
        ]

    def _has_our_number(self, record: PatientRecord) -> bool:
        written = record.values.get("phone", "")
        ends_alike = re.sub("[^0-9]", "", written)[-LAST:] in self.own_ends
        return ends_alike and NORMALISERS["phone"](written) in self.own

    def _without_our_number(self, record: PatientRecord) -> PatientRecord:
        """Everybody knows that number, so that it tells nobody apart, and no code goes to it."""
        if not self._has_our_number(record):
            return record
        return replace(record, values={name: value for name, value in record.values.items() if name != "phone"})

    def _store(self, taken: Iterable[PatientRecord]) -> None:
        sealed = seal_patients(self.to.cipher, self.to.practice, map(self._without_our_number, taken))
        with self.to.transaction() as connection:
            plan = plan_import(connection, sealed, self.to.at, random_ids(), self.phones_since)
            if self.to.dry_run:
                self.representatives.coming |= {values["external_id_hash"] for values in plan.new}
            else:
                carry_out(connection, plan)
                if plan.new or plan.changed:
                    self._note(connection, str(plan.counts))
        self.counts += plan.counts  # only what is kept is counted

    def _set_aside(self, records: Iterable[PatientRecord], *, is_last: bool = False) -> None:
        with self.to.transaction() as connection:
            aside = set_aside(
                connection, self.to.cipher, self.to.practice, records, self.to.at, dry_run=self.to.dry_run
            )
            if not self.to.dry_run and (aside or (is_last and not self.noted)):
                self._note(connection, f"set aside {aside}" if aside else str(self.counts))
        self.aside += aside

    def _note(self, connection: Connection, reason: str) -> None:
        self.to.note(connection, "patients.import", reason)
        self.noted = True

    def _steps(self, read: Iterator[Each]) -> Iterator[Each]:
        """The batches, unless the file became another since it was looked through, or somebody asks for an end."""
        for batch in read:
            if self._mark() != self.before:
                raise UnreadableFile(f"{self.file.name} was changed while it was read; import it again")
            if self.is_to_stop():
                raise Stopped("the import was stopped, as asked for")
            yield batch

    def _mark(self) -> tuple[int, int]:
        state = self.file.stat()
        return state.st_size, state.st_mtime_ns

    @contextmanager
    def _bar(self, label: str) -> Iterator[Progress]:
        with click.progressbar(length=self.file.stat().st_size, label=label, file=sys.stderr) as bar:
            yield bar.update


def _reason(error: BaseException) -> str:
    if isinstance(error, SQLAlchemyError):
        return explain_trouble(error)
    if isinstance(error, OSError):
        return f"the file cannot be read any more ({type(error).__name__})"
    return str(error).partition(";")[0] or "the import was stopped at once"
