"""timers and items know their call

The version before this one keeps running beside it, so a change takes three releases: add (a new column or
table, nullable or with a default), backfill (in small batches), remove (once nothing reads the old one).
Never rename, never tighten and never drop what the version before still uses. On PostgreSQL an index on a
large table is built CONCURRENTLY, inside `op.get_context().autocommit_block()`.

Revision ID: 5b1f0c6de2a9
Revises: 1a36daef6059
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b1f0c6de2a9"
down_revision = "1a36daef6059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call_id", sa.String(length=40), nullable=True))

    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call_id", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_column("call_id")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("call_id")
