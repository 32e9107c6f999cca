"""Rows of a CSV file with a header (RFC 4180), separated by comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ivr.core.counting import counted
from ivr.directory.problems import Problem, nearest
from ivr.patients.records import PatientsRefused
from ivr.patients.source import is_text
from ivr.patients.values import NO_TEXT, hidden_in, values_of

SEPARATORS = ",;\t|"

_BETWEEN = dict.fromkeys(map(ord, SEPARATORS))

FEWEST_NAMED = 2
"""Of the columns that are needed, so many make a header. A line with fewer may be a patient, who is not repeated: one
of them may well live in ID, be active, or have a name."""

MOST_LINES = 50
"""Lines of one row; a quote that is open for longer was never closed."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What a header may name. ``never_ignored`` says of some why they cannot be passed over."""

    known: tuple[str, ...]
    required: tuple[str, ...]
    never_ignored: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CsvRow:
    """What stands in one row that says anything, by column, and what was left out of it; or what keeps it from being
    read.
    """

    line: int
    cells: Mapping[str, str] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


class CsvFile:
    """A file whose header was read: its columns are those of the kind that one of its names stands for."""

    def __init__(
        self,
        lines: Iterator[str],
        file: str,
        kinds: Mapping[str, Columns],
        usual: Columns,
        ignored: frozenset[str] = frozenset(),
    ) -> None:
        """``kinds`` are columns by the name that tells them, ``usual`` where none is named. A bad header is
        :class:`PatientsRefused`.
        """
        self._rows, self._file, self._ignored = _Rows(lines), file, ignored
        first = self._rows.open({name for one in (usual, *kinds.values()) for name in one.known})
        self._names = self._header(first, kinds, usual)
        self.columns = _columns_of(self._names, kinds, usual)

    def rows(self) -> Iterator[CsvRow]:
        """Every row with anything in it."""
        while row := self._rows.take(len(self._names)):
            start, cells, problem = row
            if problem:
                yield CsvRow(start, {}, (Problem(self._file, start, *problem),))
            elif cells:
                named = zip(self._names, cells, strict=True)
                written = [(name, cell) for name, cell in named if name not in self._ignored]
                yield CsvRow(start, values_of(written), remarks=tuple(hidden_in(written, self._file, start)))

    def _header(
        self, first: tuple[int, list[str], tuple[str, str] | None], kinds: Mapping[str, Columns], usual: Columns
    ) -> list[str]:
        start, cells, problem = first
        if problem:
            raise PatientsRefused([Problem(self._file, start, *problem)])
        names = [plain_name(name) for name in cells]
        found = _header_problems(names, _columns_of(names, kinds, usual), tuple(kinds), self._ignored)
        if problems := [Problem(self._file, start, *said) for said in found]:
            raise PatientsRefused(problems)
        return names


def _columns_of(names: Sequence[str], kinds: Mapping[str, Columns], usual: Columns) -> Columns:
    return next((columns for name, columns in kinds.items() if name in names), usual)


class _Rows:
    """Rows of a file. A row that cannot be told from those after it ends with its own line, so that they are read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._waiting = lines, deque[str]()
        self._next = 1
        self._separator = ","

    def open(self, known: AbstractSet[str]) -> tuple[int, list[str], tuple[str, str] | None]:
        """The header, which tells the separator: that by which most of the ``known`` names stand apart."""
        if self._peek().lower().startswith("sep="):  # Excel's own word to itself
            self._skip()
        while (first := self._peek()) and not plain_name(first.translate(_BETWEEN)):
            self._skip()
        self._separator = max(SEPARATORS, key=lambda one: sum(plain_name(name) in known for name in first.split(one)))
        return self.take(0) or (1, [], None)

    def _peek(self) -> str:
        """The next line; empty at the end."""
        if not self._waiting and (line := next(self._lines, "")):
            self._waiting.append(line)
        return self._waiting[0] if self._waiting else ""

    def _skip(self) -> None:
        """Leave the next line out."""
        self._waiting.popleft()
        self._next += 1

    def take(self, width: int) -> tuple[int, list[str], tuple[str, str] | None] | None:
        """The line of the next row, its cells, and what is wrong with it; None at the end."""
        if not self._peek():
            return None
        taken = [self._waiting.popleft()]
        # By RFC 4180 a row is whole when its quotes are even.
        quotes = taken[0].count('"')
        while quotes % 2 and len(taken) < MOST_LINES and (line := self._peek()):
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
            cells = next(csv.reader(text.splitlines(keepends=True), delimiter=self._separator, strict=True), [])
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


def _header_problems(
    names: Sequence[str], columns: Columns, kinds: Sequence[str], ignored: frozenset[str]
) -> Iterator[tuple[str, str]]:
    mend = f"the header may have {', '.join(columns.known)}"
    if not names:
        yield "the file is empty", "look whether the export went wrong"
        return
    if len(set(names) & set(columns.required)) < FEWEST_NAMED:
        what = f"the first line is no header: it names less than {FEWEST_NAMED} of {', '.join(columns.required)}"
        yield what, mend
        return
    known = {*columns.known, *ignored}
    for name in names:
        if name not in known:
            near = nearest(name, (*columns.known, *kinds))
            yield f"unknown column {name!r}", f"{near}; --ignore passes over a column"
    for name in columns.required:
        if name not in set(names) - ignored:
            yield f"the column {name} is missing", mend
    for name in sorted(ignored & columns.never_ignored.keys() & set(names)):
        yield f"the column {name} is never ignored", columns.never_ignored[name]
    if len(set(names) - ignored) != len([name for name in names if name not in ignored]):
        yield "a column is named twice", "name each column once"


def plain_name(name: str) -> str:
    """A name of a column in small letters, with low lines for spaces."""
    return "_".join(name.strip('\ufeff \t\r\n"').lower().split())
