"""Sealing stored values anew, for the row that they stand in and with the newest key of their practice.

It goes through every column in the order of the table's key, a batch in a transaction, and leaves alone what is as it
should be: so it may be stopped at any moment and begun again. Rows that somebody has locked just now are passed over,
as is a value that changes meanwhile; the next run finds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, literal, select, tuple_, update

from ivr.core.cipher import SealedColumn, name_row
from ivr.core.database import Database
from ivr.privacy.cipher import PracticeCipher
from ivr.privacy.errors import PrivacyError

BATCH = 200


@dataclass(frozen=True, slots=True)
class Resealed:
    """What was found in a batch: values, those of them that were (or would be) sealed anew, those that do not open."""

    found: int
    changed: int
    broken: int


def reseal_column(
    database: Database, cipher: PracticeCipher, column: SealedColumn, *, dry_run: bool
) -> Iterator[Resealed]:
    """Seal the values of a column anew, and tell of each batch."""
    after: Sequence[Any] | None = None
    while True:
        with database.read() if dry_run else database.write() as connection:
            rows = connection.execute(_batch(column, after, lock=not dry_run)).all()
            done = _reseal_rows(connection, cipher, column, rows, dry_run=dry_run)
        if not rows:
            return
        yield done
        after = rows[-1][: len(_table(column).primary_key)]


def _batch(column: SealedColumn, after: Sequence[Any] | None, *, lock: bool) -> Select[Any]:
    table = _table(column)
    place = list(table.primary_key)
    named = [one.label(f"key_{number}") for number, one in enumerate(column.key)]
    values = column.practice.label("practice"), column.column.label("sealed")
    query = select(*place, *named, *values).select_from(table if column.rows is None else column.rows)
    query = query.where(column.column.is_not(None)).order_by(*place).limit(BATCH)
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*map(literal, after)))
    return query.with_for_update(of=table, skip_locked=True) if lock else query


def _reseal_rows(
    connection: Connection, cipher: PracticeCipher, column: SealedColumn, rows: Sequence[Row[Any]], *, dry_run: bool
) -> Resealed:
    changed = broken = 0
    for row in rows:
        name = name_row(_table(column), *(getattr(row, f"key_{number}") for number in range(len(column.key))))
        try:
            anew = _sealed_anew(cipher, column, name, row)
        except PrivacyError:
            broken += 1
            continue
        if anew is not None:
            changed += 1
            if not dry_run:
                _write(connection, column, row, anew)
    return Resealed(len(rows), changed, broken)


def _sealed_anew(cipher: PracticeCipher, column: SealedColumn, name: str, row: Row[Any]) -> bytes | str | None:
    if column.hashes:
        return cipher.reseal_hash(column.field, name, row.sealed)
    return cipher.reseal(row.practice, column.field, name, row.sealed)


def _write(connection: Connection, column: SealedColumn, row: Row[Any], anew: bytes | str) -> None:
    table = _table(column)
    mine = [one == value for one, value in zip(table.primary_key, row, strict=False)]
    connection.execute(update(table).where(*mine, column.column == row.sealed).values({column.column: anew}))


def _table(column: SealedColumn) -> Table:
    found = column.column.table
    assert isinstance(found, Table)
    return found
