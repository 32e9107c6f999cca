"""Records of a file beside those that a practice has, compared by their hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from ivr.core.cipher import Cipher
from ivr.directory.problems import Problem
from ivr.patients.normalise import NORMALISERS
from ivr.patients.records import PatientRecord
from ivr.patients.tables import patient

ASKED = ("external_id_hash", "name_hash", "date_of_birth_hash")
_MEND = "look whose id it is; --other-persons takes in what the file says"

Hashes = tuple[str, str | None, str | None]


def compare(
    connection: Connection,
    cipher: Cipher,
    practice_id: str,
    records: Sequence[PatientRecord],
    file: str,
    *,
    other_persons: bool = False,
) -> Iterator[Problem]:
    """Ids that are on file for somebody else, which are faults unless ``other_persons`` is asked for, and new ids of
    somebody who may be on file under another.
    """
    mine = {_hashes(cipher, practice_id, record): record for record in records}
    known = {row[0]: row for row in _rows(connection, practice_id, 0, [one[0] for one in mine])}
    births = {one[2] for one in mine if one[0] not in known and one[2] is not None}
    persons = {row[1:] for row in _rows(connection, practice_id, 2, sorted(births))} if births else set()
    for hashes, record in mine.items():
        external, name, birth = hashes
        if external not in known:
            if name is not None and (name, birth) in persons:
                what = "somebody on file has the name and the date of birth under another id"
                mend = "look whether they are one person; neither is merged"
                yield Problem(file, record.line, what, mend, warning=True, about="name")
        elif _are_two(known[external], hashes):
            what = "the id is on file for somebody with another name and another date of birth"
            yield Problem(file, record.line, what, _MEND, warning=other_persons, about="id")


def _are_two(known: Hashes, hashes: Hashes) -> bool:
    (_, name, birth), (_, new_name, new_birth) = known, hashes
    return name != new_name and birth != new_birth and None not in (name, birth, new_birth)


def _hashes(cipher: Cipher, practice_id: str, record: PatientRecord) -> Hashes:
    name, birth = (_hash(cipher, practice_id, record, field) for field in ("name", "date_of_birth"))
    return cipher.lookup_hash(practice_id, "external_id", record.external_id), name, birth


def _hash(cipher: Cipher, practice_id: str, record: PatientRecord, field: str) -> str | None:
    form = NORMALISERS[field](record.values.get(field, ""))
    return None if form is None else cipher.lookup_hash(practice_id, field, form)


def _rows(connection: Connection, practice_id: str, asked: int, wanted: Sequence[str]) -> list[Hashes]:
    columns = [patient.c[name] for name in ASKED]
    mine = select(*columns).where(patient.c.practice_id == practice_id, columns[asked].in_(wanted))
    return [(row[0], row[1], row[2]) for row in connection.execute(mine)]
