"""sessions of clinicians

The version before this one keeps running beside it. It does not know the table and signs clinicians in by a cookie of
its own, which this version does not take: whoever is signed in while both run is asked for the PIN once more.

Revision ID: 3c5e8f27a1d4
Revises: 9c40a7d1b3e8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3c5e8f27a1d4"
down_revision = "9c40a7d1b3e8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinician_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("page_id", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_clinician_session_page_id_page")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinician_session")),
    )
    with op.batch_alter_table("clinician_session", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_clinician_session_page_id"), ["page_id"], unique=False)


def downgrade() -> None:
    op.drop_table("clinician_session")
