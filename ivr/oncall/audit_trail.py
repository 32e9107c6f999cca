"""The audit trail of what clinicians do by telephone and on their page: 45 CFR 164.312(b) knows no difference."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.audit.append import append_last
from ivr.core.unit_of_work import Work


def note_pin(work: Work, leg: Row[Any], *, right: bool) -> None:
    """Note that a PIN was keyed on a leg, or that none was when it was asked for."""
    _note_call(work, leg, "oncall.pin", "ok" if right else "denied")


def note_dial_in(work: Work, leg: Row[Any], page: Row[Any] | None, outcome: str) -> None:
    """Note that code and PIN were keyed on a line of patients; ``page`` None where no page has such a code.

    The row is of the call of the page; which call that was keyed in stands in its timeline.
    """
    append_last(
        work,
        actor=page.person_id if page else "unknown",
        role="clinician" if page else None,
        purpose="treatment",
        action="oncall.dial-in",
        outcome=outcome,
        practice_id=leg.practice_id,
        call_id=page.call_id if page else leg.call_id,
        object_id=page.id if page else None,
    )


def note_heard(work: Work, leg: Row[Any], call: Row[Any]) -> None:
    """Note that the summary with the caller's own words in ``call`` was read out on a leg."""
    _note_call(work, leg, "oncall.hear", "ok", call_id=call.id, patient_id=call.patient_id)


def note_page_use(
    work: Work, page: Row[Any] | None, address: str, action: str, outcome: str, about: Row[Any] | None = None
) -> None:
    """Note what was done in a browser with the page behind a link; ``page`` None where the link is none of ours.

    ``about`` is the call of which something was read.
    """
    append_last(
        work,
        actor=page.person_id if page else "unknown",
        role="clinician" if page else None,
        address=address,
        purpose="treatment",
        action=action,
        outcome=outcome,
        object_id=page.id if page else None,
        call_id=about.id if about else page.call_id if page else None,
        patient_id=about.patient_id if about else None,
    )


def _note_call(
    work: Work, leg: Row[Any], action: str, outcome: str, call_id: str | None = None, patient_id: str | None = None
) -> None:
    append_last(
        work,
        actor=leg.person_id,
        role=leg.role,
        purpose="treatment",
        action=action,
        outcome=outcome,
        practice_id=leg.practice_id,
        call_id=call_id or leg.call_id,
        object_id=leg.subject_id,
        patient_id=patient_id,
    )
