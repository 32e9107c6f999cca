"""who is responsible for a call

Calls with an open urgent promise, or for which a clinician is being paged, get their row: the ladder is responsible for
them until their next event, or the next round, tells more. The version before goes on writing calls without a row, for
which the round makes one. On PostgreSQL each batch is a transaction of its own; after an interruption it may be run
again.

Revision ID: 544d22d88573
Revises: 7bd450275023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import TextClause, text

revision = "544d22d88573"
down_revision = "7bd450275023"
branch_labels = None
depends_on = None

BATCH = 1000
OPEN = (
    "SELECT call_id FROM promise WHERE kind = 'urgent-callback' AND state IN ('open', 'working')",
    "SELECT call_id FROM escalation WHERE state = 'paging'",
)


def upgrade() -> None:
    op.create_table(
        "responsibility",
        sa.Column("call_id", sa.String(length=40), nullable=False),
        sa.Column("practice_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("continued_in", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_responsibility_call_id_call")),
        sa.ForeignKeyConstraint(["continued_in"], ["call.id"], name=op.f("fk_responsibility_continued_in_call")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_responsibility")),
    )
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.create_index(
            "ix_responsibility_open",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("state NOT IN ('contacted', 'closed')"),
            postgresql_where=sa.text("state NOT IN ('contacted', 'closed')"),
        )
    _fill_in()


def downgrade() -> None:
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_responsibility_open",
            sqlite_where=sa.text("state NOT IN ('contacted', 'closed')"),
            postgresql_where=sa.text("state NOT IN ('contacted', 'closed')"),
        )

    op.drop_table("responsibility")


def _fill_in() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _fill(connection)
        return
    with op.get_context().autocommit_block():
        _fill(connection)


def _fill(connection: sa.Connection) -> None:
    for source in OPEN:
        while connection.execute(_batch_of(source)).rowcount:
            pass


def _batch_of(source: str) -> TextClause:
    return text(
        f"INSERT INTO responsibility (call_id, practice_id, state, person_id, urgency, opened_at, changed_at) "
        f"SELECT call.id, call.practice_id, 'escalating', '', call.urgency, call.created_at, call.created_at FROM call "
        f"WHERE call.id IN ({source}) AND call.id NOT IN (SELECT call_id FROM responsibility) "
        f"ORDER BY call.id LIMIT {BATCH} ON CONFLICT DO NOTHING"
    )
