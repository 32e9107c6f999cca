"""Calls that come in, and which Twilio leg is which of ours."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select, update

from ivr.calls import legs
from ivr.calls.addresses import seal_address
from ivr.calls.configuration import NO_PRACTICE, call_row, pinned
from ivr.calls.events import record
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Dialled
from ivr.directory.revisions import current, load
from ivr.twilio.parameters import VoiceRequest
from routing.numbers import dialable

FLOWS = {"main": "inbound", "backline": "backline"}


def open_call(work: Work, asked: VoiceRequest) -> str:
    """The leg of an incoming call, made at the first of its webhooks however often that comes."""
    known = legs.find_by_sid(work, asked.call_sid or "")
    if known is not None:
        return str(known.id)
    revision = current(work.connection)
    dialled = load(work.connection, revision).dialled(asked.to or "")
    call_id = _insert_call(work, asked, revision or 0, dialled)
    flow = FLOWS[dialled.line] if dialled else "unknown_number"
    return legs.create_leg(
        work,
        call_id,
        "caller",
        flow,
        twilio_sid=asked.call_sid,
        state="in-progress",
        answered_at=work.at,
        address_sealed=_address(work, call_id, asked),
    )


def claim_leg(work: Work, leg_id: str, asked: VoiceRequest) -> bool:
    """Whether this Twilio leg is the one we know; a second one that an uncertain repeat made is not."""
    row = legs.lock(work, leg_id)
    if row.twilio_sid is None:
        work.connection.execute(update(leg).where(leg.c.id == leg_id).values(twilio_sid=asked.call_sid))
        return True
    return bool(row.twilio_sid == asked.call_sid)


def called_name(work: Work, leg_id: str) -> str:
    """Who we say we are on a leg: the practice, or the operator where no practice was dialled."""
    about = _call_of(work, leg_id)
    organisation = pinned(work, about.id)
    return (
        organisation.operator.operator
        if about.practice_id == NO_PRACTICE
        else organisation.practice(about.practice_id).name
    )


def language_of(work: Work, leg_id: str) -> str:
    """The language of the party: callers chose theirs, which interpreters speak too; staff are spoken to in English."""
    about = _call_of(work, leg_id)
    role = work.connection.execute(select(leg.c.role).where(leg.c.id == leg_id)).scalar_one()
    return str(about.language) if work.services.features.roles[role].speaks_language_of_call else "en-US"


def _call_of(work: Work, leg_id: str) -> Row[Any]:
    return call_row(work, work.connection.execute(select(leg.c.call_id).where(leg.c.id == leg_id)).scalar_one())


def _insert_call(work: Work, asked: VoiceRequest, revision: int, dialled: Dialled | None) -> str:
    call_id = work.services.ids()
    practice = dialled.practice if dialled else NO_PRACTICE
    caller = dialable(asked.from_ or "")
    cipher = work.services.cipher
    work.connection.execute(
        insert(call).values(
            id=call_id,
            revision_id=revision,
            practice_id=practice,
            location_id=dialled.location if dialled else "",
            direction="inbound",
            dialled=dialable(asked.to or "") or "",
            caller_sealed=cipher.seal(practice, "call.caller", caller) if caller else None,
            caller_hash=cipher.lookup_hash(practice, "phone", caller) if caller else None,
            identity_level="L0",
            language="en-US",
            urgency="routine",
            symptom=False,
            recording_consent="not-asked",
            created_at=work.at,
        )
    )
    record(work, "call-arrived", call_id, line=dialled.line if dialled else "unknown")
    return call_id


def _address(work: Work, call_id: str, asked: VoiceRequest) -> bytes:
    return seal_address(work, call_id, asked.from_ or "")
