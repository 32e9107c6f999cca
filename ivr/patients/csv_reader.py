"""Patients from the rows of a CSV file, and where a column says so, those who represent them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from ivr.directory.problems import Problem
from ivr.directory.us_states import state_code
from ivr.patients.csv_rows import Columns, CsvFile
from ivr.patients.records import (
    INACTIVE,
    REPLACED,
    PatientRecord,
    Reading,
    language_tag,
    payer_name,
)
from ivr.patients.representatives import csv_reader as representatives
from ivr.patients.tables import FIELDS
from ivr.patients.values import day_of, yes_or_no

_RECOGNISED = "it says by whose record nobody is recognised"
COLUMNS = Columns(
    known=(
        "id",
        "name",
        "date_of_birth",
        "zip",
        "phone",
        "mrn",
        "language",
        "state",
        "phone_since",
        "deceased",
        "payer",
        "own_doctor",
        "active",
        "replaced_by",
    ),
    required=("id", "name", "date_of_birth"),
    never_ignored=dict.fromkeys(("deceased", "active", "replaced_by"), _RECOGNISED),
)


def read_csv(lines: Iterator[str], file: str, ignored: frozenset[str] = frozenset()) -> Iterator[Reading]:
    """What stands in every row, but for ``ignored`` columns; a bad header is :class:`PatientsRefused`."""
    source = CsvFile(lines, file, {representatives.TOLD_BY: representatives.COLUMNS}, COLUMNS, ignored)
    read = _reading if source.columns is COLUMNS else representatives.read_row
    for row in source.rows():
        if row.problems:
            yield Reading(row.line, None, row.problems)
        else:
            reading = read(row.cells, file, row.line)
            yield replace(reading, problems=(*row.remarks, *reading.problems))


def _reading(cells: Mapping[str, str], file: str, line: int) -> Reading:
    return Reading(line, _record(cells, line), tuple(_cell_problems(cells, file, line)))


def _record(cells: Mapping[str, str], line: int) -> PatientRecord:
    return PatientRecord(
        external_id=cells.get("id", ""),
        values={name: cells[name] for name in FIELDS if name in cells},
        language=language_tag(cells.get("language", "")),
        state=state_code(cells.get("state", "")),
        phone_since=day_of(cells.get("phone_since", "")),
        # What cannot be read may say that somebody died, or left.
        deceased=_death(cells.get("deceased", "false")) is not False,
        line=line,
        payer=payer_name(cells.get("payer", "")),
        doctor=cells.get("own_doctor", ""),
        set_aside=_set_aside(cells),
    )


def _set_aside(cells: Mapping[str, str]) -> str | None:
    if cells.get("replaced_by"):
        return REPLACED
    return None if yes_or_no(cells.get("active", "true")) else INACTIVE


def _cell_problems(cells: Mapping[str, str], file: str, line: int) -> Iterator[Problem]:
    checks: dict[str, tuple[Callable[[str], object], str]] = {
        "language": (language_tag, "write a language such as en-US"),
        "state": (state_code, "write the two letters of a US state"),
        "phone_since": (day_of, "write a day as YYYY-MM-DD"),
        "deceased": (_death, "write true or false, or the day as YYYY-MM-DD"),
        "payer": (payer_name, "write it as policy.payers of the practice does"),
        "active": (yes_or_no, "write true or false"),
    }
    for name, (read, mend) in checks.items():
        if name in cells and read(cells[name]) is None:
            yield Problem(file, line, f"the {name} cannot be read", mend, about=name)


def _death(text: str) -> bool | None:
    return True if day_of(text[:10]) else yes_or_no(text)
