"""own doctor of a patient

Revision ID: c81e4f6a2d35
Revises: a3f5c81d9e06
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c81e4f6a2d35"
down_revision = "a3f5c81d9e06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.add_column(sa.Column("doctor_hash", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.drop_column("doctor_hash")
