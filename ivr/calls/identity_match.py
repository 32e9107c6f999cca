"""Who is calling: the record that matches what the caller gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from ivr.calls.audit_trail import note_identification
from ivr.calls.configuration import call_row, pinned
from ivr.calls.events import alert_once, record
from ivr.calls.identity_throttle import is_locked
from ivr.core.unit_of_work import Work
from ivr.patients.lookup import Match, matches


def patient_match(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether exactly one record matches everything the caller gave. Never says which item failed."""
    row = call_row(work, leg.call_id)
    rule = pinned(work, leg.call_id).practice(row.practice_id).identity.L1
    match = matches(
        work.connection,
        work.services.cipher,
        row.practice_id,
        about,
        need=len(about),
        require=tuple(item for item in rule.require if item in about),
    )
    # Looked up first: a refused guess must cost the same time and get the same words as a wrong one.
    locked = is_locked(work, row)
    if locked:
        match = Match("none")
    record(work, "identity-tried", row.id, found=match.kind)
    if match.set_aside:
        alert_once(work, row.id, "record-set-aside", patient=match.patient_id or "", why=match.set_aside)
    note_identification(work, leg, "locked" if locked else match.set_aside or match.kind, match.patient_id)
    return {"found": match.kind, "patient": (match.patient_id or "") if match.kind == "one" else ""}
