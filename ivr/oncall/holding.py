"""Holding the caller while an agent talks with a clinician: what the flow wants, and what Twilio is told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from callflows.vocabulary import HoldCaller, Known
from ivr.calls import legs, talks
from ivr.calls.configuration import call_row
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, transaction
from ivr.core.urls import Urls
from ivr.jobs import outbox
from ivr.oncall import escalations, joining, set_aside, transfers
from ivr.twilio.errors import PartyGone


def hold_caller(work: Work, leg: Row[Any], key: str, wanted: HoldCaller) -> Known | None:
    """Hold the caller, who hears music and words, or let them back into the talk.

    Returns for a hold how far the clinician is whom an agent asked for: "ringing", "here" with the agent, else empty.
    Whoever came into the talk meanwhile talks with a caller who is let back from now on.
    """
    if not wanted.hold:
        transfers.fire_all(work, leg.call_id, "introduced")
    for caller in legs.list_parties(work, leg.call_id, "caller"):
        if caller.held and not wanted.hold:
            talks.note_back(work, caller)
        if set_aside.is_set_aside(caller):
            _let_back(work, caller, leg, wanted)
            continue
        legs.set_columns(work, caller.id, held=wanted.hold)
        outbox.put_item(work, "hold_leg", caller.id, call_id=leg.call_id, key=f"{leg.id}:{key}", urgency="emergent")
    return Known((("clinician", _find_asked(work, leg.call_id)),)) if wanted.hold else None


def _let_back(work: Work, caller: Row[Any], leg: Row[Any], wanted: HoldCaller) -> None:
    """Let a caller who waits by themselves back into the talk, unless their own conversation brings them there."""
    if wanted.hold:
        return
    legs.set_columns(work, caller.id, held=False)
    if caller.id != leg.id:
        set_aside.bring_back(work, caller, leg)


def _find_asked(work: Work, call_id: str) -> str:
    if joining.is_waited_for(work, call_id):
        return "here"
    return "ringing" if escalations.list_asked_transfers(work, call_id) else ""


def hold_leg(services: Services, item: Row[Any]) -> None:
    """Tell Twilio what is wanted by now, and once more when that has changed meanwhile. A party that left is let be.

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
    """The conference, the leg's call sid, and whether it is to be held; None when it takes no part in a talk."""
    with transaction(services) as work:
        row = legs.lock(work, leg_id)
        conference = call_row(work, row.call_id).conference_sid
    if conference is None or row.twilio_sid is None or row.state == "ended" or not talks.is_bound(row):
        return None
    return conference, row.twilio_sid, row.held
