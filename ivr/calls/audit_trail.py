"""The audit trail of callers who are identified by what they know, whether that matches anybody or not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.audit.append import append_last
from ivr.core.unit_of_work import Work


def note_identification(
    work: Work, leg: Row[Any], outcome: str, patient_id: str | None, *, level: str, telephone: str, refused_by: str = ""
) -> None:
    """Note that a caller was matched with the records of a practice: with whose, and which level they have now.

    ``outcome`` is "locked" where the try came too early and was not counted; ``refused_by`` tells which limit held it.
    ``telephone`` is the kind of telephone. What was said or keyed is in no row.
    """
    held = f", refused by limit of {refused_by}" if refused_by else ""
    reason = f"level {level.lower()}, {telephone} telephone{held}"
    _note(work, leg, "patient.identify", outcome, patient_id=patient_id, reason=reason)


def note_representative(
    work: Work, leg: Row[Any], outcome: str, patient_id: str | None, representative_id: str | None
) -> None:
    """Note that a caller was held against those who may speak for a patient, and who it was."""
    _note(work, leg, "representative.identify", outcome, patient_id=patient_id, object_id=representative_id)


def _note(work: Work, leg: Row[Any], action: str, outcome: str, **about: str | None) -> None:
    append_last(
        work,
        actor=f"leg:{leg.id}",
        role=leg.role,
        purpose="treatment",
        action=action,
        outcome=outcome,
        practice_id=leg.practice_id,
        call_id=leg.call_id,
        **about,
    )
