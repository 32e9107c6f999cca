"""What follows when a leg rings and when it ends. The role of the leg knows what that means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from callflows.vocabulary import LeaveMessage
from ivr.calls import conference
from ivr.calls.conversation import interrupt_flow
from ivr.calls.events import record
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer, set_timer

LAST_WORDS = timedelta(minutes=5)
"""A caller who hangs up while leaving a message has left it: the action of the Record may come after the hang-up.

Where it is lost, whoever asks Twilio for the message ends the conversation sooner.
"""


def note_leg_rings(work: Work, leg_id: str) -> None:
    """Let the role start its ring timer, which runs from the first ring."""
    row = _leg(work, leg_id)
    rings = work.services.features.roles[row.role].rings
    if rings is not None:
        rings(work, row.subject_id)


def note_leg_ended(work: Work, leg_id: str) -> None:
    """Tell the conversation of a party that is gone, the conference, and the role."""
    row = _leg(work, leg_id)
    cancel_timer(work, "check_leg", leg_id)
    record(work, f"{row.role}-left", row.call_id, leg=leg_id, how=row.ended_how or "")
    conference.note_leg_ended(work, row)
    if row.pending_kind == LeaveMessage.__name__:
        set_timer(work, "last_words", leg_id, work.at + LAST_WORDS, call_id=row.call_id)
    else:
        interrupt_flow(work, leg_id, "hung-up")
    work.services.features.roles[row.role].ended(work, row)
    for told in work.services.features.leg_over:
        told(work, row)


def end_unreported_message(work: Work, leg_id: str) -> None:
    """End the conversation of a caller who hung up in a message. By now it was reported or found, or there is none."""
    row = _leg(work, leg_id)
    interrupt_flow(work, leg_id, "hung-up")
    _note_outcome(work, row)


def note_caller_gone(work: Work, row: Row[Any]) -> None:
    """Note that the caller's line is over, and tell every feature that asked to hear of it."""
    work.connection.execute(update(call).where(call.c.id == row.call_id).values(ended_at=work.at))
    _note_outcome(work, row)
    for told in work.services.features.caller_gone:
        told(work, row)


def _note_outcome(work: Work, row: Row[Any]) -> None:
    outcome = work.connection.execute(select(leg.c.outcome).where(leg.c.id == row.id)).scalar()
    work.connection.execute(update(call).where(call.c.id == row.call_id).values(outcome=outcome))


def _leg(work: Work, leg_id: str) -> Row[Any]:
    return work.connection.execute(select(leg).where(leg.c.id == leg_id)).one()
