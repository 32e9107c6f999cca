"""The audit trail of callers who are identified by what they know, whether that matches anybody or not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.audit.append import append_last
from ivr.core.unit_of_work import Work


def note_identification(work: Work, leg: Row[Any], outcome: str, patient_id: str | None) -> None:
    """Note that a caller was matched with the records of a practice, and with whose."""
    _note(work, leg, "patient.identify", outcome, patient_id=patient_id)


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
