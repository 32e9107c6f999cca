"""Walking the chain from its first row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from ivr.audit.chain import START, Head, row_hash
from ivr.audit.tables import audit_row

MOST_PROBLEMS = 100
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Verification:
    """How many rows there are, where the chain ends, and what is wrong with it (at most 100 problems)."""

    rows: int
    head: Head
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """True where every row is in place and nothing known is missing."""
        return not self.problems


def verify(connection: Connection, known: Head | None = None) -> Verification:
    """Recompute every hash. With a ``known`` head, also prove that its hash is still in the chain."""
    rows, last, problems, seen = 0, Head(), list[str](), known is None or known.hash == START
    for row in _rows(connection):
        rows += 1
        if len(problems) < MOST_PROBLEMS:
            problems += _wrong(row, last)
        last = Head(row.sequence, row.hash)
        seen = seen or (known is not None and row.hash == known.hash)
    if not seen:
        problems.insert(0, "the known head is not in the chain: rows were cut off or rewritten")
    return Verification(rows, last, tuple(problems[:MOST_PROBLEMS]))


def _rows(connection: Connection) -> Iterator[Row[tuple[object, ...]]]:
    every = select(audit_row).order_by(audit_row.c.sequence).execution_options(yield_per=_BATCH)
    yield from connection.execute(every)


def _wrong(row: Row[tuple[object, ...]], last: Head) -> list[str]:
    problems = []
    if row.sequence != last.sequence + 1:
        problems.append(f"row {row.sequence} does not follow row {last.sequence}: rows are missing in between")
    if row.previous_hash != last.hash:
        problems.append(f"row {row.sequence} is not chained to the row before it")
    if row.hash != row_hash(row._asdict(), row.previous_hash):
        problems.append(f"row {row.sequence} was changed after it was written")
    return problems
