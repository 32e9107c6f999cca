"""the clinician's page and open items

New tables and one column that may be empty: the version before neither reads nor writes them. Calls that were accepted
before get their open item with the next thing that happens in them.

Revision ID: bcc47711ce90
Revises: 544d22d88573
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "bcc47711ce90"
down_revision = "544d22d88573"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_session")),
    )
    with op.batch_alter_table("shift_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_session_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "care_note",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=40), nullable=False),
        sa.Column("practice_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_care_note_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_note")),
    )
    with op.batch_alter_table("care_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_note_call_id"), ["call_id"], unique=False)

    op.create_table(
        "care_item",
        sa.Column("call_id", sa.String(length=40), nullable=False),
        sa.Column("practice_id", sa.String(length=64), nullable=False),
        sa.Column("page_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("follow_up", sa.String(length=32), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_to", sa.String(length=64), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_care_item_call_id_call")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_care_item_page_id_page")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_care_item")),
    )
    with op.batch_alter_table("care_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_care_item_open",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("state != 'done'"),
            postgresql_where=sa.text("state != 'done'"),
        )

    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_column("taken_at")

    with op.batch_alter_table("care_item", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_care_item_open", sqlite_where=sa.text("state != 'done'"), postgresql_where=sa.text("state != 'done'")
        )

    op.drop_table("care_item")
    with op.batch_alter_table("care_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_note_call_id"))

    op.drop_table("care_note")
    with op.batch_alter_table("shift_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_session_person_id"))
        batch_op.drop_index(batch_op.f("ix_shift_session_ends_at"))

    op.drop_table("shift_session")
