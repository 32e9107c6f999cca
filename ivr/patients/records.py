"""A patient as the practice's own system has them, before anything is sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ivr.directory.problems import DirectoryError, Problem
from ivr.patients.representatives.records import RepresentativeRecord

INACTIVE, REPLACED = "inactive", "replaced"
"""Why a record is set aside although the patient is not known to have died."""

RESOURCE = "resource"
"""What a problem is about that says all there is to say of its line."""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """``values`` holds name, date_of_birth, zip, mrn and phone as written, where known; ``line`` is where.

    ``payer`` is a name of the practice's ``policy.payers``, or another; ``doctor`` that of the patient's own doctor, as
    it is written, or "". ``set_aside`` is why nobody is to be recognised
    by the record: ``INACTIVE``, ``REPLACED`` or None. ``replaces`` are ids of records that this one stands for,
    ``linked`` of others that the file itself says to be about the same person.
    """

    external_id: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    language: str | None
    state: str | None
    phone_since: date | None
    deceased: bool
    line: int
    payer: str | None = field(default=None, repr=False)
    doctor: str = field(default="", repr=False)
    set_aside: str | None = None
    replaces: tuple[str, ...] = field(default=(), repr=False)
    linked: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands on one line: a record of a patient or of a representative, unless nothing could be made of it, and
    what was found wrong so far.
    """

    line: int
    record: PatientRecord | None
    problems: tuple[Problem, ...] = ()
    representative: RepresentativeRecord | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong that keeps the record out."""
        return bool(self.record or self.representative) and all(one.warning for one in self.problems)


class PatientsRefused(DirectoryError):
    """A file of patients with faults; nothing of it was taken. The problems name lines, never values."""

    def __init__(self, problems: Iterable[Problem], summary: str = "") -> None:
        self.problems = tuple(sorted(problems))
        told = [str(problem) for problem in self.problems]
        super().__init__("\n".join([*told, summary] if summary else told))


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
