"""What the flows of callers, agents and clinicians may do about a clinician."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert

from callflows.lifecycles.tables import PAGE, TRANSFER
from callflows.values import Page
from callflows.vocabulary import AcceptPage, Answer, DeclinePage, Granted, HoldCaller, StartConsult, StartEscalation
from ivr.calls import legs
from ivr.calls.configuration import call_row, line_name
from ivr.calls.events import record
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, transaction
from ivr.core.urls import Urls
from ivr.jobs import outbox
from ivr.jobs.timers import cancel_timer
from ivr.oncall import escalations
from ivr.oncall.tables import page, transfer
from ivr.twilio.errors import PartyGone


def clinician_view(work: Work, leg: Row[Any]) -> Page:
    """What a page is about, before the PIN: which practice."""
    return Page(line_name(work, call_row(work, leg.call_id)))


def start_escalation(work: Work, leg: Row[Any], key: str, wanted: StartEscalation) -> None:
    """Page the clinician on call."""
    escalations.start_escalation(work, leg.call_id, wanted.urgency)


def accept_page(work: Work, leg: Row[Any], key: str, _effect: AcceptPage) -> Answer:
    """The named person takes responsibility; the first one wins."""
    cancel_timer(work, "page_over", leg.subject_id)
    won = fire(work, PAGE, page, leg.subject_id, "accept")
    return Granted(won, caller_here=bool(legs.list_living(work, leg.call_id, "caller")))


def decline_page(work: Work, leg: Row[Any], key: str, declined: DeclinePage) -> None:
    """Passed on, or not taken: the next person is paged at once."""
    record(work, "page-declined", leg.call_id, page=leg.subject_id, reason=declined.reason)
    fire(work, PAGE, page, leg.subject_id, "decline")


def start_consult(work: Work, leg: Row[Any], key: str, wanted: StartConsult) -> None:
    """An agent brings in the clinician on call."""
    escalation_id = escalations.start_escalation(work, leg.call_id, wanted.urgency, consult=True)
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
    record(work, "transfer-asked", leg.call_id, agent=leg.person_id, escalation=escalation_id)


def hold_caller(work: Work, leg: Row[Any], key: str, wanted: HoldCaller) -> None:
    """Hold music and words for the caller, or back to the talk."""
    for caller in legs.list_parties(work, leg.call_id, "caller"):
        legs.set_columns(work, caller.id, held=wanted.hold)
        outbox.put(work, "hold_leg", caller.id, key=f"{leg.id}:{key}", urgency="emergent")


def hold_leg(services: Services, item: Row[Any]) -> None:
    """Tell Twilio what is wanted by now, and once more when that changed meanwhile; a party that left needs no hold.

    Requests may be repeated late and carried out by several workers: whoever is the last to be answered looks last.
    """
    told, wanted = None, _participation(services, item.subject)
    while wanted is not None and wanted != told:
        try:
            services.twilio.hold_participant(*wanted, Urls(services.settings.public_url).hold(item.subject))
        except PartyGone:
            return
        told, wanted = wanted, _participation(services, item.subject)


def _participation(services: Services, leg_id: str) -> tuple[str, str, bool] | None:
    """The conference, the leg's call sid, and whether it is to be held; None when it takes no part."""
    with transaction(services) as work:
        row = legs.lock(work, leg_id)
        conference = call_row(work, row.call_id).conference_sid
    if conference is None or row.twilio_sid is None or row.state == "ended":
        return None
    return conference, row.twilio_sid, row.held
