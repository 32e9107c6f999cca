"""Warm transfers: what becomes of one when a party leaves, and who comes where a clinician is lost before the talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from callflows.conversations.clinician_page import HELD
from callflows.dialogues.talking import CLINICIAN_LOST, LOST
from callflows.lifecycles.tables import TRANSFER
from callflows.values import more_urgent
from callflows.vocabulary import CutShort, WithPerson
from ivr.calls import legs, talks
from ivr.calls.configuration import call_row
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.oncall import caller_gone, escalations, joining, pages, rings, set_aside
from ivr.oncall.tables import transfer

MOST_LOST = len(LOST)
"""So often in one call a clinician who was lost is paged for again; then the agent hears that none came."""

_EVENTS = {
    "caller": "caller-left",
    "patient": "caller-left",
    "agent": "agent-left",
}
"""The role of a party to what the end of its leg means for a transfer."""

_LOST = select(func.count()).where(event.c.call_id == bindparam("of_call"), event.c.kind == "clinician-lost")

_ASKED_LAST = (
    select(transfer)
    .where(transfer.c.call_id == bindparam("of_call"))
    .order_by(transfer.c.asked_at.desc(), transfer.c.id.desc())
    .limit(1)
)
_TALKED_SINCE = select(event.c.data).where(
    event.c.call_id == bindparam("of_call"), event.c.kind == "talked", event.c.at >= bindparam("since")
)


def note_leg_over(work: Work, leg: Row[Any]) -> None:
    """Let the open transfers of a call hear who left. Whoever is out of the talk for a moment has not left."""
    caller_gone.tell_caller_gone(work, leg)
    if work.services.features.roles[leg.role].talks_as == "staff":
        set_aside.bring_back_all(work, leg)
    if leg.role in _EVENTS:
        fire_all(work, leg.call_id, _EVENTS[leg.role])
    elif leg.role == rings.ROLE and pages.get(work, leg.subject_id).state == "accepted" and leg.outcome != HELD:
        fire_all(work, leg.call_id, "clinician-lost" if _is_lost(work, leg) else "clinician-left", by=leg)


def _is_lost(work: Work, clinician: Row[Any]) -> bool:
    """Whether a caller waits for a clinician in vain, whose line broke before they had talked with them."""
    waits = bool(legs.list_parties(work, clinician.call_id, "caller"))
    return waits and not talks.has_talked(work, clinician)


def read_asked(work: Work, row: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """How urgently an agent asked for a clinician, who has not talked with the call yet; empty where none is needed.

    One who is coming still is, and so is one for whom an agent asked in vain: what the agent could not give before they
    left, no other agent can.
    """
    open_states = [state for state in TRANSFER.states if state not in TRANSFER.ends]
    still_open = select(transfer.c.id).where(transfer.c.call_id == row.call_id, transfer.c.state.in_(open_states))
    running = escalations.find_active(work, row.call_id)
    coming = running is not None or joining.is_waited_for(work, row.call_id)
    if coming and work.connection.execute(still_open).first() is not None:
        asked = running.urgency if running is not None else "urgent"
    else:
        asked = _find_asked_in_vain(work, row.call_id)
    return {"urgency": asked and more_urgent(call_row(work, row.call_id).urgency, asked)}


def _find_asked_in_vain(work: Work, call_id: str) -> str:
    """How urgently a clinician was asked for last, if none came for it and none has talked with the caller since."""
    last = work.connection.execute(_ASKED_LAST, {"of_call": call_id}).first()
    if last is None or last.state != "rejected":
        return ""
    talked = work.connection.execute(_TALKED_SINCE, {"of_call": call_id, "since": last.asked_at}).scalars()
    if any(data["role"] == rings.ROLE for data in talked):
        return ""
    return str(escalations.get(work, last.escalation_id).urgency)


def note_talked(work: Work, there: Sequence[Row[Any]]) -> None:
    """Note that clinician and caller have talked, where a clinician is among those who are ``there``."""
    for clinician in (row for row in there if row.role == rings.ROLE):
        fire_all(work, clinician.call_id, "talked", by=clinician)


def page_clinician_again(work: Work, transfer_id: str) -> None:
    """Page for a transfer anew, as urgently as before or more, and tell those who talk; too often, tell that none came.

    Whoever was cut off is called once more, and the next person at once with them.
    """
    row = work.connection.execute(select(transfer).where(transfer.c.id == transfer_id)).one()
    before = escalations.get(work, row.escalation_id)
    record(work, "clinician-lost", row.call_id, person=before.accepted_by, escalation=before.id)
    if work.connection.execute(_LOST, {"of_call": row.call_id}).scalar_one() > MOST_LOST:
        record(work, "alert", row.call_id, what="clinician-lost")
        fire(work, TRANSFER, transfer, transfer_id, "no-clinician")
        return
    urgency = more_urgent(before.urgency, call_row(work, row.call_id).urgency)
    again = escalations.start_escalation(work, row.call_id, urgency, consult=True)
    work.connection.execute(update(transfer).where(transfer.c.id == transfer_id).values(escalation_id=again))
    _tell_clinician_lost(work, row.call_id)


def _tell_clinician_lost(work: Work, call_id: str) -> None:
    """Tell those who talk with one another; a caller whom the agent has left by then, that they were cut off."""
    staff = [row for row in legs.list_parties(work, call_id, "staff") if row.outcome is None]
    told = CLINICIAN_LOST if staff else CutShort(rings.ROLE)
    agents = [row for row in staff if row.role != rings.ROLE]
    # Whoever is held was not told of the clinician, and a redirect would take them out of the hold.
    callers = [row for row in legs.list_parties(work, call_id, "caller") if not row.held]
    for party in (*agents, *callers):
        answer_and_redirect(work, party.id, told, WithPerson)


def fire_all(work: Work, call_id: str, what: str, by: Row[Any] | None = None) -> None:
    """Let an event happen to the transfers of a call; to those whose clinician was on the leg ``by``, where given."""
    theirs = select(transfer).where(transfer.c.call_id == call_id)
    if by is not None:
        theirs = theirs.where(transfer.c.escalation_id == pages.get(work, by.subject_id).escalation_id)
    for asked in work.connection.execute(theirs.order_by(transfer.c.asked_at, transfer.c.id)).all():
        fire(work, TRANSFER, transfer, asked.id, what)
