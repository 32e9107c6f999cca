"""Every record of a file of patients and those who represent them, in order. Nothing is kept in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from ivr.directory.problems import Problem
from ivr.patients.checks import faults
from ivr.patients.csv_reader import read_csv
from ivr.patients.fhir_reader import read_ndjson
from ivr.patients.records import RESOURCE, Reading
from ivr.patients.representatives.checks import faults_of_representative
from ivr.patients.source import USUAL, Form, Progress, UnreadableFile, opened_text

CSV, NDJSON = (".csv", ".tsv"), (".ndjson", ".jsonl")


def read_file(
    path: Path, at: datetime, form: Form = USUAL, progress: Progress = lambda read: None
) -> Iterator[Reading]:
    """What stands in a file, by its shape; ``progress`` is told of bytes.

    Raises UnreadableFile, and PatientsRefused for a header.
    """
    kind = path.suffix.lower()
    file, today = str(path), at.date()
    try:
        with opened_text(path, form.encoding, progress) as lines:
            if kind not in CSV + NDJSON:
                raise UnreadableFile(f"{path.name} is neither .csv nor .ndjson; export patients as one of the two")
            yield from read_csv(lines, file, form.ignored) if kind in CSV else read_ndjson(lines, file, today)
    except OSError as error:
        mend = "look at its rights" if isinstance(error, PermissionError) else "look whether it is still there"
        raise UnreadableFile(f"{path.name} cannot be read ({type(error).__name__}); {mend}") from None


def checked(reading: Reading, file: str, at: datetime) -> Reading:
    """The same with what is wrong with its values, which cannot be told from the shape of the line."""
    # A value that its reader has named is not named again.
    named = {one.about for one in reading.problems if not one.cause}
    if RESOURCE in named:
        return reading
    more = (one for one in _faults(reading, file, at.date()) if one.about not in named)
    return replace(reading, problems=(*reading.problems, *more))


def _faults(reading: Reading, file: str, today: date) -> Iterator[Problem]:
    if reading.record is not None:
        yield from faults(reading.record, file, today)
    if reading.representative is not None:
        yield from faults(reading.representative, file, today, ("id", "name"))
        yield from faults_of_representative(reading.representative, file, today)
