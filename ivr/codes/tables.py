"""One-time codes.

A code is bound to one call and one patient. ``number_hash`` is that of the number on file, by which texts to one
telephone are counted. ``code_sealed`` are digits that somebody has yet to be told: the code of our own until its text
has left, or what was given until Verify has judged it. ``code_hash`` of our own code is keyed.

A code of Verify's names its service, and its verification once that has started; its ``code_hash`` is empty, which is
the hash of nothing. ``start_asked`` while it is not known whether Verify started it.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

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
    Column("service_sid", String(34)),
    Column("verification_sid", String(34), unique=True),
    Column("start_asked", Boolean),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_one_time_code_practice", "practice_id", "made_at"),
)

FIELD = "one_time_code.code"
"""What the sealed digits are, for whoever opens them."""
VALID = timedelta(minutes=10)
"""NIST SP 800-63B-4: a secret sent out of band is good for at most ten minutes, and once."""
USABLE = ("made", "sent")
"""States of a code that may still be given."""
