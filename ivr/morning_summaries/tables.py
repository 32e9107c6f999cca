"""Which nights have a summary: a row for each, and nothing of what happened in it.

``location_id`` is empty where the summary is the whole practice's. A night ends with the opening, at ``ends_at``.
"""

from __future__ import annotations

from sqlalchemy import Column, String, Table, UniqueConstraint

from ivr.core.database import Instant, metadata

morning_summary = Table(
    "morning_summary",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("practice_id", String(64), nullable=False),
    Column("location_id", String(64), nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("practice_id", "location_id", "ends_at"),
)
