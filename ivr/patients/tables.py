"""What is known of a patient. Columns ending in ``_sealed`` are encrypted, ``_hash`` are keyed hashes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, LargeBinary, String, Table, UniqueConstraint

from ivr.core.database import Instant, metadata

FIELDS = ("name", "date_of_birth", "zip", "mrn", "phone")

patient = Table(
    "patient",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("practice_id", String(64), nullable=False),
    Column("external_id_hash", String(64), nullable=False),
    *(Column(f"{field}_sealed", LargeBinary) for field in FIELDS),
    *(Column(f"{field}_hash", String(64)) for field in FIELDS),
    Column("language", String(16)),
    Column("state", String(2)),
    Column("payer_sealed", LargeBinary),
    Column("doctor_hash", String(64)),
    Column("phone_since", Date),
    Column("deceased", Boolean, nullable=False),
    Column("set_aside", String(16)),
    Column("content_hash", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("practice_id", "external_id_hash"),
    *(Index(f"ix_patient_{field}", "practice_id", f"{field}_hash") for field in FIELDS),
)
"""``phone_since`` is the first day the number on file was known; ``content_hash`` tells a changed record.

``doctor_hash`` is of the name of the patient's own doctor. ``set_aside`` is why nobody is recognised by a record
although nobody is known to have died; NULL: there is no reason.
"""

SOUND = "sound"
"""The field under which it is hashed how a word of a name sounds."""

patient_key = Table(
    "patient_key",
    metadata,
    Column("practice_id", String(64), primary_key=True),
    Column("key_hash", String(64), primary_key=True),
    Column("patient_id", String(40), ForeignKey("patient.id"), primary_key=True, index=True),
)
"""How the words of a patient's name sound, one row for each. Records taken in before these were kept have none."""
