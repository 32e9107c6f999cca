"""Where configuration and patients are kept."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from ivr.core.database import Instant, metadata

config_revision = Table(
    "config_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("body", Text, nullable=False),
)
"""Every organisation that was ever in force, once. Rows never change: calls are pinned to them."""

config_activation = Table(
    "config_activation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision_id", ForeignKey("config_revision.id"), nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("applied_by", String(120), nullable=False),
    Index(None, "revision_id"),
)
"""Which revision was put in force when and by whom; the last row is the one in force. Going back is a new row."""
