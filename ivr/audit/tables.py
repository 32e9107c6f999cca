"""The audit table (content after ASTM E2147 and FHIR R4 AuditEvent)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, event

from ivr.audit.guards import install_guards
from ivr.core.database import Instant, metadata

audit_row = Table(
    "audit_row",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("on_behalf_of", String(80)),
    Column("role", String(40)),
    Column("site", String(80)),
    Column("site_offset_minutes", Integer),
    Column("address", String(80)),
    Column("action", String(40), nullable=False),
    Column("patient_id", String(80)),
    Column("practice_id", String(80)),
    Column("call_id", String(80)),
    Column("object_id", String(80)),
    Column("purpose", String(40)),
    Column("outcome", String(40), nullable=False),
    Column("reason", String(120)),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "patient_id", "at"),
    Index(None, "practice_id", "at"),
)

CONTENT = tuple(column.name for column in audit_row.columns if column.name not in ("previous_hash", "hash"))
"""The columns a row's hash covers, in the order it covers them."""

event.listen(audit_row, "after_create", lambda _table, connection, **_options: install_guards(connection))
