"""What is told where a ladder has ended in vain: to the caller who waits, and to an agent who asked for a clinician."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from callflows.lifecycles.tables import TRANSFER
from callflows.vocabulary import ASKED_MEANWHILE, NobodyCame, Wait, WithPerson
from ivr.calls import legs, talks
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from ivr.oncall import escalations
from ivr.oncall.tables import transfer

NO_CLINICIAN = "no_clinician"
"""The timer by which an agent is told that nobody came."""
TOLD_AFTER = timedelta(seconds=3)
"""How soon it is looked again whether an agent who has stepped out is back and can be told."""


def tell_no_clinician(work: Work, escalation_id: str) -> None:
    """Tell the waiting caller's flow, and a consulting agent, that nobody accepted."""
    row = escalations.get(work, escalation_id)
    record(work, "alert", row.call_id, what="ladder-exhausted")
    for asked in escalations.list_asked_transfers(work, row.call_id):
        fire(work, TRANSFER, transfer, asked.id, "no-clinician")
    for caller in legs.list_parties(work, row.call_id, "caller"):
        answer_and_redirect(work, caller.id, NobodyCame("ladder-exhausted"), Wait, *ASKED_MEANWHILE)


def tell_agent_no_clinician(work: Work, transfer_id: str) -> None:
    """Tell the agent in the talk that no clinician came, who goes back to the caller.

    Whoever asked for one may have left by then, and another agent have come in their place. Whoever has stepped out
    hears it once they are back, unless they have asked anew.
    """
    call_id = work.connection.execute(select(transfer.c.call_id).where(transfer.c.id == transfer_id)).scalar_one()
    if escalations.list_asked_transfers(work, call_id):
        return
    if talks.is_anybody_out(work, call_id):
        set_timer(work, NO_CLINICIAN, transfer_id, work.at + TOLD_AFTER, call_id=call_id)
        return
    for agent in legs.list_living(work, call_id, "agent"):
        answer_and_redirect(work, agent.id, NobodyCame("ladder-exhausted"), WithPerson)
