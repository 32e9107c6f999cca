"""Patients who become known to a practice."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from ivr.core.cipher import Cipher
from ivr.core.database import Database
from ivr.core.ids import seeded_ids
from ivr.patients.importing import Counts, carry_out, plan_import, read_patients
from ivr.patients.sealing import seal_patients


class Line(Protocol):
    """What keeps patients: services, or an installation."""

    @property
    def cipher(self) -> Cipher: ...

    @property
    def database(self) -> Database: ...


def take_in(
    line: Line, path: Path, at: datetime, *, practice: str = "maple", seed: int = 7, phones_since: date | None = None
) -> Counts:
    """Take a short file of patients in. Two imports of one test have two seeds, from which their ids are made."""
    sealed = seal_patients(line.cipher, practice, read_patients(path, at))
    with line.database.write() as connection:
        return carry_out(connection, plan_import(connection, sealed, at, seeded_ids(seed), phones_since))


def take_in_rows(line: Line, folder: Path, rows: str, at: datetime, *, seed: int = 7) -> Counts:
    """Take patients in who are written as a file in ``folder``, its heading included."""
    path = folder / "patients.csv"
    path.write_text(rows, "utf-8")
    return take_in(line, path, at, seed=seed)
