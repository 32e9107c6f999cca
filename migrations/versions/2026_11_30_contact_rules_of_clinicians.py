"""contact rules of clinicians

A column that may be empty and new tables: the version before neither reads nor writes them.

Revision ID: e2b425b961a3
Revises: 6d1f04c2ab7e
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e2b425b961a3"
down_revision = "6d1f04c2ab7e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changed_number",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("rung", sa.Boolean(), nullable=False),
        sa.Column("texted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_number")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_changed_number_person_id_number")),
    )
    op.create_table(
        "text_trouble",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_text_trouble")),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_column("second_at")

    op.drop_table("text_trouble")
    op.drop_table("changed_number")
