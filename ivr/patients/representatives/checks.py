"""What is wrong with a record of a representative beside its single values, said without a word of what it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from callflows.authority import ALL
from ivr.directory.problems import Problem
from ivr.patients.representatives.records import RepresentativeRecord

LONGEST_NAME = 250
LONGEST_ID = 255


def faults_of_representative(record: RepresentativeRecord, file: str, today: date) -> Iterator[Problem]:
    """What keeps it out, and what is taken in although nobody is recognised by it."""

    def fault(about: str, what: str, mend: str, *, warning: bool = False) -> Problem:
        return Problem(file, record.line, what, mend, warning, about=about)

    if not record.represents:
        yield fault("represents", "the patient is missing", "write the id that your own system has of the patient")
    elif len(record.represents) > LONGEST_ID or not record.represents.isprintable():
        yield fault("represents", "the id of the patient cannot be read", "look whether a quote or a column is missing")
    if "date_of_birth" not in record.values:
        yield fault("date_of_birth", "the date_of_birth is missing", "nobody is recognised by it", warning=True)
    if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
        yield fault("until", "it ends before it begins", "look which of the two days is right")
    if record.proof_seen_on and record.proof_seen_on > today:
        yield fault("proof_seen_on", "the proof_seen_on is in the future", "write the day on which it was seen")
    if len(record.proof_seen_by) > LONGEST_NAME or not record.proof_seen_by.isprintable():
        yield fault("proof_seen_by", "the proof_seen_by cannot be read", "write who saw the proof")


def unknown_services(record: RepresentativeRecord, services: Collection[str], file: str) -> Iterator[Problem]:
    """A fault where the scope names what the practice does not have."""
    if not {*(record.scope or ())} <= {*services, ALL}:
        mend = f"write all, none, or some of {', '.join(sorted(services))}"
        what = "the scope names a service that the practice does not have"
        yield Problem(file, record.line, what, mend, about="scope")
