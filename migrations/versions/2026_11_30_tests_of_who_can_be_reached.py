"""tests of whether whoever goes on call can be reached

One new table, which the version before neither reads nor writes.

Revision ID: 6d1f04c2ab7e
Revises: 60278eeca83d
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6d1f04c2ab7e"
down_revision = "60278eeca83d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drill",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("rota_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("shift_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_for", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_id", sa.String(length=40), nullable=True),
        sa.Column("leg_id", sa.String(length=40), nullable=True),
        sa.Column("at_risk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_drill_call_id_call")),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_drill_leg_id_leg")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill")),
    )
    with op.batch_alter_table("drill", schema=None) as batch_op:
        batch_op.create_index(
            "ix_drill_open",
            ["rota_id", "person_id", "shift_starts_at"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index("ix_drill_shift", ["rota_id", "shift_starts_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("drill", schema=None) as batch_op:
        batch_op.drop_index("ix_drill_shift")
        batch_op.drop_index(
            "ix_drill_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    op.drop_table("drill")
