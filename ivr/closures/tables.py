"""Closures that no calendar foresaw."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, String, Table

from ivr.core.database import Instant, metadata

closure = Table(
    "closure",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("practice_id", String(64), nullable=False),
    Column("location_id", String(64)),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("texts", JSON, nullable=False),
    Column("why", String(120), nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_by", String(120)),
    Column("ended_at", Instant),
    Index(None, "practice_id", "ends_at"),
)
"""Each from when until when, and what callers are told in each language. Without a location the whole practice."""
