"""Calls, legs and the log of answers.

A call is the caller's whole conversation, a leg one party's connection to it. What a person said, pressed or
was called from is sealed; everything else is an opaque id, a code or an instant. ``patient_state`` is where the
patient is now: null when nobody asked, empty when the answer did not tell. ``caller_abroad``: the number in
``caller_sealed`` is rung for what is urgent only. ``representative_id`` is who speaks for the patient, ``relation`` as
what, ``caller_level`` how sure we are that it is they: null where nobody is known to. ``told`` is what a waiting party
heard of its wait so far: names of prompts, places in line, minutes. A leg that ``continues`` another one is the same
telephone call, which serves a call after the other: it names the leg that was rung.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, false, text

from ivr.core.database import Instant, metadata

COMPLAINT = "call.complaint"
"""The field under which the caller's own words are sealed."""

call = Table(
    "call",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("revision_id", Integer, nullable=False),
    Column("practice_id", String(64), nullable=False),
    Column("location_id", String(64), nullable=False),
    Column("direction", String(16), nullable=False),
    Column("dialled", String(20), nullable=False),
    Column("caller_sealed", LargeBinary),
    Column("caller_hash", String(64)),
    Column("caller_abroad", Boolean, nullable=False, server_default=false()),
    Column("complaint_sealed", LargeBinary),
    Column("patient_id", String(40)),
    Column("identity_level", String(4), nullable=False),
    Column("representative_id", String(40)),
    Column("relation", String(24)),
    Column("caller_level", String(4)),
    Column("language", String(16), nullable=False),
    Column("service", String(64)),
    Column("urgency", String(16), nullable=False),
    Column("symptom", Boolean, nullable=False),
    Column("patient_state", String(2)),
    Column("recording_consent", String(16), nullable=False),
    Column("conference_sid", String(34)),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(64)),
    Index("ix_call_created_at", "created_at"),
    Index("ix_call_caller", "practice_id", "caller_hash", "created_at"),
)

_LIVING = "state <> 'ended'"
LEG_IS_LIVING = text(f"leg.{_LIVING}")
"""As the index of living legs spells it: SQLite uses it for no value that it is given."""

leg = Table(
    "leg",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("practice_id", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("person_id", String(64), nullable=False),
    # The column keeps its older name, which the version before this one writes.
    Column("errand_id", String(40), key="subject_id"),
    Column("address_sealed", LargeBinary),
    Column("twilio_sid", String(34), unique=True),
    Column("state", String(16), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("flow", String(64), nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("flow_fingerprint", String(64), nullable=False),
    Column("base_step", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("said_from", Integer, nullable=False),
    Column("pending_key", String(128)),
    Column("pending_kind", String(32)),
    Column("begun", Boolean, nullable=False),
    Column("redirecting", Integer, nullable=False),
    Column("outcome", String(64)),
    Column("in_conference", Boolean, nullable=False),
    Column("held", Boolean, nullable=False, server_default=false()),
    Column("conference_sequence", Integer, nullable=False),
    Column("ring_seconds", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("ended_at", Instant),
    Column("ended_how", String(32)),
    Column("told", JSON),
    Column("continues", ForeignKey("leg.id")),
    Index("ix_leg_live", "state", sqlite_where=text(_LIVING), postgresql_where=text(_LIVING)),
    Index(
        "ix_leg_subject",
        "subject_id",
        sqlite_where=text("errand_id IS NOT NULL"),
        postgresql_where=text("errand_id IS NOT NULL"),
    ),
    Index(
        "ix_leg_continues",
        "continues",
        sqlite_where=text("continues IS NOT NULL"),
        postgresql_where=text("continues IS NOT NULL"),
    ),
)

call_log = Table(
    "call_log",
    metadata,
    Column("leg_id", ForeignKey("leg.id"), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("key", String(128), nullable=False),
    Column("answer_sealed", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)
