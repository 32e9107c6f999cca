"""Dropped calls that stay with a clinician, who was told so and for how long."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from callflows.conversations.clinician_page import HELD, HELD_MINUTES
from ivr.calls.tables import leg
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import find_due, set_timer

HELD_FOR = timedelta(minutes=HELD_MINUTES)
"""How long a dropped call stays with a clinician who has not talked with the patient."""
TIMER = "held"


def hold_call(work: Work, call_id: str) -> None:
    """Let a dropped call stay with the clinician who has just said so."""
    set_timer(work, TIMER, call_id, work.at + HELD_FOR, call_id=call_id)


def is_held(work: Work, call_id: str) -> bool:
    """Whether a clinician was told that a dropped call stays with them, and it still does: nobody else is paged."""
    held = leg.c.role == "clinician", leg.c.outcome == HELD, leg.c.state != "ended"
    says_goodbye = select(leg.c.id).where(leg.c.call_id == call_id, *held)
    return find_due(work, TIMER, call_id) is not None or work.connection.execute(says_goodbye).first() is not None
