"""One-time codes.

A code is bound to one call and one patient. ``code_hash`` is keyed; ``code_sealed`` is there until the text has left,
and ``number_hash`` is that of the number on file, by which texts to one telephone are counted.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from ivr.core.database import Instant, metadata

one_time_code = Table(
    "one_time_code",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("practice_id", String(64), nullable=False),
    Column("patient_id", String(40), nullable=False),
    Column("number_hash", String(64), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("code_sealed", LargeBinary),
    Column("state", String(16), nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("message_sid", String(34)),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_one_time_code_practice", "practice_id", "made_at"),
)

USABLE = ("made", "sent")
"""States of a code that may still be given."""
