"""What the flows of callers, agents and clinicians may do about a clinician."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert

from callflows.dialogues.accepting import DECLINED
from callflows.lifecycles.tables import ESCALATION, PAGE, TRANSFER
from callflows.values import Page, more_urgent
from callflows.vocabulary import (
    AcceptPage,
    Answer,
    DeclinePage,
    FinishConsult,
    Granted,
    HandOn,
    ResumeEscalation,
    StartConsult,
    StartEscalation,
)
from ivr.calls import going_on, legs
from ivr.calls.configuration import call_row, line_name
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer
from ivr.oncall import escalations, joining, next_call, page_accept, pages, returning, rings
from ivr.oncall.contact import find_second
from ivr.oncall.heard_contact import is_reached
from ivr.oncall.in_hand import is_in_hand
from ivr.oncall.tables import escalation, page, transfer


def clinician_view(work: Work, leg: Row[Any]) -> Page:
    """What a page is about, before the PIN: which practice. Nobody is asked twice for it in one telephone call."""
    practice, admitted = line_name(work, call_row(work, leg.call_id)), leg.continues is not None
    return Page(practice, admitted=admitted, returned=returning.has_accepted_before(work, leg))


def start_escalation(work: Work, leg: Row[Any], key: str, wanted: StartEscalation) -> None:
    """Page the clinician on call, as urgently as anything that was noted of the call asks for."""
    urgency = more_urgent(call_row(work, leg.call_id).urgency, wanted.urgency)
    escalations.start_escalation(work, leg.call_id, urgency)


def resume_escalation(work: Work, leg: Row[Any], key: str, wanted: ResumeEscalation) -> None:
    """Go on paging for a caller who came back on another line, unless a clinician has accepted and waits for them."""
    if not (joining.is_waited_for(work, leg.call_id) or is_in_hand(work, leg.call_id)):
        start_escalation(work, leg, key, wanted)


def accept_page(work: Work, leg: Row[Any], key: str, _effect: AcceptPage) -> Answer:
    """The named person takes responsibility; the first one wins. Their other pages go on to the next person.

    Whoever has accepted in a browser is brought to the caller now that their telephone is answered.
    """
    cancel_timer(work, "page_over", leg.subject_id)
    taken = page_accept.is_taken(work, leg)
    won = fire(work, PAGE, page, leg.subject_id, "accept") or taken
    if taken:
        escalations.bring_together(work, pages.get(work, leg.subject_id).escalation_id)
    if won:
        rings.pass_on_rest(work, leg)
    here = bool(legs.list_parties(work, leg.call_id, "caller"))
    return Granted(won, caller_here=here, number=work.services.features.has_number(work, leg.call_id))


def decline_page(work: Work, leg: Row[Any], key: str, declined: DeclinePage) -> None:
    """Passed on, or not taken: the next person is paged at once, for each call that the person was told of.

    Where it was not taken and they have a second telephone, that is rung first, once this one is free.
    """
    if declined.reason != DECLINED and find_second(work, pages.get(work, leg.subject_id)) is not None:
        return
    record(work, "page-declined", leg.call_id, page=leg.subject_id, reason=declined.reason)
    fire(work, PAGE, page, leg.subject_id, "decline")
    rings.pass_on(work, going_on.rung_leg(leg), next_call.list_told(work, leg))


def hand_on(work: Work, leg: Row[Any], key: str, _effect: HandOn) -> None:
    """Page whoever stands behind a clinician who has accepted and cannot ring the patient now. Who is paged already
    stays so, and nobody is where the patient was helped.
    """
    record(work, "handed-to-backup", leg.call_id, person=leg.person_id, page=leg.subject_id)
    mine = pages.get(work, leg.subject_id)
    if escalations.find_active(work, leg.call_id) is None and not is_reached(work, mine):
        urgency = escalations.get(work, mine.escalation_id).urgency
        escalations.start_after(work, leg.call_id, urgency, leg.person_id)


def start_consult(work: Work, leg: Row[Any], key: str, wanted: StartConsult) -> None:
    """An agent brings in the clinician on call, as urgently as the call is. One who is paged is not asked for twice."""
    urgency = more_urgent(call_row(work, leg.call_id).urgency, wanted.urgency)
    escalation_id = escalations.start_escalation(work, leg.call_id, urgency, consult=True)
    if all(asked.escalation_id != escalation_id for asked in escalations.list_asked_transfers(work, leg.call_id)):
        _ask_for_transfer(work, leg, escalation_id)
    record(work, "transfer-asked", leg.call_id, agent=leg.person_id, escalation=escalation_id)


def finish_consult(work: Work, leg: Row[Any], key: str, _wanted: FinishConsult) -> None:
    """Call off the clinician whom an agent asked for and nobody else needs: a caller with a symptom still does."""
    about = call_row(work, leg.call_id)
    for asked in escalations.list_asked_transfers(work, leg.call_id):
        called_off = fire(work, TRANSFER, transfer, asked.id, "call-off")
        if called_off and escalations.get(work, asked.escalation_id).consult and not about.symptom:
            fire(work, ESCALATION, escalation, asked.escalation_id, "stop")
    record(work, "transfer-called-off", leg.call_id, agent=leg.person_id)


def _ask_for_transfer(work: Work, leg: Row[Any], escalation_id: str) -> None:
    work.connection.execute(
        insert(transfer).values(
            id=work.services.ids(),
            call_id=leg.call_id,
            escalation_id=escalation_id,
            agent_leg_id=leg.id,
            state=TRANSFER.begins,
            asked_at=work.at,
        )
    )
