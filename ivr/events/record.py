"""Writing events."""

from __future__ import annotations

from sqlalchemy import insert, select

from ivr.calls.tables import call
from ivr.events.tables import event
from ivr.work import Work


def record(work: Work, kind: str, call_id: str, **data: str | int) -> None:
    """Write one event. ``data`` holds opaque ids, codes and seconds only, never words or numbers of people."""
    practice = select(call.c.practice_id).where(call.c.id == call_id).scalar_subquery()
    work.connection.execute(
        insert(event).values(at=work.at, kind=kind, practice_id=practice, call_id=call_id, data=data)
    )
