"""The audit trail of one-time codes: asked for, sent, given, each with how it came out and none with a value."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.audit.append import append_last
from ivr.core.unit_of_work import Work


def note_code(work: Work, about: Row[Any], actor: str, role: str, outcome: str, code_id: str | None = None) -> None:
    """Note what came of a code for the patient of the call ``about``."""
    append_last(
        work,
        actor=actor,
        role=role,
        purpose="treatment",
        action="patient.code",
        outcome=outcome,
        practice_id=about.practice_id,
        call_id=about.id,
        patient_id=about.patient_id,
        object_id=code_id,
    )


def note_code_of_leg(work: Work, about: Row[Any], leg: Row[Any], outcome: str, code_id: str | None = None) -> None:
    """Note what somebody on a leg asked for or gave: staff by name, a caller by the leg."""
    note_code(work, about, leg.person_id or f"leg:{leg.id}", leg.role, outcome, code_id)
