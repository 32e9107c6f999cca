"""Accounts (stored as ``staff_...``, as they were once called), their sessions, and how often signing in failed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from ivr.core.database import Instant, metadata

account = Table(
    "staff_user",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("time_zone", String(64)),
)
"""One row a person, kept after the account was disabled, so that no name ever means somebody else.

``time_zone`` is the one in which the person reads times; NULL where none was chosen.
"""

account_session = Table(
    "staff_session",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", ForeignKey("staff_user.id"), nullable=False, index=True),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""``id`` is the SHA-256 of the token in the browser: who reads this table cannot sign in with it."""

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Index("ix_sign_in_failure_last_at", "last_at"),
)
"""``subject`` is a keyed hash of an account name or an address: people type passwords where names belong."""
