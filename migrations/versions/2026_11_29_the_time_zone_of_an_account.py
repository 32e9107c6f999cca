"""the time zone of an account

The version before this one keeps running beside it. It does not know the column, and writes NULL there: no choice.

Revision ID: 61bb24e21c59
Revises: 6cc337db3c85
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "61bb24e21c59"
down_revision = "6cc337db3c85"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("time_zone", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("staff_user", schema=None) as batch_op:
        batch_op.drop_column("time_zone")
