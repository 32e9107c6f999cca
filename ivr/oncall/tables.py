"""Escalations with their stamped steps, pages with who is signed in to them, transfers and PINs.

The columns of steps keep their older names, ``rungs`` and ``rung``, which the version before this one writes. The
``leg_id`` of a page is the leg that was rung for it; pages to one person share one (``ivr/oncall/rings.py``).
``taken_at`` is when its person asked in a browser to be joined: their telephone asks for the PIN and for nothing else.
``second_at`` is when the second telephone of its person was rung.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from ivr.core.database import Instant, metadata

escalation = Table(
    "escalation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("rungs", JSON, nullable=False, key="steps"),
    Column("rung", Integer, nullable=False, key="step"),
    Column("consult", Boolean, nullable=False),
    Column("accepted_by", String(64)),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(
        "ix_escalation_paging",
        "state",
        sqlite_where=text("state = 'paging'"),
        postgresql_where=text("state = 'paging'"),
    ),
)

_OPEN, _NOT_DONE = "state = 'open'", "state != 'done'"
PAGE_IS_OPEN = text(f"page.{_OPEN}")
IS_PAGING = text("escalation.state = 'paging'")
ITEM_IS_OPEN = text(f"care_item.{_NOT_DONE}")
"""As the indexes of open pages, of running escalations and of open items spell it: SQLite uses them for no value that
it is given.
"""

page = Table(
    "page",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("escalation_id", ForeignKey("escalation.id"), nullable=False, index=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("person_id", String(64), nullable=False),
    Column("rung", Integer, nullable=False, key="step"),
    Column("leg_id", ForeignKey("leg.id")),
    Column("token", String(64), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("message_sid", String(34)),
    Column("message_status", String(16)),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("taken_at", Instant),
    Column("second_at", Instant),
    Index("ix_page_open", "leg_id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    Index("ix_page_open_person", "person_id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
)

transfer = Table(
    "transfer",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("escalation_id", ForeignKey("escalation.id"), nullable=False),
    Column("agent_leg_id", ForeignKey("leg.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("ended_at", Instant),
)


class AsciiBytes(TypeDecorator[str]):
    """Plain letters and digits, kept as bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else value.encode("ascii")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else value.decode("ascii")


pin = Table(
    "pin",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("hash", AsciiBytes, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("set_at", Instant, nullable=False),
)

clinician_session = Table(
    "clinician_session",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("page_id", ForeignKey("page.id"), nullable=False, index=True),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""Who is signed in to a page, by the SHA-256 of the token in the browser."""

shift_session = Table(
    "shift_session",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("person_id", String(64), nullable=False, index=True),
    Column("begun_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
)
"""Who is signed in on a device of their own until their shift ends, by the SHA-256 of the token in the browser."""

care_item = Table(
    "care_item",
    metadata,
    Column("call_id", ForeignKey("call.id"), primary_key=True, key="id"),
    Column("practice_id", String(64), nullable=False),
    Column("page_id", ForeignKey("page.id"), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("outcome", String(32)),
    Column("follow_up", String(32)),
    Column("outcome_at", Instant),
    Column("offered_to", String(64)),
    Column("offered_at", Instant),
    Column("begun_again_at", Instant),
    Column("ended_at", Instant),
    Index(
        "ix_care_item_open",
        "person_id",
        sqlite_where=text(_NOT_DONE),
        postgresql_where=text(_NOT_DONE),
    ),
)
"""A call that a clinician accepted, from then until there was contact and an outcome is written. ``page_id`` is the
page by which its person opens it."""

care_note = Table(
    "care_note",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call_id", ForeignKey("call.id"), nullable=False, index=True),
    Column("practice_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("words_sealed", LargeBinary),
    Column("made_at", Instant, nullable=False),
)
"""What a clinician wrote of a call, or asked for; forgotten with the call's own words."""

changed_number = Table(
    "changed_number",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", String(64), nullable=False),
    Column("number", String(20), nullable=False),
    Column("rung", Boolean, nullable=False),
    Column("texted", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("before", String(64), nullable=False),
    UniqueConstraint("person_id", "number"),
)
"""Old numbers of people on call: what they were for, until when they are still reached, whether they were told of the
change, and a digest of how the person was reached before it."""

text_trouble = Table(
    "text_trouble",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("person_id", String(64), nullable=False),
    Column("code", Integer, nullable=False),
    Column("since", Instant, nullable=False),
)
"""Numbers of clinicians to which texts do not arrive, by Twilio's error code. They stand in the configuration too."""
