"""Taking in patients: nobody twice, and nobody who was set aside without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace
from datetime import date, datetime
from operator import add, itemgetter
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from ivr.core.cipher import Cipher
from ivr.core.database import take_turn
from ivr.core.ids import Ids
from ivr.patients.reading import read_file
from ivr.patients.records import REPLACED, PatientRecord, PatientsRefused
from ivr.patients.sealing import Sealed, Values
from ivr.patients.sounds import forget_sounds, keep_sounds, without_sounds
from ivr.patients.source import USUAL, Form, Progress
from ivr.patients.survey import Survey, survey
from ivr.patients.tables import patient

Each = TypeVar("Each")

BATCH = 500
"""Rows of one statement, and patients of one transaction of a long file."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import did. ``skipped`` are those who were not known before and whom nobody could be recognised as: the
    deceased, the inactive and the replaced.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*map(add, astuple(self), astuple(other)))

    def __str__(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items())


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would write."""

    counts: Counts
    new: list[Values] = field(repr=False)
    changed: list[Values] = field(repr=False)
    sounds: Mapping[str, tuple[str, ...]] = field(repr=False)
    """How the names of those sound whose rows are to be written, and of those who had none, by the row's id."""
    practice_id: str


def read_patients(path: Path, at: datetime) -> tuple[PatientRecord, ...]:
    """Every record of a file that is short; :class:`PatientsRefused` with every fault and its line."""
    found = survey(path, at)
    if found.faulty:
        raise PatientsRefused(found.faults)
    return tuple(record for batch in batches(path, at, found) for record in batch.taken)


@dataclass(frozen=True, slots=True)
class Batch:
    """Records to be taken in together; ``aside`` are those that are left out, yet say that nobody may be recognised."""

    taken: tuple[PatientRecord, ...] = field(repr=False)
    aside: tuple[PatientRecord, ...] = field(repr=False)


def batches(
    path: Path, at: datetime, found: Survey, form: Form = USUAL, progress: Progress = lambda read: None
) -> Iterator[Batch]:
    """A file that was surveyed, in pieces of at most ``BATCH`` records."""
    taken: list[PatientRecord] = []
    aside: list[PatientRecord] = []
    for reading in read_file(path, at, form, progress):
        record = reading.record
        if record is None or reading.line in found.repeated:
            continue
        if record.external_id in found.replaced and record.set_aside is None:
            record = replace(record, set_aside=REPLACED)
        if reading.line not in found.left_out:
            taken.append(record)
        elif record.external_id and (record.deceased or record.set_aside):
            aside.append(record)
        if len(taken) + len(aside) >= BATCH:
            yield Batch(tuple(taken), tuple(aside))
            taken, aside = [], []
    yield Batch(tuple(taken), tuple(aside))


def plan_import(
    connection: Connection, sealed: Sealed, at: datetime, ids: Ids, phones_since: date | None = None
) -> Plan:
    """Who of ``sealed`` is new, who changed; compared with what the transaction of ``connection`` sees, in the order
    in which rows are locked.

    A new patient's number counts as known since the record's own day, else ``phones_since``, else now; one that stays
    the same keeps its day. A number that was changed lately proves nothing, so its day is never guessed early.
    """
    take_turn(connection, f"patients:{sealed.practice_id}")  # two imports at once would both take somebody for new
    known = {row.external_id_hash: row for row in _known(connection, sealed)}
    new, changed, skipped = [], [], 0
    written: dict[str, str] = {}
    for values in sealed.rows:
        before = known.get(values["external_id_hash"])
        if before is None and (values["deceased"] or values["set_aside"]):
            skipped += 1
        elif before is None:
            new.append(_new(values, at, ids(), phones_since))
            written[new[-1]["id"]] = values["external_id_hash"]
        elif before.content_hash != values["content_hash"]:
            changed.append(_changed(values, before, at))
            written[before.id] = values["external_id_hash"]
    counts = Counts(len(new), len(changed), len(sealed.rows) - len(new) - len(changed) - skipped, skipped)
    written |= {row.id: row.external_id_hash for row in _without_sounds(connection, tuple(known.values()))}
    sounds = {row_id: sealed.sounds[external] for row_id, external in sorted(written.items())}
    return Plan(counts, new, sorted(changed, key=itemgetter("row_id")), sounds, sealed.practice_id)


