"""A look through a whole file of patients before any of it is taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ivr.directory.problems import Problem
from ivr.patients.checks import order_of_date
from ivr.patients.file_keys import FileKeys
from ivr.patients.reading import checked, read_file
from ivr.patients.records import PatientRecord
from ivr.patients.representatives.records import RepresentativeRecord
from ivr.patients.source import USUAL, Form, Progress

MOST_KEPT = 1000
"""Faults that are kept to be told; a report has all of them."""

AT_ONCE = 500
"""Records that are compared with those on file by one question."""

MOST_LINES = 3
"""Lines of a field that are told by number."""

Compare = Callable[[list[PatientRecord]], Iterable[Problem]]
CompareRepresentatives = Callable[[list[RepresentativeRecord]], tuple[Iterable[Problem], AbstractSet[int]]]
"""What is wrong between some of a file and those on file, and the lines of those whose patient is not on file."""
Listen = Callable[[Problem, bool], None]
"""Told of every problem, and whether its record is left out."""


@dataclass(slots=True)
class Survey:
    """What a file holds. ``left_out`` are the lines of records that are not taken, ``repeated`` of those that stood
    before in the same words; ``replaced`` are the ids that others of the file stand for. Of what was ``read``,
    ``representatives`` are records of these. ``columns`` are how many values of a
    field are taken otherwise than they are written, by what is so of them, and ``first_lines`` where the first are.
    """

    read: int = 0
    representatives: int = 0
    left_out: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set, repr=False)
    faults: list[Problem] = field(default_factory=list)
    faulty: int = 0
    warnings: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    columns: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_lines: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    @property
    def is_day_first(self) -> bool:
        """Whether its dates are written day first, so that those which could be either are read wrongly."""
        return self.orders["either"] > 0 and self.orders["day"] > self.orders["month"]

    @property
    def taken(self) -> int:
        """How many records would come in."""
        return self.read - len(self.left_out) - len(self.repeated)


def represent_nobody_on_file(
    records: list[RepresentativeRecord],
) -> tuple[Iterable[Problem], AbstractSet[int]]:
    """What is so where nobody is on file yet."""
    return (), {one.line for one in records}


def survey(
    path: Path,
    at: datetime,
    form: Form = USUAL,
    *,
    compare: Compare = lambda records: (),
    compare_representatives: CompareRepresentatives = represent_nobody_on_file,
    listen: Listen = lambda problem, is_left_out: None,
    progress: Progress = lambda read: None,
) -> Survey:
    """Read all of a file. ``compare`` and ``compare_representatives`` say what is wrong between whole records and those
    on file.
    """
    with closing(FileKeys()) as keys:
        return _Look(keys, compare, compare_representatives, listen).through(path, at, form, progress)


class _Look:
    def __init__(
        self, keys: FileKeys, compare: Compare, compare_representatives: CompareRepresentatives, listen: Listen
    ) -> None:
        self._keys, self._listen = keys, listen
        self._compare, self._compare_representatives = compare, compare_representatives
        self._found, self._waiting = Survey(), list[PatientRecord]()
        self._representatives = list[RepresentativeRecord]()

    def through(self, path: Path, at: datetime, form: Form, progress: Progress) -> Survey:
        for one in read_file(path, at, form, progress):
            reading = checked(one, str(path), at)
            self._found.read += 1
            for problem in reading.problems:
                self._note(problem)
            if held := reading.record or reading.representative:
                self._found.orders[order_of_date(held.values.get("date_of_birth", ""))] += 1
            if reading.record is not None and reading.record.external_id:
                self._remember(reading.record, is_whole=reading.is_whole)
            if reading.representative is not None:
                self._remember_representative(reading.representative, is_whole=reading.is_whole)
            if len(self._waiting) + len(self._representatives) >= AT_ONCE:
                self._compare_those_waiting()
        self._compare_those_waiting()
        self._look_for_others(str(path))
        return self._found

    def _remember(self, record: PatientRecord, *, is_whole: bool) -> None:
        self._keys.add(record, is_whole=is_whole)
        self._found.replaced.update(record.replaces)
        if is_whole:
            self._waiting.append(record)

    def _remember_representative(self, record: RepresentativeRecord, *, is_whole: bool) -> None:
        self._found.representatives += 1
        if record.external_id:
            self._keys.add_representative(record, is_whole=is_whole)
        if is_whole:
            self._representatives.append(record)

    def _compare_those_waiting(self) -> None:
        if self._waiting:
            for problem in self._compare(self._waiting):
                self._note(problem)
            self._waiting.clear()
        if self._representatives:
            problems, of_nobody = self._compare_representatives(self._representatives)
            for problem in problems:
                self._note(problem)
            self._keys.add_represented([one for one in self._representatives if one.line in of_nobody])
            self._representatives.clear()

    def _note(self, problem: Problem, *, leaves_out: bool | None = None) -> None:
        is_left_out = not problem.warning if leaves_out is None else leaves_out
        self._listen(problem, is_left_out)
        if is_left_out:
            self._found.left_out.add(problem.line)
        if problem.cause:
            told = problem.about, problem.cause
            self._found.columns[told] += 1
            if self._found.columns[told] <= MOST_LINES:
                self._found.first_lines.setdefault(told, []).append(problem.line)
        if problem.warning:
            self._found.warnings += 1
        else:
            self._found.faulty += 1
            if len(self._found.faults) < MOST_KEPT:
                self._found.faults.append(problem)

    def _look_for_others(self, file: str) -> None:
        for kind in ("id", "representative"):
            self._look_for_ids(file, kind)
        self._look_for_patients(file)
        self._look_for_candidates(file)

    def _look_for_ids(self, file: str, kind: str) -> None:
        for lines, differ in self._keys.again(kind):
            first, *others = lines
            for line in others:
                self._note(_used_again(file, line, first) if differ else _repeated(file, line, first))
            if differ:
                what = f"its id is used again in line {others[0]}, and which of the two is right is not known"
                self._note(Problem(file, first, what, "keep one of the two", True, about="id"), leaves_out=True)
            else:
                self._found.repeated.update(others)

    def _look_for_patients(self, file: str) -> None:
        """Whoever represents nobody on file represents somebody who comes in with the same file, or is a fault."""
        for line, patients in self._keys.represented():
            if line not in self._found.left_out and not set(patients) - self._found.left_out:
                what = "it represents a patient who is neither on file nor comes in with this file"
                mend = "take in the patient first, or look whether the id is right"
                self._note(Problem(file, line, what, mend, about="represents"))

    def _look_for_candidates(self, file: str) -> None:
        gone = self._found.left_out | self._found.repeated
        for field_name, what in (("name", "the name and the date of birth"), ("mrn", "the mrn")):
            for lines, _ in self._keys.again(field_name):
                kept = [line for line in lines if line not in gone]
                self._note_candidates(file, kept, field_name, f"it has {what} of line {{}}")
        for two in self._keys.joined():
            self._note_candidates(
                file, [line for line in two if line not in gone], "link", "a link joins it with line {}"
            )

    def _note_candidates(self, file: str, lines: Sequence[int], about: str, what: str) -> None:
        for line in lines[1:]:
            mend = "look whether they are one person; neither is merged"
            self._note(Problem(file, line, what.format(lines[0]), mend, True, about=about))


def _used_again(file: str, line: int, first: int) -> Problem:
    return Problem(file, line, f"the id of line {first} is used again", "keep one of the two", about="id")


def _repeated(file: str, line: int, first: int) -> Problem:
    return Problem(file, line, f"it is the same record as that of line {first}", "it is taken once", True, about="id")
