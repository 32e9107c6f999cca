"""Taking in a file of patients: all of it or nothing, and never anybody twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from ivr.core.ids import Ids
from ivr.directory.problems import DirectoryError, Problem
from ivr.patients.csv_reader import read_csv
from ivr.patients.fhir_reader import read_ndjson
from ivr.patients.records import PatientRecord, PatientsRefused, doubled, faults
from ivr.patients.sealing import Sealed, Values
from ivr.patients.tables import patient

BATCH = 500


class UnreadableFile(DirectoryError):
    """A file that is neither CSV nor ndjson, or not UTF-8."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import did. ``skipped`` are the deceased who were not known before."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items())


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would write."""

    counts: Counts
    new: list[Values] = field(repr=False)
    changed: list[Values] = field(repr=False)


def read_patients(path: Path, at: datetime) -> tuple[PatientRecord, ...]:
    """Every record of ``path`` (.csv or .ndjson); :class:`PatientsRefused` with every fault and its line."""
    readers = {".csv": read_csv, ".ndjson": read_ndjson}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(f"{path.name} is neither .csv nor .ndjson; export patients as one of the two")
    problems: list[Problem] = []
    try:
        records = tuple(reader(path, problems))
    except (UnicodeDecodeError, OSError, ValueError) as error:
        raise UnreadableFile(f"{path.name} cannot be read ({type(error).__name__}); save it as UTF-8 text") from None
    problems += [fault for record in records for fault in faults(record, str(path), at.date())]
    problems += doubled(records, str(path))
    if problems:
        raise PatientsRefused(problems)
    return records


def plan_import(
    connection: Connection, sealed: Sealed, at: datetime, ids: Ids, phones_since: date | None = None
) -> Plan:
    """Who of ``sealed`` is new, who changed; compared with what the transaction of ``connection`` sees.

    A new patient's number counts as known since the record's own day, else ``phones_since``, else now; one that stays
    the same keeps its day. A number that was changed lately proves nothing, so its day is never guessed early.
    """
    known = {row.external_id_hash: row for row in _known(connection, sealed.practice_id)}
    new, changed, skipped = [], [], 0
    for values in sealed.rows:
        before = known.get(values["external_id_hash"])
        if before is None and values["deceased"]:
            skipped += 1
        elif before is None:
            new.append(_new(values, at, ids(), phones_since))
        elif before.content_hash != values["content_hash"]:
            changed.append(_changed(values, before, at))
    counts = Counts(len(new), len(changed), len(sealed.rows) - len(new) - len(changed) - skipped, skipped)
    return Plan(counts, new, changed)


def carry_out(connection: Connection, plan: Plan) -> Counts:
    """Write what was planned, within the transaction it was planned in."""
    for batch in _batches(plan.new):
        connection.execute(insert(patient), batch)
    for batch in _batches(plan.changed):
        connection.execute(update(patient).where(patient.c.id == bindparam("row_id")), batch)
    return plan.counts


def _known(connection: Connection, practice_id: str) -> Sequence[Row[Any]]:
    names = ("id", "external_id_hash", "content_hash", "phone_hash", "phone_since")
    mine = select(*(patient.c[name] for name in names)).where(patient.c.practice_id == practice_id)
    return connection.execute(mine).all()


def _new(values: Values, at: datetime, patient_id: str, phones_since: date | None) -> Values:
    since = _since(values, phones_since or at.date())
    return {**values, "id": patient_id, "phone_since": since, "created_at": at, "updated_at": at}


def _changed(values: Values, before: Row[Any], at: datetime) -> Values:
    same = before.phone_hash == values["phone_hash"]
    since = _since(values, before.phone_since if same and before.phone_since else at.date())
    return {**values, "row_id": before.id, "phone_since": since, "updated_at": at}


def _since(values: Values, otherwise: date) -> date | None:
    return None if values["phone_hash"] is None else values["phone_since"] or otherwise


def _batches(rows: list[Values]) -> Iterator[list[Values]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
