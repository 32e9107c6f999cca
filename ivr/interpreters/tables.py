"""Which talks an interpreter was asked for, and who is rung for them now."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table

from ivr.core.database import Instant, metadata

interpreting = Table(
    "interpreting",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("language", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("turns", JSON, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("leg_id", ForeignKey("leg.id")),
    Column("replaced", Boolean, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("joined_at", Instant),
    Column("ended_at", Instant),
)
"""``turns`` are the interpreters in the order in which they are rung, ``turn`` the number of the last who was;
``replaced``: one left early, and the turns have begun anew."""
