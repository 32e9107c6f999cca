"""${message}

The version before this one keeps running beside it, so a change takes three releases: add (a new column or
table, nullable or with a default), backfill (in small batches), remove (once nothing reads the old one).
Never rename, never tighten and never drop what the version before still uses. On PostgreSQL an index on a
large table is built CONCURRENTLY, inside `op.get_context().autocommit_block()`.

Revision ID: ${up_revision}
Revises: ${down_revision or "nothing"}
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
