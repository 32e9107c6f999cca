"""How Alembic runs a migration: one at a time, briefly locked, each in a transaction of its own.

A migration that cannot get its lock gives up rather than make every caller's webhook queue behind it
(PostgreSQL: "lock_timeout"); the release is tried again.
"""

from __future__ import annotations

import time
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from ivr.core.database import Database
from ivr.features import installed_tables

ONE_AT_A_TIME = 7_864_653
"""The PostgreSQL advisory lock that migrations hold. Any number nobody else uses."""

TRIES_EVERY = 0.5
"""Seconds after which whoever waits for the migration of another tries again."""
LOCK_TIMEOUT = "4s"
STATEMENT_TIMEOUT = "15min"


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write a type of ours as what the database knows it by, so that history never imports today's code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run() -> None:
    """Migrate the database at the address in the configuration's attributes."""
    database = Database(context.config.attributes["url"])
    try:
        with database.engine.connect() as connection:
            prepare(connection)
            migrate(connection)
            check_references(connection)
    finally:
        database.dispose()


def prepare(connection: Connection) -> None:
    """Patience and manners on PostgreSQL; on SQLite a table may be rebuilt without losing what refers to it."""
    if connection.dialect.name == "sqlite":
        # It has no effect inside a transaction (SQLite: "PRAGMA foreign_keys"), and SQLAlchemy would begin one.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        return
    connection.exec_driver_sql(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
    # Whoever waited inside a statement would be waited for by an index that is built concurrently: a deadlock.
    while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({ONE_AT_A_TIME})").scalar_one():
        connection.commit()
        time.sleep(TRIES_EVERY)
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.commit()


def migrate(connection: Connection) -> None:
    """Run the chosen migrations; on SQLite by rebuilding tables where ALTER cannot (Alembic: "batch")."""
    context.configure(
        connection=connection,
        target_metadata=installed_tables(),
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def check_references(connection: Connection) -> None:
    """Raise when a rebuilt table left a row that refers to nothing."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a migration left rows that refer to nothing; restore the backup and mend the migration")


run()
