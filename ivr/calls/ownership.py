"""Whose call something is: timers and effects know only an opaque id."""

from __future__ import annotations

from sqlalchemy import Connection, String, bindparam, select, union_all

from ivr.callbacks.tables import promise
from ivr.calls.tables import call, leg
from ivr.interpreters.tables import interpreting
from ivr.oncall.tables import escalation, page
from ivr.queue.tables import offer
from ivr.recordings.tables import recording

_SUBJECT = bindparam("subject", type_=String)
_CALL_OF = union_all(
    select(call.c.id.label("call_id")).where(call.c.id == _SUBJECT),
    *(
        select(table.c.call_id).where(table.c.id == _SUBJECT)
        for table in (leg, offer, page, escalation, interpreting, promise)
    ),
    select(recording.c.call_id).where(recording.c.id == _SUBJECT),
)


def call_of(connection: Connection, subject: str) -> str | None:
    """The call that the thing with this id belongs to; None for what belongs to no call, as an agent."""
    found = connection.execute(_CALL_OF, {"subject": subject}).scalars().first()
    return None if found is None else str(found)


def lock_call_of(connection: Connection, subject: str) -> None:
    """Lock that call before anything else of it, in the order in which everybody locks."""
    call_id = call_of(connection, subject)
    if call_id is not None:
        connection.execute(select(call.c.id).where(call.c.id == call_id).with_for_update())
