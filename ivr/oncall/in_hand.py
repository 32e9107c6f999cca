"""Clinicians who have accepted a call and are on the telephone with it: whether there is one, and who is about to come.

Whoever accepted waits in the conference for a caller who is asked something yet, or is about to be brought to somebody
who has called again. Nobody else is paged meanwhile: that would be a second page for one story.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.calls import legs, talks
from ivr.calls.configuration import call_row
from ivr.core.unit_of_work import Work
from ivr.oncall import joining, returning, rings
from ivr.oncall.tables import page

WAITS = timedelta(seconds=20)
"""So long after a page began nobody else is rung for it while a clinician waits in the conference for the caller, who
hears the first words yet."""
COMES_WITHIN = timedelta(seconds=10)
"""The same while one is about to be brought from an earlier call, which takes a few seconds."""


def is_in_hand(work: Work, call_id: str) -> bool:
    """Whether a clinician who accepted the call is on the telephone with it, joined already or not."""
    return bool(_list_at_it(work, call_id))


def find_coming(work: Work, paging: Row[Any]) -> tuple[str, datetime] | None:
    """The clinician who has accepted what an escalation is about and is about to come to the caller, and until when
    they are waited for; None where nobody comes. They wait in the conference, or have an earlier call of the same story
    in hand in which nobody had contact.
    """
    if paging.consult:
        return None
    waiting = joining.find_waiting(work, paging.call_id)
    if waiting is not None:
        return _until(work, waiting, paging.started_at + WAITS)
    before = returning.find_running(work, call_row(work, paging.call_id))
    at_it = _list_at_it(work, before.call_id) if before is not None and before.state == "accepted" else []
    found = next((row for row in at_it if not talks.has_talked(work, row)), None)
    return None if found is None else _until(work, found, paging.started_at + COMES_WITHIN)


def _until(work: Work, row: Row[Any], until: datetime) -> tuple[str, datetime] | None:
    return (row.person_id, until) if work.at < until else None


def _list_at_it(work: Work, call_id: str) -> list[Row[Any]]:
    accepted = select(page.c.id).where(page.c.call_id == call_id, page.c.state == "accepted")
    subjects = set(work.connection.execute(accepted).scalars())
    living = legs.list_living(work, call_id, rings.ROLE)
    return [row for row in living if row.subject_id in subjects and not row.outcome]
