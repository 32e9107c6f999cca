"""One patient, opened. Whoever reads it writes an audit row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from ivr.core.cipher import Cipher, name_row
from ivr.patients.tables import FIELDS, patient


@dataclass(frozen=True, slots=True)
class PatientCard:
    """What is on file. Only the id shows in its representation."""

    id: str
    name: str | None = field(repr=False)
    date_of_birth: str | None = field(repr=False)
    zip: str | None = field(repr=False)
    mrn: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    language: str | None
    state: str | None
    phone_since: date | None


def read_card(connection: Connection, cipher: Cipher, practice_id: str, patient_id: str) -> PatientCard | None:
    """The patient of this practice, or None."""
    wanted = select(patient).where(patient.c.id == patient_id, patient.c.practice_id == practice_id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    sealed = {name: getattr(row, f"{name}_sealed") for name in FIELDS}
    bound = name_row(patient, row.external_id_hash)
    opened = {name: cipher.open(practice_id, name, bound, value) if value else None for name, value in sealed.items()}
    return PatientCard(id=row.id, language=row.language, state=row.state, phone_since=row.phone_since, **opened)
