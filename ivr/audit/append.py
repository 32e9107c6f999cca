"""Appending to the audit log, in the transaction of the thing that is being recorded."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, select

from ivr.audit.chain import Head, row_hash
from ivr.audit.tables import audit_row
from ivr.core.unit_of_work import Work

_LOCK = 0x53554E41554449
"""The advisory lock that makes appenders on PostgreSQL take turns until they commit."""

_CODE = re.compile(r"[a-z][a-z0-9_.:-]{0,39}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@/-]{0,79}")
_ADDRESS = re.compile(r"[A-Za-z0-9:][A-Za-z0-9_.:/%-]{0,79}")
_REASON = re.compile(r"[a-z][a-z0-9 _.,:-]{0,119}")
_TELEPHONE = re.compile(r"\d{7,20}")
_SHAPES = {
    "actor": _NAME,
    "on_behalf_of": _NAME,
    "role": _CODE,
    "site": _NAME,
    "address": _ADDRESS,
    "action": _CODE,
    "patient_id": _NAME,
    "practice_id": _NAME,
    "call_id": _NAME,
    "object_id": _NAME,
    "purpose": _CODE,
    "outcome": _CODE,
    "reason": _REASON,
}


class AuditRefused(ValueError):
    """A field does not have the shape of a code or an opaque id; the text names the field, never the value."""


def append(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    outcome: str,
    on_behalf_of: str | None = None,
    role: str | None = None,
    site: str | None = None,
    site_offset_minutes: int | None = None,
    address: str | None = None,
    patient_id: str | None = None,
    practice_id: str | None = None,
    call_id: str | None = None,
    object_id: str | None = None,
    purpose: str | None = None,
    reason: str | None = None,
) -> Head:
    """Add one row at the end of the chain; it becomes true when the caller's transaction commits.

    ``action``, ``outcome``, ``role`` and ``purpose`` are lower-case codes, ids are opaque, ``reason`` is a short
    lower-case phrase: a value that a patient said has no place here. Call it last in a transaction: on
    PostgreSQL other appenders wait from here until the commit.
    """
    content = {name: value for name, value in locals().items() if name != "connection"}
    _check(content)
    last = _locked_head(connection)
    row = {**content, "sequence": last.sequence + 1}
    digest = row_hash(row, last.hash)
    connection.execute(insert(audit_row).values(**row, previous_hash=last.hash, hash=digest))
    return Head(last.sequence + 1, digest)


def append_last(work: Work, *, actor: str, action: str, outcome: str, **about: Any) -> None:
    """Add one row as the last thing in the transaction, whatever else happens in it meanwhile.

    A conversation goes on after what is recorded, and takes locks that somebody may hold who waits to append. The row
    stays where the conversation then breaks and lands safely: what was looked at has been looked at.
    """
    row = {"at": work.at, "actor": actor, "action": action, "outcome": outcome, **about}
    _check(dict.fromkeys(_SHAPES) | row)
    work.last_acts.append(partial(append, work.connection, **row))


def is_reason(text: str) -> bool:
    """Whether ``text`` may be the ``reason`` of a row."""
    return _REASON.fullmatch(text) is not None


def demand_reason(text: str) -> None:
    """Raise AuditRefused where ``text`` may not be the ``reason`` of a row, before anything is done for it."""
    _check_shape("reason", text)


def head(connection: Connection) -> Head:
    """The end of the chain; export it to prove later that no row was cut off."""
    newest = select(audit_row.c.sequence, audit_row.c.hash).order_by(audit_row.c.sequence.desc()).limit(1)
    found = connection.execute(newest).one_or_none()
    return Head() if found is None else Head(found.sequence, found.hash)


def _locked_head(connection: Connection) -> Head:
    # Two statements on purpose: the second takes its snapshot after the lock was won.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    return head(connection)


def _check(content: dict[str, Any]) -> None:
    if content["at"].tzinfo is None:
        raise AuditRefused("audit field at needs a time zone; give it as UTC")
    for name in _SHAPES:
        if content[name] is not None:
            _check_shape(name, content[name])


def _check_shape(name: str, value: str) -> None:
    if _SHAPES[name].fullmatch(value) is None or _TELEPHONE.fullmatch(value):
        raise AuditRefused(f"audit field {name} must be a code or an opaque id, never a value of a patient")
