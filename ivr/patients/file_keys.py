"""What of a file of patients must be compared with all of it."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields
from hashlib import blake2b

from ivr.patients.normalise import NORMALISERS
from ivr.patients.records import PatientRecord
from ivr.patients.representatives.records import RepresentativeRecord

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
_REPRESENTED = """
    SELECT one.line, group_concat(own.line) FROM seen one LEFT JOIN seen own ON own.key = one.key AND own.kind = 'id'
    WHERE one.kind = 'represents' GROUP BY one.line ORDER BY one.line
"""
_PLACES = ("values", "line")


class FileKeys:
    """What of a file must be compared with all of it: in a database on disk that is gone when it is closed, hashed
    with a key that nobody keeps.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._database = sqlite3.connect("")
        self._database.execute(_SEEN)

    def close(self) -> None:
        """Forget all of it."""
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

    def add_representative(self, record: RepresentativeRecord, *, is_whole: bool) -> None:
        """Remember whose id it is."""
        content = self._hash(repr(record.line) if not is_whole else repr(_content_of_representative(record)))
        row = ("representative", self._hash(record.external_id), record.line, content)
        self._database.execute("INSERT INTO seen VALUES (?, ?, ?, ?)", row)

    def add_represented(self, records: Sequence[RepresentativeRecord]) -> None:
        """Remember whom those speak for whose patient is not on file."""
        rows = [("represents", self._hash(record.represents), record.line, 0) for record in records]
        self._database.executemany("INSERT INTO seen VALUES (?, ?, ?, ?)", rows)

    def represented(self) -> Iterator[tuple[int, list[int]]]:
        """The lines of these, each with the lines on which its patient stands."""
        for line, patients in self._database.execute(_REPRESENTED):
            yield int(line), [int(one) for one in (patients or "").split(",") if one]

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
        record.doctor,
        record.set_aside,
        record.replaces,
    )


def _content_of_representative(record: RepresentativeRecord) -> tuple[object, ...]:
    everything = {each.name: getattr(record, each.name) for each in fields(record)}
    return (sorted(record.values.items()), *(value for name, value in everything.items() if name not in _PLACES))
