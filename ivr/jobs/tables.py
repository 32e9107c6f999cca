"""The outbox, the lane for outbound calls, timers, and rounds."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from ivr.core.database import Instant, metadata

_UNDONE = "state IN ('ready', 'leased')"

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("call_id", String(40)),
    Column("details", JSON, nullable=False),
    Column("effect_key", String(160), nullable=False, unique=True),
    Column("urgency", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("last_error", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
    Index(
        "ix_outbox_waiting",
        "urgency",
        "due_at",
        sqlite_where=text(_UNDONE),
        postgresql_where=text(_UNDONE),
    ),
)

UNDONE = text(f"outbox.{_UNDONE}")
"""The condition of the index, word for word: SQLite uses a partial index only where a query repeats it, unbound."""

lane = Table(
    "lane",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("free_at", Instant, nullable=False),
)

round_ = Table(
    "round",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("stopped_at", String(64), nullable=False),
)
"""When each round is due next, and where the last one stopped, in words of its own."""

timer = Table(
    "timer",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("call_id", String(40)),
    Column("due_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("kind", "subject"),
    Index(
        "ix_timer_due_at",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)
