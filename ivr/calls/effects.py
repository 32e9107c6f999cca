"""Effects on the call itself, and what each role's flow is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import structlog
from sqlalchemy import Row, update

from callflows.values import Call, more_urgent
from callflows.vocabulary import NoteCall, RaiseAlert
from ivr.calls.addresses import open_address
from ivr.calls.configuration import NO_PRACTICE, call_row, pinned_of
from ivr.calls.events import record
from ivr.calls.flow_view import operator_call, patient_call
from ivr.calls.tables import COMPLAINT, call
from ivr.core.cipher import name_row
from ivr.core.unit_of_work import Work

log = structlog.get_logger(__name__)

COLUMNS = {"patient": "patient_id", "representative": "representative_id"}
LONGEST_COMPLAINT = 1000
"""Characters: whoever is paged hears them read out."""
NOT_IN_EVENTS = ("patient", "representative", "complaint", "patient_state")
CHOOSING = ("inbound", "backline", "unknown_number")
"""Flows that begin before the language is chosen; the others are told what was chosen."""


def note_call(work: Work, leg: Row[Any], key: str, note: NoteCall) -> None:
    """Write down what is now known. An urgency only ever rises."""
    row = call_row(work, leg.call_id)
    known = {name: value for name, value in asdict(note).items() if value is not None}
    columns: dict[str, Any] = {COLUMNS.get(name, name): value for name, value in known.items() if name != "complaint"}
    if "urgency" in columns:
        columns["urgency"] = more_urgent(row.urgency, columns["urgency"])
    if known.get("complaint"):
        columns["complaint_sealed"] = work.services.cipher.seal(
            row.practice_id, COMPLAINT, name_row(call, row.id), known["complaint"][:LONGEST_COMPLAINT]
        )
    if columns:
        work.connection.execute(update(call).where(call.c.id == row.id).values(columns))
    if note.symptom or note.urgency:
        work.touched.add(row.id)
    record(work, "noted", row.id, **{name: str(value) for name, value in known.items() if name not in NOT_IN_EVENTS})


def call_urgency(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """The highest urgency that was noted of the call so far, on whichever of its lines."""
    return {"urgency": call_row(work, leg.call_id).urgency}


def raise_alert(work: Work, leg: Row[Any], key: str, alert: RaiseAlert) -> None:
    """Put an alarm on the supervisors' list and in the log of the operator's own monitoring."""
    record(work, "alert", leg.call_id, what=alert.what)
    log.warning("alert", what=alert.what, call=leg.call_id)


def caller_view(work: Work, leg: Row[Any]) -> Call:
    """The call as the caller's flow sees it."""
    row = call_row(work, leg.call_id)
    organisation = pinned_of(work, row)
    if row.practice_id == NO_PRACTICE:
        return operator_call(organisation, caller_id=row.caller_sealed is not None)
    shown = row.caller_sealed is not None
    told = patient_call(
        organisation,
        row.practice_id,
        row.location_id,
        caller_id=shown and not row.caller_abroad,
        abroad=shown and row.caller_abroad,
    )
    if leg.flow == "listed_number":
        told = told.reached_at(open_address(work.services.cipher, leg))
    return told if leg.flow in CHOOSING else told.speaking(row.language)
