"""Who is responsible for each call with a symptom or an urgent promise: one row a call.

``person_id`` is empty where the ladder of those on call is. ``opened_at`` is when the symptom was told of last, or the
promise made; ``held_until`` how long whoever holds the call of a dropped line may. ``continued_in`` is the later call
of the same person in which it goes on.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, exists, text

from ivr.calls.tables import call
from ivr.core.database import Instant, metadata
from ivr.core.feature import Memory

_OPEN = "state NOT IN ('contacted', 'closed')"
IS_OPEN = text(f"responsibility.{_OPEN}")
"""That somebody still waits for contact, as the index of those spells it: SQLite uses it for no other words."""

responsibility = Table(
    "responsibility",
    metadata,
    Column("call_id", ForeignKey("call.id"), primary_key=True, key="id"),
    Column("practice_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("held_until", Instant),
    Column("contact_at", Instant),
    Column("continued_in", ForeignKey("call.id")),
    Index("ix_responsibility_open", "opened_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
)

OPEN = ("unassigned", "escalating", "assigned", "reopened")
"""States in which somebody still waits for contact."""

MEMORY = Memory(needs=exists().where(responsibility.c.id == call.c.id, responsibility.c.state.in_(OPEN)))
"""Nothing of a call is forgotten as long as somebody waits for contact."""
