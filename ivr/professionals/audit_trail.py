"""The audit trail of professional callers: each try, ring and key, with how it came out and none with a value."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.audit.append import append_last
from ivr.core.unit_of_work import Work


def note_caller(work: Work, leg: Row[Any], action: str, outcome: str, organisation: str | None = None) -> None:
    """Note what somebody on a leg tried, and as which organisation they were taken, where they were."""
    append_last(
        work,
        actor=f"leg:{leg.id}",
        role="caller",
        purpose="treatment",
        action=action,
        outcome=outcome,
        practice_id=leg.practice_id,
        call_id=leg.call_id,
        object_id=organisation,
    )
