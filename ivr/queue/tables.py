"""Waiting calls, offers and what each agent is doing."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    text,
)

from ivr.core.database import Instant, metadata

_WAITS = "state IN ('searching', 'offered')"

waiting = Table(
    "waiting",
    metadata,
    Column("call_id", ForeignKey("call.id"), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("service", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("pool", String(64), nullable=False),
    Column("callback", Boolean, nullable=False),
    Column("place", Float, nullable=False),
    Column("since", Instant, nullable=False),
    Column("tried", JSON, nullable=False, key="already_offered"),
    Column("decided", String(64)),
    Index(
        "ix_waiting_place",
        "place",
        sqlite_where=text(_WAITS),
        postgresql_where=text(_WAITS),
    ),
)

WAITS = text(f"waiting.{_WAITS}")
"""The condition of the index, word for word: SQLite uses a partial index only where a query repeats it, unbound."""

offer = Table(
    "offer",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("agent_id", String(64), nullable=False),
    Column("leg_id", ForeignKey("leg.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("about", JSON, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

talks = Table(
    "talks",
    metadata,
    Column("practice_id", String(64), primary_key=True),
    Column("service", String(64), primary_key=True),
    Column("mean_seconds", Float, nullable=False),
    Column("known", Integer, nullable=False),
)
"""How long agents' talks last, from which waits are estimated."""

agent_state = Table(
    "agent_state",
    metadata,
    Column("agent_id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    Column("offer_id", String(40)),
    Column("until", Instant),
    Column("misses", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("away_since", Instant, index=True),
    Column("away_until", Instant),
)
"""``until`` is when a rest or a wrap-up ends by itself; ``misses`` are offers missed in a row; ``version`` counts the
changes of the row. Whoever signed out has an ``away_since``, and an ``away_until`` at which they are taken to be back,
whatever ``state`` says of the call they are at."""

decision = Table(
    "decision",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("revision_id", Integer, nullable=False),
    Column("rung", Integer, nullable=False, key="relaxation_step"),
    Column("chosen", String(64)),
    Column("question", JSON, nullable=False),
    Column("answer", JSON, nullable=False),
)
"""Why a call was offered to whom, or went on waiting: the question and the answer, so that it can be decided again."""
