"""Taking in representatives: nobody twice, and nobody whose authority ended without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, update

from ivr.core.cipher import Cipher
from ivr.core.database import take_turn
from ivr.core.ids import Ids
from ivr.patients.importing import BATCH, Counts
from ivr.patients.reading import read_file
from ivr.patients.records import PatientsRefused
from ivr.patients.representatives.on_file import patients_on_file, representatives_on_file
from ivr.patients.representatives.records import RepresentativeRecord
from ivr.patients.representatives.sealing import SealedRepresentative, Values, hash_id
from ivr.patients.representatives.tables import representative
from ivr.patients.source import USUAL, Form, Progress
from ivr.patients.survey import Survey, survey


@dataclass(frozen=True, slots=True)
class RepresentativeBatch:
    """Records to be taken in together; ``ended`` are those that are left out, yet say that nobody speaks for a patient
    by them.
    """

    taken: tuple[RepresentativeRecord, ...] = field(repr=False)
    ended: tuple[RepresentativeRecord, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RepresentativePlan:
    """What an import would write. ``skipped`` of the counts are those whose patient was not taken in."""

    counts: Counts
    new: list[Values] = field(repr=False)
    changed: list[Values] = field(repr=False)


def read_representatives(path: Path, at: datetime) -> tuple[RepresentativeRecord, ...]:
    """All of a file of representatives that is short, whose patients are on file; :class:`PatientsRefused` with every
    fault and its line.
    """
    found = survey(path, at, compare_representatives=lambda records: ((), frozenset()))
    if found.faulty:
        raise PatientsRefused(found.faults)
    return tuple(record for batch in representative_batches(path, at, found) for record in batch.taken)


def representative_batches(
    path: Path, at: datetime, found: Survey, form: Form = USUAL, progress: Progress = lambda read: None
) -> Iterator[RepresentativeBatch]:
    """Those of a file that was surveyed, in pieces of at most ``BATCH`` records."""
    taken: list[RepresentativeRecord] = []
    ended: list[RepresentativeRecord] = []
    for reading in read_file(path, at, form, progress):
        record = reading.representative
        if record is None or reading.line in found.repeated:
            continue
        if reading.line not in found.left_out:
            taken.append(record)
        elif record.external_id and record.is_ended(at.date()):
            ended.append(record)
        if len(taken) + len(ended) >= BATCH:
            yield RepresentativeBatch(tuple(taken), tuple(ended))
            taken, ended = [], []
    yield RepresentativeBatch(tuple(taken), tuple(ended))


def plan_representatives(
    connection: Connection,
    practice_id: str,
    sealed: Sequence[SealedRepresentative],
    at: datetime,
    ids: Ids,
    *,
    coming: AbstractSet[str] = frozenset(),
) -> RepresentativePlan:
    """Who of ``sealed`` is new, who changed; compared with what the transaction of ``connection`` sees, in the order in
    which rows are locked. Patients with the hashes of ``coming`` count as on file, for a plan that nobody carries out.
    """
    take_turn(connection, f"patients:{practice_id}")  # two imports at once would both take somebody for new
    on_file = patients_on_file(connection, practice_id, [one.represents_hash for one in sealed])
    patients = {**dict.fromkeys(coming, ""), **on_file}
    known = representatives_on_file(connection, practice_id, [one.values["external_id_hash"] for one in sealed])
    new, changed, skipped = list[Values](), list[Values](), 0
    for one in sealed:
        before = known.get(one.values["external_id_hash"])
        if one.represents_hash not in patients:
            skipped += 1
            continue
        values = {**one.values, "patient_id": patients[one.represents_hash], "updated_at": at}
        if before is None:
            new.append({**values, "id": ids(), "created_at": at})
        elif before.content_hash != values["content_hash"]:
            changed.append({**values, "row_id": before.id})
    counts = Counts(len(new), len(changed), len(sealed) - len(new) - len(changed) - skipped, skipped)
    return RepresentativePlan(counts, new, sorted(changed, key=itemgetter("row_id")))


def store_representatives(connection: Connection, plan: RepresentativePlan) -> None:
    """Write what was planned, within the transaction it was planned in."""
    if plan.new:
        connection.execute(insert(representative), plan.new)
    if plan.changed:
        connection.execute(update(representative).where(representative.c.id == bindparam("row_id")), plan.changed)


def end_representatives(
    connection: Connection,
    cipher: Cipher,
    practice_id: str,
    records: Iterable[RepresentativeRecord],
    at: datetime,
    *,
    dry_run: bool = False,
) -> int:
    """Let nobody speak for a patient any more by those of ``records`` that are on file; how many that are.

    Their next record that is whole is taken for a changed one, whatever it says.
    """
    take_turn(connection, f"patients:{practice_id}")
    told = {hash_id(cipher, practice_id, one.external_id): one for one in records}
    changes = [
        (row.id, values)
        for row in representatives_on_file(connection, practice_id, list(told)).values()
        if (values := _ending(row, told[row.external_id_hash]))
    ]
    for row_id, values in [] if dry_run else sorted(changes, key=itemgetter(0)):
        change = update(representative).where(representative.c.id == row_id)
        connection.execute(change.values(**values, content_hash="", updated_at=at))
    return len(changes)


def _ending(row: Row[Any], told: RepresentativeRecord) -> Values:
    """What changes of a row on file; nothing of one that denies, which no record that is left out takes back."""
    if row.denied:
        return {}
    if told.denied:
        return {"denied": True, "active": True, "starts_on": None, "ends_on": None}
    return {"active": False} if row.active else {}
