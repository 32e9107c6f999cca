"""How a clinician is paged again: rung once more because they ask for it, while their page is open.

The next person of the escalation is paged in ``escalations.page_next_person``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from ivr.calls import legs
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.calls.tables import leg
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from ivr.oncall import escalations, pages
from ivr.oncall.tables import page

MOST_RINGS = 4
"""Legs of one page, the first one included: asking to be rung must not keep the next person from being paged."""
AGAIN_AFTER = timedelta(seconds=15)
"""A phone that was dialled this short a time ago is about to ring."""


def page_again(work: Work, page_id: str) -> bool:
    """Dial the person of an open page again, on a new leg that takes the place of the old one; False: not now.

    The time of the step runs anew, from the first ring of the new leg.
    """
    legs.lock_call(work, pages.get(work, page_id).call_id)
    row = pages.get(work, page_id)
    made = _list_legs(work, page_id)
    if row.state != "open" or len(made) >= MOST_RINGS or (made and abs(work.at - made[-1].created_at) < AGAIN_AFTER):
        return False
    climbing = escalations.get(work, row.escalation_id)
    seconds = climbing.steps[row.step]["seconds"]
    leg_id = pages.ring_person(work, climbing, page_id, newest(work).person(row.person_id), seconds)
    work.connection.execute(update(page).where(page.c.id == page_id).values(leg_id=leg_id))
    lapses_at = work.at + timedelta(seconds=seconds) + pages.LANE_SLACK
    set_timer(work, "page_over", page_id, lapses_at, call_id=row.call_id)
    if row.leg_id is not None:
        legs.enqueue_hang_up(work, row.leg_id)
    record(work, "rung-again", row.call_id, person=row.person_id, page=page_id)
    return True


def _list_legs(work: Work, page_id: str) -> list[Row[Any]]:
    mine = select(leg).where(leg.c.subject_id == page_id, leg.c.role == "clinician")
    return list(work.connection.execute(mine.order_by(leg.c.created_at, leg.c.id)))
