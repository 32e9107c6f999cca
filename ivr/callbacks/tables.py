"""Promises and messages."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from ivr.core.database import Instant, metadata

promise = Table(
    "promise",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("practice_id", String(64), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("service", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("number_sealed", LargeBinary),
    Column("number_hash", String(64)),
    Column("state", String(16), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("start_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("ended_at", Instant),
    Column("place_since", Instant),
    Column("closed_as", String(24)),
    Index("ix_promise_number_hash", "practice_id", "number_hash"),
    Index("ix_promise_state_due_at", "state", "due_at"),
)

OPEN = ("open", "working")
"""States of a promise that is still to be kept."""

message = Table(
    "message",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("promise_id", ForeignKey("promise.id"), nullable=False),
    Column("recording_id", String(64), nullable=False),
    Column("taken_at", Instant, nullable=False),
)
