"""Codes of listed organisations, and for which one whoever calls gave it.

Of a code only its slow hash is kept, and a keyed hash of its first digits, by which it is found. ``code_id`` is the
code that was right: what was proved by one that was withdrawn since proves nothing. ``leg_id`` is the leg on which the
listed number is rung, ``reached_at`` when somebody there pressed the key.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from ivr.core.database import Instant, metadata

organisation_code = Table(
    "organisation_code",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("practice_id", String(64), nullable=False),
    Column("listed_id", String(64), nullable=False),
    Column("selector_hash", String(64), nullable=False),
    Column("hash", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_organisation_code_listed", "practice_id", "listed_id", unique=True),
    Index("ix_organisation_code_selector", "practice_id", "selector_hash", unique=True),
)

listed_caller = Table(
    "listed_caller",
    metadata,
    Column("call_id", ForeignKey("call.id"), primary_key=True),
    Column("practice_id", String(64), nullable=False),
    Column("listed_id", String(64), nullable=False),
    Column("code_id", String(40), nullable=False),
    Column("code_at", Instant, nullable=False),
    Column("leg_id", ForeignKey("leg.id")),
    Column("reached_at", Instant),
)
