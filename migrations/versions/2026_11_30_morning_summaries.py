"""morning summaries

A new table: the version before neither reads nor writes it. Nights that were over before are looked for by the round.

Revision ID: 60278eeca83d
Revises: bcc47711ce90
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "60278eeca83d"
down_revision = "bcc47711ce90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "morning_summary",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("practice_id", sa.String(length=64), nullable=False),
        sa.Column("location_id", sa.String(length=64), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_morning_summary")),
        sa.UniqueConstraint(
            "practice_id", "location_id", "ends_at", name=op.f("uq_morning_summary_practice_id_location_id_ends_at")
        ),
    )
    with op.batch_alter_table("morning_summary", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_morning_summary_ends_at"), ["ends_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("morning_summary", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_morning_summary_ends_at"))

    op.drop_table("morning_summary")
