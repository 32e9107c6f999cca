"""Tries at being recognised, or at the code of an organisation, without anything that was tried. They are forgotten
with the words of their call.

``source`` tells telephones apart and ``about`` the records that a try was nearest to, both as keyed hashes; where no
number shows, ``source`` is the call. Tries that were refused are not among them: they count for nothing.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table

from ivr.core.database import Instant, metadata

identity_try = Table(
    "identity_try",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("practice_id", String(64), nullable=False),
    Column("call_id", String(40), nullable=False),
    Column("kind", String(16), nullable=False, server_default="patient"),
    Column("source", String(64), nullable=False),
    Column("telephone", String(16), nullable=False),
    Column("about", String(64)),
    Column("own", Boolean, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("alerted", String(128), nullable=False),
    Index("ix_identity_try_call_id", "call_id", "at"),
    Index("ix_identity_try_source", "practice_id", "source", "at"),
    Index("ix_identity_try_about", "practice_id", "about", "at"),
    Index("ix_identity_try_at", "practice_id", "at"),
    Index("ix_identity_try_telephone", "practice_id", "telephone", "failed", "at"),
)
"""``kind``: "patient", "organisation" where its code was tried, or "dial-in" where a clinician's code and PIN were.
``own``: the number is on file with the record.
``alerted`` names the alerts that were raised at it.
"""
