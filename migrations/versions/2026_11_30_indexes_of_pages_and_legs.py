"""indexes of pages and legs

By the call of a page, by the person of an open page, and by what a leg is for. On PostgreSQL each is built beside
whoever reads and writes; what an interrupted run left half built is taken away first.

Revision ID: a3f5c81d9e06
Revises: e2b425b961a3
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a3f5c81d9e06"
down_revision = "e2b425b961a3"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_page_call_id", "page", "call_id", None),
    ("ix_page_open_person", "page", "person_id", "state = 'open'"),
    ("ix_leg_subject", "leg", "errand_id", "errand_id IS NOT NULL"),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table, column, those in INDEXES:
            where = sa.text(those) if those else None
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name, table, [column], sqlite_where=where, postgresql_where=where, postgresql_concurrently=True
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table, _, _ in INDEXES:
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
