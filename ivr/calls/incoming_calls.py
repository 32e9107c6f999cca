"""Calls that come in: call and leg are made once, however often Twilio tells of them."""

from __future__ import annotations

from sqlalchemy import insert

from callflows.lifecycles.tables import LEG
from ivr.calls import legs
from ivr.calls.addresses import CALLER_FIELD, judge_address, read_countries_abroad
from ivr.calls.configuration import NO_PRACTICE
from ivr.calls.events import record
from ivr.calls.tables import call, leg
from ivr.core.cipher import name_row
from ivr.core.state_machines import fire
from ivr.core.telephone_numbers import read_shown_number
from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Dialled
from ivr.directory.revisions import current, load
from ivr.twilio.parameters import VoiceRequest

FLOWS = {"main": "inbound", "backline": "backline"}
UNKNOWN = "unknown_number"
"""The flow of a number that nobody owns."""


def open_call(work: Work, asked: VoiceRequest) -> str:
    """The id of the leg of an incoming call. The first webhook makes the leg; the same one again finds it."""
    known = legs.find_by_sid(work, asked.call_sid or "")
    if known is not None:
        return str(known.id)
    revision = current(work.connection)
    dialled = load(work.connection, revision).dialled(asked.to or "")
    call_id = _insert_call(work, asked, revision or 0, dialled)
    flow = FLOWS[dialled.line] if dialled else UNKNOWN
    leg_id = legs.create_leg(work, call_id, "caller", flow, address=asked.from_ or "", twilio_sid=asked.call_sid)
    fire(work, LEG, leg, leg_id, "answered", answered_at=work.at)
    return leg_id


def _insert_call(work: Work, asked: VoiceRequest, revision: int, dialled: Dialled | None) -> str:
    call_id = work.services.ids()
    practice = dialled.practice if dialled else NO_PRACTICE
    caller = read_shown_number(asked.from_ or "")
    # A number that shows tells whose telephone it is; only one that may be rung can be promised a call-back.
    nearby = judge_address(work, caller, "caller") if caller else None
    abroad = judge_address(work, caller, "caller", read_countries_abroad(work, practice)) if caller else None
    callable_at = nearby or abroad
    cipher, bound = work.services.cipher, name_row(call, call_id)
    work.connection.execute(
        insert(call).values(
            id=call_id,
            revision_id=revision,
            practice_id=practice,
            location_id=dialled.location if dialled else "",
            direction="inbound",
            dialled=read_shown_number(asked.to or "") or "",
            caller_sealed=cipher.seal(practice, CALLER_FIELD, bound, callable_at) if callable_at else None,
            caller_hash=cipher.lookup_hash(practice, "phone", caller) if caller else None,
            caller_abroad=abroad is not None and nearby is None,
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
