"""One telephone call that serves several calls of ours, one after the other.

A leg belongs to one call, with its log, its record and its keys. Whoever is on the telephone already and turns to
another call gets a leg of that one, which takes over the telephone call: what Twilio asks or tells at the address of
the leg before is for the leg that has it now.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, select

from ivr.calls import legs
from ivr.calls.addresses import open_address
from ivr.calls.tables import leg
from ivr.core.unit_of_work import Work

_TAKEN_OVER = select(leg).where(leg.c.continues == bindparam("rung"), leg.c.twilio_sid.is_not(None))


def rung_leg(row: Row[Any]) -> str:
    """The leg by which the telephone call of a leg began: the one that was rung."""
    return str(row.continues or row.id)


def find_present(work: Work, row: Row[Any]) -> Row[Any]:
    """The leg that has the telephone call now; the leg itself where no other has taken it over."""
    if row.twilio_sid is not None:
        return row
    return work.connection.execute(_TAKEN_OVER, {"rung": rung_leg(row)}).first() or row


def is_telephone_of(work: Work, row: Row[Any], twilio_sid: str) -> bool:
    """Whether a call of Twilio is the leg, or was until another leg took it over."""
    return bool(find_present(work, row).twilio_sid == twilio_sid)


def has_gone_on(work: Work, leg_id: str, twilio_sid: str) -> bool:
    """Whether the call of Twilio was this leg, and is another by now."""
    row = legs.find(work, leg_id)
    if row is None or row.twilio_sid is not None:
        return False
    present = find_present(work, row)
    return bool(present.id != row.id and present.twilio_sid == twilio_sid)


def go_on_in(
    work: Work, row: Row[Any], call_id: str, *, subject_id: str, role: str | None = None, flow: str | None = None
) -> str:
    """Let the telephone call of a leg go on in a new leg of another call; the new leg.

    It has the role and the flow of the leg before, but for those that are given. That leg is over with this. The caller
    has locked both calls.
    """
    twilio_sid = row.twilio_sid
    legs.set_columns(work, row.id, twilio_sid=None)
    new = legs.create_leg(
        work,
        call_id,
        role or row.role,
        flow or row.flow,
        address=open_address(work.services.cipher, row),
        person_id=row.person_id,
        subject_id=subject_id,
        continues=rung_leg(row),
        twilio_sid=twilio_sid,
        sequence=row.sequence,
    )
    legs.note_status(work, row.id, "completed", None)
    return new