def carry_out(connection: Connection, plan: Plan) -> Counts:
    """Write what was planned, within the transaction it was planned in."""
    for batch in _batches(plan.new):
        connection.execute(insert(patient), batch)
    for batch in _batches(plan.changed):
        connection.execute(update(patient).where(patient.c.id == bindparam("row_id")), batch)
    for batch in _batches(plan.changed):
        forget_sounds(connection, [values["row_id"] for values in batch])
    for ids in _batches(tuple(plan.sounds)):
        keep_sounds(connection, plan.practice_id, {one: plan.sounds[one] for one in ids})
    return plan.counts


def set_aside(
    connection: Connection,
    cipher: Cipher,
    practice_id: str,
    records: Iterable[PatientRecord],
    at: datetime,
    *,
    dry_run: bool = False,
) -> int:
    """Let nobody be recognised any more by those of ``records`` that are on file; how many that are.

    Their next record that is whole is taken for a changed one, whatever it says.
    """
    take_turn(connection, f"patients:{practice_id}")
    told = {cipher.lookup_hash(practice_id, "external_id", one.external_id): one for one in records}
    mine = select(patient.c.id, patient.c.external_id_hash, patient.c.deceased, patient.c.set_aside)
    of_practice = mine.where(patient.c.practice_id == practice_id)
    found = [
        row
        for batch in _batches(list(told))
        for row in connection.execute(of_practice.where(patient.c.external_id_hash.in_(batch)))
    ]
    done = 0
    for row in sorted(found, key=lambda one: one.id):
        record = told[row.external_id_hash]
        if not row.deceased and (record.deceased or row.set_aside is None):
            done += 1
            if not dry_run:
                values = {"deceased": True} if record.deceased else {"set_aside": record.set_aside}
                change = update(patient).where(patient.c.id == row.id)
                connection.execute(change.values(**values, content_hash="", updated_at=at))
    return done


def replaced_records(found: Survey) -> Iterator[PatientRecord]:
    """Those whom others of the file stand for, as nothing but that."""
    for external in sorted(found.replaced):
        yield PatientRecord(external, {}, None, None, None, deceased=False, line=0, set_aside=REPLACED)


def count_on_file(connection: Connection, practice_id: str) -> int:
    """How many records a practice has."""
    mine = select(func.count()).select_from(patient).where(patient.c.practice_id == practice_id)
    return connection.execute(mine).scalar_one()


def _known(connection: Connection, sealed: Sealed) -> Iterator[Row[Any]]:
    names = ("id", "external_id_hash", "content_hash", "phone_hash", "phone_since")
    mine = select(*(patient.c[name] for name in names)).where(patient.c.practice_id == sealed.practice_id)
    for batch in _batches(sealed.rows):
        yield from connection.execute(
            mine.where(patient.c.external_id_hash.in_([values["external_id_hash"] for values in batch]))
        )


def _without_sounds(connection: Connection, known: Sequence[Row[Any]]) -> Iterator[Row[Any]]:
    """Those who were taken in before it was kept how names sound."""
    for batch in _batches(known):
        older = without_sounds(connection, [row.id for row in batch])
        yield from (row for row in batch if row.id in older)


def _new(values: Values, at: datetime, patient_id: str, phones_since: date | None) -> Values:
    since = _since(values, phones_since or at.date())
    return {**values, "id": patient_id, "phone_since": since, "created_at": at, "updated_at": at}


def _changed(values: Values, before: Row[Any], at: datetime) -> Values:
    same = before.phone_hash == values["phone_hash"]
    since = _since(values, before.phone_since if same and before.phone_since else at.date())
    return {**values, "row_id": before.id, "phone_since": since, "updated_at": at}


def _since(values: Values, otherwise: date) -> date | None:
    return None if values["phone_hash"] is None else values["phone_since"] or otherwise


def _batches(rows: Sequence[Each]) -> Iterator[Sequence[Each]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
