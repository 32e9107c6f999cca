"""One row a recording, from the wish to record until Twilio's copy is gone; one for what is of no call of ours.

``kind`` is "call" or "message". ``state`` follows the lifecycle of a recording; its last state,
``PROVIDER_DELETED``, is stored as "released".
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from ivr.core.database import Instant, metadata

recording = Table(
    "recording",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("practice_id", String(64), nullable=False),
    Column("twilio_sid", String(34), unique=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("duration_seconds", Integer),
    Column("channels", Integer),
    Column("fetch_attempts", Integer, nullable=False),
    Column("last_error", String(64)),
    Column("wanted_at", Instant, nullable=False),
    Column("stored_at", Instant),
)

stray_recording = Table(
    "stray_recording",
    metadata,
    Column("twilio_sid", String(34), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("made_at", Instant),
    Column("found_at", Instant, nullable=False),
)
"""What Twilio has recorded of no call that we know: "kept" there, or "gone" from its list."""
