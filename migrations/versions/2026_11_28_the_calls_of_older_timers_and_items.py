"""the calls of older timers and items

What is waiting was written by the version before, which goes on writing such rows: they keep NULL, which this version
looks up by itself. What belongs to no call gets an empty text. On PostgreSQL each batch is a transaction of its own
and passes over rows that somebody holds, so that no caller waits for it; after an interruption it may be run again.

Revision ID: 9c40a7d1b3e8
Revises: 5b1f0c6de2a9
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, TextClause, text

revision = "9c40a7d1b3e8"
down_revision = "5b1f0c6de2a9"
branch_labels = None
depends_on = None

BATCH = 1000
OF_A_CALL = ("leg", "offer", "page", "escalation", "interpreting", "promise", "recording")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _fill(connection, held="")
        return
    with op.get_context().autocommit_block():
        _fill(connection, held="FOR UPDATE SKIP LOCKED")


def downgrade() -> None:
    """The version before does not read the column."""


def _fill(connection: Connection, held: str) -> None:
    for table in ("outbox", "timer"):
        while connection.execute(_batch_of(table, held)).rowcount:
            pass


def _batch_of(table: str, held: str) -> TextClause:
    looked_for = [f"(SELECT call_id FROM {one} WHERE {one}.id = {table}.subject)" for one in OF_A_CALL]
    found = ", ".join((f"(SELECT id FROM call WHERE call.id = {table}.subject)", *looked_for, "''"))
    unfilled = f"SELECT id FROM {table} WHERE call_id IS NULL ORDER BY id LIMIT {BATCH} {held}"
    return text(f"UPDATE {table} SET call_id = COALESCE({found}) WHERE id IN ({unfilled})")
