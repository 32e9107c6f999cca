"""contact rules of clinicians

One column that may be empty: the version before neither reads nor writes it.

Revision ID: e2b425b961a3
Revises: bcc47711ce90
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e2b425b961a3"
down_revision = "bcc47711ce90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_column("second_at")
