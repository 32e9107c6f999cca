"""A patient as the practice's own system has them, before anything is sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ivr.directory.problems import DirectoryError, Problem
from ivr.patients.normalise import NORMALISERS

_MENDS = {
    "name": "write given names and family name",
    "date_of_birth": "write a day of the calendar as YYYY-MM-DD",
    "zip": "write five digits",
    "mrn": "write letters and digits",
    "phone": "write ten digits, or + and the country code",
}


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """``values`` holds name, date_of_birth, zip, mrn and phone as written, where known; ``line`` is where.

    ``payer`` is a name of the practice's ``policy.payers``, or another.
    """

    external_id: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    language: str | None
    state: str | None
    phone_since: date | None
    deceased: bool
    line: int
    payer: str | None = field(default=None, repr=False)


class PatientsRefused(DirectoryError):
    """A file of patients with faults; nothing of it was taken. The problems name lines, never values."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def faults(record: PatientRecord, file: str, today: date) -> list[Problem]:
    """What is unreadable or missing in a record."""
    found = [
        Problem(file, record.line, f"the {name} cannot be read", _MENDS[name])
        for name, value in record.values.items()
        if NORMALISERS[name](value) is None
    ]
    if not record.external_id:
        found.append(Problem(file, record.line, "the id is missing", "write the id your own system uses"))
    found += [
        Problem(file, record.line, f"the {name} is missing", _MENDS[name])
        for name in ("name", "date_of_birth")
        if name not in record.values
    ]
    born = NORMALISERS["date_of_birth"](record.values.get("date_of_birth", ""))
    if born is not None and born > today.isoformat():
        found.append(Problem(file, record.line, "the date_of_birth is in the future", _MENDS["date_of_birth"]))
    return found


def doubled(records: Iterable[PatientRecord], file: str) -> list[Problem]:
    """Records whose id stood on an earlier line."""
    first: dict[str, int] = {}
    return [
        Problem(file, record.line, f"the id of line {first[record.external_id]} is used again", "keep one of the two")
        for record in records
        if record.external_id and first.setdefault(record.external_id, record.line) != record.line
    ]


def payer_name(text: str) -> str | None:
    """A payer as configurations write it: small letters, digits, ``-`` and ``_``."""
    return text if re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", text) else None


def language_tag(text: str) -> str | None:
    """A language with its region; without one, that of the United States."""
    base, _, region = text.strip().replace("_", "-").partition("-")
    if not (base.isascii() and base.isalpha() and len(base) in (2, 3)):
        return None
    known = region.upper() if len(region) == 2 and region.isascii() and region.isalpha() else "US"
    return f"{base.lower()}-{known}"
