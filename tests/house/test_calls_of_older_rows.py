"""Timers and outbox items that the version before wrote: each finds the call that it belongs to."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, insert, select

from ivr.core.database import Database
from ivr.core.unit_of_work import Work
from ivr.features import installed_features
from ivr.jobs.call_ids import find_call
from ivr.ops import schema

BEFORE = "1a36daef6059"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
CALL, LEG, PROMISE = "c" * 24, "a" * 24, "b" * 24
SUBJECTS = {
    "call": CALL,
    "leg": LEG,
    "offer": "0" * 24,
    "page": "1" * 24,
    "escalation": "2" * 24,
    "interpreting": "3" * 24,
    "promise": PROMISE,
    "recording": f"{LEG}0007",
}
OF_NO_CALL = ("thandi", "vault", "")
KINDS = {str: "", int: 0, bool: False, float: 0.0, bytes: b"", datetime: NOW, object: []}
EXPECTED = dict.fromkeys(SUBJECTS.values(), CALL) | dict.fromkeys(OF_NO_CALL)
QUEUES = ("outbox", "timer")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, on each backend."""
    address: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return address


def fill(connection: Connection, table: Table, **columns: Any) -> None:
    """Insert a row in which everything that must be said and is not given is nothing."""
    needed = {column.name: _nothing(column) for column in table.c if _must_be_said(column)}
    references = {column.name: SUBJECTS[key.column.table.name] for column in table.c for key in column.foreign_keys}
    row = needed | {name: value for name, value in references.items() if name in needed} | columns
    connection.execute(insert(table).values(row))


def _must_be_said(column: Column[Any]) -> bool:
    return column.name != "id" and not column.nullable and column.server_default is None


def _nothing(column: Column[Any]) -> Any:
    return KINDS[column.type.python_type]


def write_as_before(url: str) -> None:
    """A row of every kind that a timer or an item can be about, and the timers and items, which name no call."""
    database = Database(url)
    try:
        with database.write() as connection:
            tables = MetaData()
            tables.reflect(connection, only=(*SUBJECTS, *QUEUES))
            for name in (table.name for table in tables.sorted_tables if table.name in SUBJECTS):
                fill(connection, tables.tables[name], id=SUBJECTS[name])
            for subject in EXPECTED:
                for name in QUEUES:
                    key = {"effect_key": subject} if name == "outbox" else {}
                    fill(connection, tables.tables[name], kind="any", subject=subject, state="done", **key)
    finally:
        database.dispose()


def look(url: str) -> list[dict[str, str | None]]:
    """The call of each subject, by its timers and by its items, as this version finds them."""
    database = Database(url)
    services: Any = SimpleNamespace(features=installed_features())
    try:
        with database.read() as connection:
            work = Work(services, connection, NOW)
            tables = MetaData()
            tables.reflect(connection, only=QUEUES)
            rows = [connection.execute(select(tables.tables[name])).all() for name in QUEUES]
            return [{row.subject: find_call(work, row.call_id, row.subject) for row in some} for some in rows]
    finally:
        database.dispose()


def stored(url: str) -> list[dict[str, str | None]]:
    """What the rows themselves say."""
    database = Database(url)
    try:
        with database.read() as connection:
            tables = MetaData()
            tables.reflect(connection, only=QUEUES)
            return [
                {row.subject: row.call_id for row in connection.execute(select(tables.tables[name]))} for name in QUEUES
            ]
    finally:
        database.dispose()


def test_the_upgrade_gives_every_row_its_call(url: str) -> None:
    schema.upgrade(url, BEFORE)
    write_as_before(url)
    schema.upgrade(url)
    assert stored(url) == [{subject: call or "" for subject, call in EXPECTED.items()}] * 2
    assert look(url) == [EXPECTED] * 2


def test_what_the_version_before_writes_after_the_upgrade_is_looked_up(url: str) -> None:
    schema.upgrade(url)
    write_as_before(url)
    assert stored(url) == [dict.fromkeys(EXPECTED)] * 2
    assert look(url) == [EXPECTED] * 2


def test_the_upgrade_can_be_undone_and_done_again_without_losing_a_row(url: str) -> None:
    schema.upgrade(url)
    write_as_before(url)
    schema.downgrade(url, BEFORE)
    schema.upgrade(url)
    assert look(url) == [EXPECTED] * 2
