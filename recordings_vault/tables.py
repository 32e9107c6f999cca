"""The vault's tables. They may share a database with others: every name begins with ``vault_``."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A UTC instant. Refuses naive values on the way in, always gives aware ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone; give it as UTC")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


vault_recording = Table(
    "vault_recording",
    metadata,
    Column("recording_id", String(64), primary_key=True),
    Column("practice_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("duration_seconds", Float, nullable=False),
    Column("channels", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("object_name", String(64), nullable=False, unique=True),
    Column("wrapped_key", LargeBinary),
    Column("key_id", String(32), nullable=False),
    Column("retention_until", Instant),
    Column("legal_hold", Boolean, nullable=False, default=False),
    Column("destroyed_at", Instant),
    Column("custody_sequence", Integer, nullable=False),
    Column("custody_hash", String(64), nullable=False),
    Index(None, "practice_id", "recording_id"),
    Index(None, "retention_until"),
)
"""One row a recording, kept after its destruction. ``custody_*`` is the head of its custody chain."""

vault_custody = Table(
    "vault_custody",
    metadata,
    Column("recording_id", String(64), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(16), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Append-only: who did what to a recording, each row hashed together with the one before it."""

vault_loose_object = Table(
    "vault_loose_object",
    metadata,
    Column("object_name", String(64), primary_key=True),
    Column("recording_id", String(64), nullable=False),
    Column("since", Instant, nullable=False, index=True),
    Column("doomed", Boolean, nullable=False),
)
"""Objects no recording owns: being written, or to be deleted. Written before the object exists and removed after
it is owned or gone, so that every object in the store has a row at every instant."""

vault_keyset = Table(
    "vault_keyset",
    metadata,
    Column("practice_id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("keyset", Text),
    Column("key_ids", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
"""A practice's key encryption keys, as a Tink keyset encrypted by the master key. NULL once shredded."""

_GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER vault_custody_no_{verb} BEFORE {verb} ON vault_custody "
        "BEGIN SELECT RAISE(ABORT, 'vault_custody is append-only'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION vault_custody_guard() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'vault_custody is append-only'; END $$",
        "CREATE TRIGGER vault_custody_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON vault_custody "
        "FOR EACH STATEMENT EXECUTE FUNCTION vault_custody_guard()",
    ],
}


def install_guards(connection: Connection) -> None:
    """Make the database itself refuse changes to the custody record. For migrations; create_all does it already."""
    for statement in _GUARDS.get(connection.dialect.name, []):
        connection.exec_driver_sql(statement)


@event.listens_for(vault_custody, "after_create")
def _guard(_table: Table, connection: Connection, **_options: object) -> None:
    install_guards(connection)
