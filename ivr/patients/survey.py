"""A look through a whole file of patients before any of it is taken in."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from ivr.directory.problems import Problem
from ivr.patients.checks import order_of_date
from ivr.patients.normalise import NORMALISERS
from ivr.patients.reading import checked, read_file
from ivr.patients.records import PatientRecord
from ivr.patients.source import USUAL, Form, Progress

MOST_KEPT = 1000
"""Faults that are kept to be told; a report has all of them."""

AT_ONCE = 500
"""Records that are compared with those on file by one question."""

Compare = Callable[[list[PatientRecord]], Iterable[Problem]]
Listen = Callable[[Problem, bool], None]
"""Told of every problem, and whether its record is left out."""

_SEEN = "CREATE TABLE seen (kind TEXT, key INTEGER, line INTEGER, content INTEGER)"
_AGAIN = """
    SELECT group_concat(line), count(DISTINCT content) FROM seen
    WHERE kind = ? GROUP BY key HAVING count(*) > 1 ORDER BY max(line)
"""
_JOINED = """
    SELECT DISTINCT min(link.line, own.line), max(link.line, own.line)
    FROM seen link JOIN seen own ON own.key = link.key
    WHERE link.kind = 'link' AND own.kind = 'id' AND own.line != link.line ORDER BY 1, 2
"""


@dataclass(slots=True)
class Survey:
    """What a file holds. ``left_out`` are the lines of records that are not taken, ``repeated`` of those that stood
    before in the same words; ``replaced`` are the ids that others of the file stand for.
    """

    read: int = 0
    left_out: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set, repr=False)
    faults: list[Problem] = field(default_factory=list)
    faulty: int = 0
    warnings: int = 0
    orders: Counter[str] = field(default_factory=Counter)

    @property
    def is_day_first(self) -> bool:
        """Whether its dates are written day first, so that those which could be either are read wrongly."""
        return self.orders["either"] > 0 and self.orders["day"] > self.orders["month"]

    @property
    def taken(self) -> int:
        """How many records would come in."""
        return self.read - len(self.left_out) - len(self.repeated)


def survey(
    path: Path,
    at: datetime,
    form: Form = USUAL,
    *,
    compare: Compare = lambda records: (),
    listen: Listen = lambda problem, is_left_out: None,
    progress: Progress = lambda read: None,
) -> Survey:
    """Read all of a file. ``compare`` says what is wrong between whole records and those on file."""
    with closing(_Keys()) as keys:
        return _Look(keys, compare, listen).through(path, at, form, progress)


class _Look:
    def __init__(self, keys: _Keys, compare: Compare, listen: Listen) -> None:
        self._keys, self._compare, self._listen = keys, compare, listen
        self._found, self._waiting = Survey(), list[PatientRecord]()

    def through(self, path: Path, at: datetime, form: Form, progress: Progress) -> Survey:
        for one in read_file(path, at, form, progress):
            reading = checked(one, str(path), at)
            self._found.read += 1
            for problem in reading.problems:
                self._note(problem)
            if reading.record is not None:
                self._found.orders[order_of_date(reading.record.values.get("date_of_birth", ""))] += 1
            if reading.record is not None and reading.record.external_id:
                self._remember(reading.record, is_whole=reading.is_whole)
            if len(self._waiting) >= AT_ONCE:
                self._compare_those_waiting()
        self._compare_those_waiting()
        self._look_for_others(str(path))
        return self._found

    def _remember(self, record: PatientRecord, *, is_whole: bool) -> None:
        self._keys.add(record, is_whole=is_whole)
        self._found.replaced.update(record.replaces)
        if is_whole:
            self._waiting.append(record)

    def _compare_those_waiting(self) -> None:
        if self._waiting:
            for problem in self._compare(self._waiting):
                self._note(problem)
            self._waiting.clear()

    def _note(self, problem: Problem, *, leaves_out: bool | None = None) -> None:
        is_left_out = not problem.warning if leaves_out is None else leaves_out
        self._listen(problem, is_left_out)
        if is_left_out:
            self._found.left_out.add(problem.line)
        if problem.warning:
            self._found.warnings += 1
        else:
            self._found.faulty += 1
            if len(self._found.faults) < MOST_KEPT:
                self._found.faults.append(problem)

    def _look_for_others(self, file: str) -> None:
        for lines, differ in self._keys.again("id"):
            first, *others = lines
            for line in others:
                self._note(_used_again(file, line, first) if differ else _repeated(file, line, first))
            if differ:
                what = f"its id is used again in line {others[0]}, and which of the two is right is not known"
                self._note(Problem(file, first, what, "keep one of the two", True, about="id"), leaves_out=True)
            else:
                self._found.repeated.update(others)
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


class _Keys:
    """What of a file must be compared with all of it: in a database on disk that is gone when it is closed, hashed
    with a key that nobody keeps.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._database = sqlite3.connect("")
        self._database.execute(_SEEN)

    def close(self) -> None:
        self._database.close()

    def add(self, record: PatientRecord, *, is_whole: bool) -> None:
        """Remember whose id it is; and who it may be, where the record is one to be taken."""
        forms = {name: NORMALISERS[name](record.values.get(name, "")) for name in ("name", "date_of_birth", "mrn")}
        content = self._hash(repr(record.line) if not is_whole else repr(_content(record)))
        keys = [("id", record.external_id), *(("link", one) for one in record.linked)]
        if is_whole and forms["mrn"]:
            keys.append(("mrn", forms["mrn"]))
        if is_whole and forms["name"] and forms["date_of_birth"]:
            keys.append(("name", json.dumps([forms["name"], forms["date_of_birth"]])))
        rows = [(kind, self._hash(key), record.line, content) for kind, key in keys]
        self._database.executemany("INSERT INTO seen VALUES (?, ?, ?, ?)", rows)

    def again(self, kind: str) -> Iterator[tuple[list[int], bool]]:
        """What of a kind occurs on several lines: the lines, and whether the records differ."""
        for lines, contents in self._database.execute(_AGAIN, (kind,)):
            yield sorted({int(line) for line in lines.split(",")}), contents > 1

    def joined(self) -> Iterator[tuple[int, int]]:
        """The lines that a link joins, in either direction."""
        yield from self._database.execute(_JOINED)

    def _hash(self, text: str) -> int:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=self._secret).digest()
        return int.from_bytes(digest, signed=True)


def _content(record: PatientRecord) -> tuple[object, ...]:
    return (
        sorted(record.values.items()),
        record.language,
        record.state,
        record.phone_since,
        record.deceased,
        record.payer,
        record.set_aside,
        record.replaces,
    )
