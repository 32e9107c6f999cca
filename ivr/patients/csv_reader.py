"""Patients from a CSV file with a header (RFC 4180), UTF-8."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ivr.core.counting import counted
from ivr.directory.problems import Problem, nearest
from ivr.directory.us_states import state_code
from ivr.patients.records import PatientRecord, PatientsRefused, language_tag, payer_name
from ivr.patients.tables import FIELDS

REQUIRED = ("id", "name", "date_of_birth")
COLUMNS = (*REQUIRED, "zip", "phone", "mrn", "language", "state", "phone_since", "deceased", "payer")


def read_csv(path: Path, problems: list[Problem]) -> Iterator[PatientRecord]:
    """Every record; faults of a line go to ``problems``, a bad header is :class:`PatientsRefused`."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        rows = _rows(reader, str(path))
        header = _header(next(rows, []), str(path))
        start = reader.line_num + 1
        for row in rows:
            if row:
                yield from _record(header, row, str(path), start, problems)
            start = reader.line_num + 1


def _rows(reader: Any, file: str) -> Iterator[list[str]]:
    """The rows; nothing after a line that is no CSV can be told apart."""
    line = 1
    try:
        for row in reader:
            yield row
            line = reader.line_num + 1
    except csv.Error as error:
        # The reader's text is about quotes and lengths, and quotes no cell.
        mend = "close every quote, and write a quote inside a cell twice"
        raise PatientsRefused([Problem(file, line, f"the line is no CSV ({error})", mend)]) from None


def _header(row: Sequence[str], file: str) -> list[str]:
    names = [name.strip().lower() for name in row]
    problems = [
        Problem(file, 1, f"unknown column {name!r}", nearest(name, COLUMNS)) for name in names if name not in COLUMNS
    ]
    problems += [
        Problem(file, 1, f"the column {name} is missing", f"the header may have {', '.join(COLUMNS)}")
        for name in REQUIRED
        if name not in names
    ]
    if len(set(names)) != len(names):
        problems.append(Problem(file, 1, "a column is named twice", "name each column once"))
    if problems:
        raise PatientsRefused(problems)
    return names


def _record(
    header: list[str], row: list[str], file: str, line: int, problems: list[Problem]
) -> Iterator[PatientRecord]:
    if len(row) != len(header):
        what = f"{counted(len(row), 'cell stands', 'cells stand')} under {counted(len(header), 'column')}"
        problems.append(Problem(file, line, what, "quote cells that contain a comma"))
        return
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=True) if cell.strip()}
    problems.extend(_cell_problems(cells, file, line))
    yield PatientRecord(
        external_id=cells.get("id", ""),
        values={name: cells[name] for name in FIELDS if name in cells},
        language=language_tag(cells.get("language", "")),
        state=state_code(cells.get("state", "")),
        phone_since=_day(cells.get("phone_since", "")),
        deceased=cells.get("deceased", "").lower() == "true",
        line=line,
        payer=payer_name(cells.get("payer", "")),
    )


def _cell_problems(cells: dict[str, str], file: str, line: int) -> Iterator[Problem]:
    checks = {
        "language": (language_tag, "write a language such as en-US"),
        "state": (state_code, "write the two letters of a US state"),
        "phone_since": (_day, "write a day as YYYY-MM-DD"),
        "deceased": (_yes_no, "write true or false"),
        "payer": (payer_name, "write it as policy.payers of the practice does"),
    }
    for name, (read, mend) in checks.items():
        if name in cells and read(cells[name]) is None:
            yield Problem(file, line, f"the {name} cannot be read", mend)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _yes_no(text: str) -> str | None:
    return text if text.lower() in ("true", "false") else None
