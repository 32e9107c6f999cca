"""rounds and strays

The version before this one knows neither table and goes on without them.

Revision ID: c91536e40043
Revises: fb4f65451f03
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c91536e40043"
down_revision = "fb4f65451f03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_round")),
    )
    op.create_table(
        "stray_recording",
        sa.Column("twilio_sid", sa.String(length=34), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("twilio_sid", name=op.f("pk_stray_recording")),
    )


def downgrade() -> None:
    op.drop_table("stray_recording")
    op.drop_table("round")
