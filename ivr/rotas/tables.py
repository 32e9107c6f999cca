"""Covers, swaps that are asked for, calendars that rotas follow, the secret addresses at which rotas are read, and
tests of whether whoever goes on call can be reached.

All of them are about people who are on call, none about a patient.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from ivr.core.database import Instant, metadata

rota_swap = Table(
    "rota_swap",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("rota_id", String(64), nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("gives_from", Instant, nullable=False),
    Column("gives_until", Instant, nullable=False),
    Column("asked_of", String(64), nullable=False),
    Column("takes_from", Instant),
    Column("takes_until", Instant),
    Column("made_by", String(120), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("agreed_by", String(120)),
    Column("agreed_at", Instant),
    Column("ended_by", String(120)),
    Column("ended_at", Instant),
)
"""A stretch that one gives to another, perhaps for one of theirs. It holds once both have agreed, by its covers."""

rota_cover = Table(
    "rota_cover",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("rota_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("instead_of", String(64)),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("swap_id", ForeignKey("rota_swap.id")),
    Column("why", String(120)),
    Column("made_by", String(120), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_by", String(120)),
    Column("ended_at", Instant),
    Index(None, "ends_at"),
)
"""Who stands in from when until when, for one person or for whoever it is. The one made last goes before the others."""

rota_feed = Table(
    "rota_feed",
    metadata,
    Column("rota_id", String(64), primary_key=True),
    Column("address_sealed", LargeBinary, nullable=False),
    Column("shifts", JSON, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("problem", String(40)),
    Column("read_at", Instant),
    Column("tried_at", Instant),
    Column("made_by", String(120), nullable=False),
    Column("made_at", Instant, nullable=False),
)
"""The calendar that a rota follows: where it is, and the shifts of its last good copy, by the names of our people.

Nothing else of it is kept, because nobody knows what a calendar of somebody else may hold.
"""

rota_address = Table(
    "rota_address",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("made_by", String(120), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_by", String(120)),
    Column("ended_at", Instant),
)
"""A secret address of the shifts of a rota or a person, by the SHA-256 of its secret."""

_OPEN = text("ended_at IS NULL")

drill = Table(
    "drill",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("rota_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("shift_starts_at", Instant, nullable=False),
    Column("asked_for", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("missed", Integer, nullable=False),
    Column("next_at", Instant),
    Column("call_id", ForeignKey("call.id")),
    Column("leg_id", ForeignKey("leg.id")),
    Column("at_risk_at", Instant),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(
        "ix_drill_open",
        *("rota_id", "person_id", "shift_starts_at"),
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index("ix_drill_shift", "rota_id", "shift_starts_at"),
)
"""Tests of whether whoever goes on call can be reached, one for each shift. ``missed`` counts the rings in vain, and
``next_at`` is when the next one is due, if any is. ``call_id`` and ``leg_id`` are those of the last ring. A test that
somebody has ``asked_for`` rings once and is about no shift: it begins when it was asked for. ``next_at`` is a time of
day, as the shift is: a clock that is set back leaves it where it stands.
"""
