"""coverage as it was computed

The version before this one keeps running beside it. It does not know the tables, and computes what its own page shows.
All that is in them can be computed again.

Revision ID: 6cc337db3c85
Revises: c91536e40043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6cc337db3c85"
down_revision = "c91536e40043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("closures", sa.String(length=64), nullable=False),
        sa.Column("computed_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("gaps", sa.Integer(), nullable=True),
        sa.Column("causes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["config_revision.id"], name=op.f("fk_coverage_revision_id_config_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
        sa.UniqueConstraint("number", name=op.f("uq_coverage_number")),
    )

    op.create_table(
        "coverage_cause",
        sa.Column("coverage_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("first_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["coverage_id"], ["coverage.id"], name=op.f("fk_coverage_cause_coverage_id_coverage")),
        sa.PrimaryKeyConstraint("coverage_id", "number", name=op.f("pk_coverage_cause")),
    )
    op.create_table(
        "coverage_part",
        sa.Column("coverage_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=True),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["coverage_id"], ["coverage.id"], name=op.f("fk_coverage_part_coverage_id_coverage")),
        sa.PrimaryKeyConstraint("coverage_id", "number", name=op.f("pk_coverage_part")),
    )


def downgrade() -> None:
    op.drop_table("coverage_part")
    op.drop_table("coverage_cause")
    op.drop_table("coverage")
