"""Events: offered, queued, answered, abandoned, transferred, escalated, promised, resolved, with their times."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from ivr.core.database import Instant, metadata

event = Table(
    "event",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(48), nullable=False),
    Column("practice_id", String(64), nullable=False),
    Column("call_id", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_event_call_id", "call_id"),
    Index("ix_event_kind_at", "kind", "at"),
)
