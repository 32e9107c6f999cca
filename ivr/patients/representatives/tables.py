"""Who may speak for whom. Columns ending in ``_sealed`` are encrypted, ``_hash`` are keyed hashes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, LargeBinary, String, Table, UniqueConstraint

from ivr.core.cipher import SealedColumn
from ivr.core.database import Instant, metadata

FIELDS = ("name", "date_of_birth")

representative = Table(
    "representative",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("practice_id", String(64), nullable=False),
    Column("patient_id", String(40), ForeignKey("patient.id"), nullable=False, index=True),
    Column("external_id_hash", String(64), nullable=False),
    *(Column(f"{field}_sealed", LargeBinary) for field in FIELDS),
    *(Column(f"{field}_hash", String(64)) for field in FIELDS),
    Column("relation", String(24), nullable=False),
    Column("scope", String(1000)),
    Column("proof", String(32), nullable=False),
    Column("proof_seen_on", Date),
    Column("proof_seen_by_sealed", LargeBinary),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("denied", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("practice_id", "external_id_hash"),
)
"""One row for each patient whom somebody speaks for. ``scope``: names of services with spaces between them, or "all";
empty: none of them; NULL: what the practice's configuration gives to the relation.

``starts_on`` and ``ends_on`` are the first and the last day, on the clocks of the practice. ``denied``: whoever must
never be taken for a representative of this patient in these days, whatever else is on file. ``content_hash`` tells a
changed record.
"""

SEALED_OF_REPRESENTATIVES = tuple(
    SealedColumn(
        representative.c[f"{name}_sealed"], name, (representative.c.external_id_hash,), representative.c.practice_id
    )
    for name in (*FIELDS, "proof_seen_by")
)
