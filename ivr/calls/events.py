"""Writing events."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.core.unit_of_work import Work

_PRACTICE = select(call.c.practice_id).where(call.c.id == bindparam("of_call")).scalar_subquery()
_RECORD = insert(event).values(practice_id=_PRACTICE)


def record(work: Work, kind: str, call_id: str, **data: str | int) -> None:
    """Write one event. ``data`` holds opaque ids, codes and seconds only, never words or numbers of people."""
    row = {"at": work.at, "kind": kind, "call_id": call_id, "data": data}
    work.connection.execute(_RECORD, {**row, "of_call": call_id})
