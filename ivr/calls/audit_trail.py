"""The audit trail of callers who are identified by what they know, whether that matches anybody or not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.audit.append import append_last
from ivr.core.unit_of_work import Work


def note_identification(work: Work, leg: Row[Any], outcome: str, patient_id: str | None) -> None:
    """Note that a caller was matched with the records of a practice, and with whose."""
    append_last(
        work,
        actor=f"leg:{leg.id}",
        role=leg.role,
        purpose="treatment",
        action="patient.identify",
        outcome=outcome,
        practice_id=leg.practice_id,
        call_id=leg.call_id,
        patient_id=patient_id,
    )
