"""Representatives of a file beside what a practice has, compared by hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.core.cipher import Cipher
from ivr.directory.problems import Problem
from ivr.patients.normalise import NORMALISERS
from ivr.patients.representatives.records import RepresentativeRecord
from ivr.patients.representatives.sealing import hash_id
from ivr.patients.representatives.tables import representative
from ivr.patients.tables import patient

_MEND = "look whose id it is; --other-persons takes in what the file says"
_COMPARED = (
    *("id", "practice_id", "external_id_hash", "patient_id", "name_hash", "date_of_birth_hash"),
    *("content_hash", "denied", "active"),
)


def patients_on_file(connection: Connection, practice_id: str, hashes: Sequence[str]) -> dict[str, str]:
    """The patients of a practice, by the hashes of their own ids."""
    mine = select(patient.c.external_id_hash, patient.c.id).where(patient.c.practice_id == practice_id)
    found = connection.execute(mine.where(patient.c.external_id_hash.in_(sorted(set(hashes)))))
    return {row.external_id_hash: row.id for row in found}


def representatives_on_file(connection: Connection, practice_id: str, hashes: Sequence[str]) -> dict[str, Row[Any]]:
    """The representatives of a practice without what is sealed, by the hashes of their own ids."""
    mine = select(*(representative.c[name] for name in _COMPARED)).where(representative.c.practice_id == practice_id)
    found = connection.execute(mine.where(representative.c.external_id_hash.in_(sorted(set(hashes)))))
    return {row.external_id_hash: row for row in found}


def compare_representatives(
    connection: Connection,
    cipher: Cipher,
    practice_id: str,
    records: Sequence[RepresentativeRecord],
    file: str,
    *,
    other_persons: bool = False,
) -> tuple[list[Problem], set[int]]:
    """Ids that are on file for somebody else or for another patient, which are faults unless ``other_persons`` is asked
    for, and the lines of those whose patient is not on file.
    """
    represented = {one.line: cipher.lookup_hash(practice_id, "external_id", one.represents) for one in records}
    patients = patients_on_file(connection, practice_id, list(represented.values()))
    ids = [hash_id(cipher, practice_id, one.external_id) for one in records]
    known = representatives_on_file(connection, practice_id, ids)
    problems = [
        Problem(file, record.line, what, _MEND, warning=other_persons, about="id")
        for record in records
        if (before := known.get(hash_id(cipher, practice_id, record.external_id)))
        for what in _differences(cipher, before, record, patients.get(represented[record.line]))
    ]
    return problems, {line for line, hashed in represented.items() if hashed not in patients}


def _differences(
    cipher: Cipher, before: Row[Any], record: RepresentativeRecord, patient_id: str | None
) -> Iterator[str]:
    if before.patient_id != patient_id:
        yield "the id is on file for somebody who represents another patient"
    pairs = [
        (getattr(before, f"{name}_hash"), _hash(cipher, before.practice_id, name, record))
        for name in ("name", "date_of_birth")
    ]
    if all(one != other and None not in (one, other) for one, other in pairs):
        yield "the id is on file for somebody with another name and another date of birth"


def _hash(cipher: Cipher, practice_id: str, name: str, record: RepresentativeRecord) -> str | None:
    form = NORMALISERS[name](record.values.get(name, ""))
    return None if form is None else cipher.lookup_hash(practice_id, name, form)
