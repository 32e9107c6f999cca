"""The telephone number of a patient as it is on file: what a code is sent to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from ivr.core.cipher import Cipher, name_row
from ivr.patients.normalise import NORMALISERS
from ivr.patients.tables import patient


@dataclass(frozen=True, slots=True)
class PhoneOnFile:
    """A number in E.164, its keyed hash, and the first day on which it was known, where that is known."""

    number: str = field(repr=False)
    hash: str
    since: date | None


def read_phone(connection: Connection, cipher: Cipher, practice_id: str, patient_id: str) -> PhoneOnFile | None:
    """The number of a patient whose record is in use; None where there is none that can be read."""
    wanted = select(patient).where(patient.c.id == patient_id, patient.c.practice_id == practice_id)
    row = connection.execute(wanted).one_or_none()
    if row is None or row.deceased or row.set_aside or row.phone_sealed is None or row.phone_hash is None:
        return None
    written = cipher.open(practice_id, "phone", name_row(patient, row.external_id_hash), row.phone_sealed)
    number = NORMALISERS["phone"](written)
    return None if number is None else PhoneOnFile(number, row.phone_hash, row.phone_since)
