"""Clinicians who have accepted a call and are on the telephone with it: whether there is one, and who is about to come.

Whoever accepted waits in the conference for a caller who is asked something yet, or is about to be brought to somebody
who has called again. Nobody else is paged meanwhile: that would be a second page for one story.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.core.unit_of_work import Work
from ivr.oncall import joining, returning, rings
from ivr.oncall.tables import page

COMES_WITHIN = timedelta(seconds=20)
"""So long after a page began nobody else is rung for it because of whoever is coming; a call is brought in seconds."""


def is_in_hand(work: Work, call_id: str) -> bool:
    """Whether a clinician who accepted the call is on the telephone with it, joined already or not."""
    return bool(list_at_it(work, call_id))


def list_at_it(work: Work, call_id: str) -> list[str]:
    """The clinicians who accepted a call and are on the telephone with it."""
    accepted = select(page.c.id).where(page.c.call_id == call_id, page.c.state == "accepted")
    subjects = set(work.connection.execute(accepted).scalars())
    living = legs.list_living(work, call_id, rings.ROLE)
    return [row.person_id for row in living if row.subject_id in subjects and not row.outcome]


def find_coming(work: Work, paging: Row[Any]) -> str | None:
    """The clinician who has accepted what an escalation is about and is about to come to the caller, if one is yet.

    They wait in the conference already, or have an earlier call of the same story in hand. None once that has lasted:
    then they come no sooner than the next one would.
    """
    if paging.consult or work.at >= paging.started_at + COMES_WITHIN:
        return None
    waiting = joining.find_waiting(work, paging.call_id)
    if waiting is not None:
        return str(waiting.person_id)
    before = returning.find_running(work, call_row(work, paging.call_id))
    at_it = list_at_it(work, before.call_id) if before is not None and before.state == "accepted" else []
    return at_it[0] if at_it else None
