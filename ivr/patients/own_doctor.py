"""The own doctor of a patient, where the record names one.

Only a keyed hash of the name is kept: whoever is on call is known by theirs, and nobody else is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, select

from ivr.core.cipher import Cipher
from ivr.patients.tables import patient

FIELD = "own_doctor"


def hash_doctor(cipher: Cipher, practice_id: str, name: str) -> str | None:
    """The keyed hash of a doctor's name or id, whatever its capitals, dots and spaces; None where there is none."""
    plain = " ".join(name.replace(".", " ").casefold().split())
    return cipher.lookup_hash(practice_id, FIELD, plain) if plain else None


def find_own_doctor(
    connection: Connection, cipher: Cipher, practice_id: str, patient_id: str | None, names: Mapping[str, Iterable[str]]
) -> tuple[str, bool]:
    """Which of the people in ``names`` is a patient's own doctor, by what each is called, or ""; and whether the record
    names one at all.
    """
    mine = select(patient.c.doctor_hash).where(patient.c.id == patient_id, patient.c.practice_id == practice_id)
    hashed = connection.execute(mine).scalar() if patient_id is not None else None
    if hashed is None:
        return "", False
    return _who(cipher, practice_id, names).get(hashed, ""), True


def count_unknown(connection: Connection, cipher: Cipher, practice_id: str, names: Mapping[str, Iterable[str]]) -> int:
    """How many patients of a practice have an own doctor who is none of the people in ``names``."""
    named = patient.c.doctor_hash.is_not(None), patient.c.doctor_hash.not_in(_who(cipher, practice_id, names))
    mine = select(func.count()).select_from(patient).where(patient.c.practice_id == practice_id, *named)
    return connection.execute(mine).scalar_one()


def _who(cipher: Cipher, practice_id: str, names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The people by the hashes of what they are called. A name that two of them have is nobody's."""
    found: dict[str, set[str]] = {}
    for person, called in names.items():
        for name in called:
            hashed = hash_doctor(cipher, practice_id, name)
            if hashed is not None:
                found.setdefault(hashed, set()).add(person)
    return {hashed: next(iter(people)) for hashed, people in found.items() if len(people) == 1}
