"""The trail of what clinicians do by telephone, beside that of their page: 45 CFR 164.312(b) knows no difference."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.audit.append import append
from ivr.core.unit_of_work import Work


def note_pin(work: Work, leg: Row[Any], *, right: bool) -> None:
    """A PIN was keyed, or none was when it was asked for."""
    _note(work, leg, "oncall.pin", "ok" if right else "denied")


def note_heard(work: Work, leg: Row[Any], call: Row[Any]) -> None:
    """The summary with the caller's own words was read out."""
    _note(work, leg, "oncall.hear", "ok", patient_id=call.patient_id)


def _note(work: Work, leg: Row[Any], action: str, outcome: str, patient_id: str | None = None) -> None:
    append(
        work.connection,
        at=work.at,
        actor=leg.person_id,
        role=leg.role,
        purpose="treatment",
        action=action,
        outcome=outcome,
        practice_id=leg.practice_id,
        call_id=leg.call_id,
        object_id=leg.subject_id,
        patient_id=patient_id,
    )
