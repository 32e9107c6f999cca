"""Forgetting what was said in a call, once nothing asks for it to be kept any longer.

That there was a call, when, with whom of ours and how it ended stays: nothing of it is about a patient.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, or_, select, update

from ivr.calls.identity_tables import identity_try
from ivr.calls.tables import call, call_log, leg
from ivr.core.feature import Memory


def forget_call(connection: Connection, call_id: str) -> None:
    """Forget the answers of a call, the caller's own words, and every number that was rung or rang."""
    legs = select(leg.c.id).where(leg.c.call_id == call_id)
    connection.execute(delete(call_log).where(call_log.c.leg_id.in_(legs)))
    connection.execute(update(leg).where(leg.c.call_id == call_id).values(address_sealed=None))
    sealed = {"caller_sealed": None, "caller_hash": None, "complaint_sealed": None}
    connection.execute(update(call).where(call.c.id == call_id).values(sealed))
    connection.execute(delete(identity_try).where(identity_try.c.call_id == call_id))


_OF_CALL = leg.c.call_id == call.c.id

MEMORY = Memory(
    keeps=or_(
        *(column.is_not(None) for column in (call.c.caller_sealed, call.c.caller_hash, call.c.complaint_sealed)),
        exists().where(_OF_CALL, call_log.c.leg_id == leg.c.id),
        exists().where(_OF_CALL, leg.c.address_sealed.is_not(None)),
        exists().where(identity_try.c.call_id == call.c.id),
    ),
    forget=forget_call,
)
