"""Checks of callers by a person, each with its result.

``number`` counts those of one call: of two who decide at once one writes the next. ``ticked`` are ids of the practice's
checklist, ``reason`` is why nobody was proved (empty where somebody was), ``account`` the name of who decided.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from ivr.core.database import Instant, metadata

identity_check = Table(
    "identity_check",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("practice_id", String(64), nullable=False),
    Column("patient_id", String(40), nullable=False),
    Column("result", String(16), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("ticked", JSON, nullable=False),
    Column("account", String(40), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("uq_identity_check_number", "call_id", "number", unique=True),
    Index("ix_identity_check_practice", "practice_id", "made_at"),
)
