"""Patients from a CSV file with a header (RFC 4180), separated by comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from ivr.core.counting import counted
from ivr.directory.problems import Problem, nearest
from ivr.directory.us_states import state_code
from ivr.patients.records import (
    INACTIVE,
    REPLACED,
    PatientRecord,
    PatientsRefused,
    Reading,
    language_tag,
    payer_name,
)
from ivr.patients.source import is_text
from ivr.patients.tables import FIELDS
from ivr.patients.values import NO_TEXT, values_of, yes_or_no

REQUIRED = ("id", "name", "date_of_birth")
COLUMNS = (
    *REQUIRED,
    "zip",
    "phone",
    "mrn",
    "language",
    "state",
    "phone_since",
    "deceased",
    "payer",
    "active",
    "replaced_by",
)
NEVER_IGNORED = frozenset({"deceased", "active", "replaced_by"})
SEPARATORS = ",;\t|"

FEWEST_NAMED = 2
"""Of the columns that are needed, so many make a header. A line with fewer may be a patient, who is not repeated: one
of them may well live in ID, be active, or have a name."""

MOST_LINES = 50
"""Lines of one row; a quote that is open for longer was never closed."""


def read_csv(lines: Iterator[str], file: str, ignored: frozenset[str] = frozenset()) -> Iterator[Reading]:
    """What stands in every row, but for ``ignored`` columns; a bad header is :class:`PatientsRefused`."""
    source = _Rows(lines)
    header = _header(source, file, ignored)
    while row := source.take(len(header)):
        start, cells, problem = row
        if problem:
            yield Reading(start, None, (Problem(file, start, *problem),))
        elif cells:
            yield _reading(header, cells, file, start, ignored)


class _Rows:
    """Rows of a file. A row that cannot be told from those after it ends with its own line, so that they are read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._waiting = lines, deque[str]()
        self._next = 1
        self.separator = ","

    def peek(self) -> str:
        """The next line; empty at the end."""
        if not self._waiting and (line := next(self._lines, "")):
            self._waiting.append(line)
        return self._waiting[0] if self._waiting else ""

    def skip(self) -> None:
        """Leave the next line out."""
        self._waiting.popleft()
        self._next += 1

    def take(self, width: int) -> tuple[int, list[str], tuple[str, str] | None] | None:
        """The line of the next row, its cells, and what is wrong with it; None at the end."""
        if not self.peek():
            return None
        taken = [self._waiting.popleft()]
        # By RFC 4180 a row is whole when its quotes are even.
        quotes = taken[0].count('"')
        while quotes % 2 and len(taken) < MOST_LINES and (line := self.peek()):
            taken.append(self._waiting.popleft())
            quotes += line.count('"')
        start = self._next
        cells, problem = self._parsed("".join(taken), width)
        kept = 1 if problem else len(taken)
        self._waiting.extendleft(reversed(taken[kept:]))
        self._next += kept
        return start, cells, problem

    def _parsed(self, text: str, width: int) -> tuple[list[str], tuple[str, str] | None]:
        try:
            cells = next(csv.reader(text.splitlines(keepends=True), delimiter=self.separator, strict=True), [])
        except csv.Error as error:
            # The reader's text is about quotes and lengths, and quotes no cell.
            mend = "close every quote, and write a quote inside a cell twice"
            return [], (f"the line is no CSV ({error})", mend)
        if not any(cell.strip() for cell in cells):
            return [], None
        if not is_text(text):
            return cells, NO_TEXT
        if width and len(cells) != width:
            what = f"{counted(len(cells), 'cell stands', 'cells stand')} under {counted(width, 'column')}"
            return cells, (what, "quote cells that contain a comma")
        return cells, None


def _header(source: _Rows, file: str, ignored: frozenset[str]) -> list[str]:
    if source.peek().lower().startswith("sep="):  # Excel's own word to itself
        source.skip()
    first = source.peek()
    source.separator = max(SEPARATORS, key=lambda one: sum(plain_name(name) in COLUMNS for name in first.split(one)))
    start, cells, problem = source.take(0) or (1, [], None)
    if problem:
        raise PatientsRefused([Problem(file, start, *problem)])
    names = [plain_name(name) for name in cells]
    if problems := [Problem(file, start, *said) for said in _header_problems(names, ignored)]:
        raise PatientsRefused(problems)
    return names


def _header_problems(names: Sequence[str], ignored: frozenset[str]) -> Iterator[tuple[str, str]]:
    mend = f"the header may have {', '.join(COLUMNS)}"
    if names and len(set(names) & set(REQUIRED)) < FEWEST_NAMED:
        yield f"the first line is no header: it names less than {FEWEST_NAMED} of {', '.join(REQUIRED)}", mend
        return
    known = {*COLUMNS, *ignored}
    for name in names:
        if name not in known:
            yield f"unknown column {name!r}", f"{nearest(name, COLUMNS)}; --ignore passes over a column"
    for name in REQUIRED:
        if name not in set(names) - ignored:
            yield f"the column {name} is missing", mend
    for name in sorted(ignored & NEVER_IGNORED & set(names)):
        yield f"the column {name} is never ignored", "it says by whose record nobody is recognised"
    if len(set(names) - ignored) != len([name for name in names if name not in ignored]):
        yield "a column is named twice", "name each column once"


def plain_name(name: str) -> str:
    """A name of a column in small letters, with low lines for spaces."""
    return "_".join(name.strip('\ufeff \t\r\n"').lower().split())


def _reading(header: Sequence[str], row: Sequence[str], file: str, line: int, ignored: frozenset[str]) -> Reading:
    cells = values_of((name, cell) for name, cell in zip(header, row, strict=True) if name not in ignored)
    problems = tuple(_cell_problems(cells, file, line))
    return Reading(line, _record(cells, line), problems)


def _record(cells: dict[str, str], line: int) -> PatientRecord:
    return PatientRecord(
        external_id=cells.get("id", ""),
        values={name: cells[name] for name in FIELDS if name in cells},
        language=language_tag(cells.get("language", "")),
        state=state_code(cells.get("state", "")),
        phone_since=_day(cells.get("phone_since", "")),
        # What cannot be read may say that somebody died, or left.
        deceased=_death(cells.get("deceased", "false")) is not False,
        line=line,
        payer=payer_name(cells.get("payer", "")),
        set_aside=_set_aside(cells),
    )


def _set_aside(cells: dict[str, str]) -> str | None:
    if cells.get("replaced_by"):
        return REPLACED
    return None if yes_or_no(cells.get("active", "true")) else INACTIVE


def _cell_problems(cells: dict[str, str], file: str, line: int) -> Iterator[Problem]:
    checks: dict[str, tuple[Callable[[str], object], str]] = {
        "language": (language_tag, "write a language such as en-US"),
        "state": (state_code, "write the two letters of a US state"),
        "phone_since": (_day, "write a day as YYYY-MM-DD"),
        "deceased": (_death, "write true or false, or the day as YYYY-MM-DD"),
        "payer": (payer_name, "write it as policy.payers of the practice does"),
        "active": (yes_or_no, "write true or false"),
    }
    for name, (read, mend) in checks.items():
        if name in cells and read(cells[name]) is None:
            yield Problem(file, line, f"the {name} cannot be read", mend, about=name)


def _death(text: str) -> bool | None:
    return True if _day(text[:10]) else yes_or_no(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
