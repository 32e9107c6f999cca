"""The audit trail of checks by a person: who decided what, and which items were ticked; no value of any record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from callflows.identity.by_person import Checked
from ivr.accounts.roles import find_purpose
from ivr.audit.append import append_last
from ivr.codes.audit_trail import Asker
from ivr.core.unit_of_work import Work


def note_check(work: Work, about: Row[Any], asker: Asker, checked: Checked, reason: str, check_id: str | None) -> None:
    """Note an attempt, also one of which nothing came. ``reason`` is one of a list, never words of anybody."""
    ticked = f"ticked: {', '.join(checked.ticked) or 'nothing'}"
    append_last(
        work,
        actor=asker.actor,
        role=asker.role,
        address=asker.address,
        purpose=find_purpose(asker.role),
        action="patient.check",
        outcome=checked.result,
        reason=f"{reason}, {ticked}" if reason else ticked,
        practice_id=about.practice_id,
        call_id=about.id,
        patient_id=about.patient_id,
        object_id=check_id,
    )
