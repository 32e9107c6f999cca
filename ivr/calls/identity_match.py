"""Who is calling: the record that matches what the caller gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from ivr.calls.audit_trail import note_identification
from ivr.calls.configuration import call_row, pinned
from ivr.calls.events import alert_once, record
from ivr.calls.identity_throttle import Judged, judge, note
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
    judged = judge(work, row, match.patient_id or next(iter(match.nearest), None))
    _note_try(work, leg, row, match, judged)
    found = "none" if judged.refusal else match.kind
    return {"found": found, "patient": (match.patient_id or "") if found == "one" else ""}


def _note_try(work: Work, leg: Row[Any], row: Row[Any], match: Match, judged: Judged) -> None:
    matched = match.kind == "one" and not judged.refusal
    telephone = judged.guess.telephone
    if judged.refusal:
        record(work, "identity-tried", row.id, found="none", refused=judged.refusal, telephone=telephone)
    else:
        record(work, "identity-tried", row.id, found=match.kind, telephone=telephone)
        note(work, row, judged, matched=matched)
        if match.set_aside:
            alert_once(work, row.id, "record-set-aside", patient=match.patient_id or "", why=match.set_aside)
    # Of several records that are equally near it cannot be told whose was tried.
    patient = match.patient_id or (match.nearest[0] if len(match.nearest) == 1 else None)
    outcome = "locked" if judged.refusal else match.set_aside or match.kind
    reached = "L1" if matched else row.identity_level
    note_identification(
        work, leg, outcome, patient, level=reached, telephone=telephone, refused_by=judged.refusal or ""
    )
