"""How a clinician is paged again: rung once more because they ask for it, while their page is open.

The next person of the escalation is paged in ``escalations.page_next_person``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from ivr.calls import going_on, legs
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.calls.several_calls import lock_beside
from ivr.calls.tables import leg
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from ivr.oncall import escalations, pages, rings
from ivr.oncall.tables import page

MOST_RINGS = 4
"""Legs of one page, the first one included: asking to be rung must not keep the next person from being paged."""
AGAIN_AFTER = timedelta(seconds=15)
"""A phone that was dialled this short a time ago is about to ring."""


def page_again(work: Work, page_id: str) -> bool:
    """Dial the person of an open page again, on a new leg that takes the place of the old one; False: not now.

    The time of the step runs anew, from the first ring of the new leg. Pages that shared the old ring share the new.
    """
    legs.lock_call(work, pages.get(work, page_id).call_id)
    together = _list_together(work, pages.get(work, page_id))
    lock_beside(work, pages.get(work, page_id).call_id, {one.call_id for one in together})
    row = pages.get(work, page_id)
    made = _list_legs(work, [one.id for one in together])
    if row.state != "open" or len(made) >= MOST_RINGS or (made and abs(work.at - made[-1].created_at) < AGAIN_AFTER):
        return False
    if rings.find_engaged(work, [row.person_id]):
        return False
    climbing = escalations.get(work, row.escalation_id)
    seconds = climbing.steps[row.step]["seconds"]
    leg_id = pages.ring_person(work, climbing, page_id, newest(work).person(row.person_id), seconds)
    moved = page.c.id.in_([one.id for one in together]) & (page.c.state == "open")
    work.connection.execute(update(page).where(moved).values(leg_id=leg_id))
    lapses_at = work.at + timedelta(seconds=seconds) + pages.LANE_SLACK
    set_timer(work, "page_over", page_id, lapses_at, call_id=row.call_id)
    rung = legs.find(work, row.leg_id) if row.leg_id is not None else None
    if rung is not None:
        legs.enqueue_hang_up(work, going_on.find_present(work, rung).id)
    record(work, "rung-again", row.call_id, person=row.person_id, page=page_id)
    return True


def _list_together(work: Work, row: Row[Any]) -> list[Row[Any]]:
    """The page with those that share its ring."""
    sharing = rings.list_open_pages(work, row.leg_id) if row.leg_id is not None else []
    return [row, *(one for one in sharing if one.id != row.id)]


def _list_legs(work: Work, page_ids: list[str]) -> list[Row[Any]]:
    theirs = select(leg).where(leg.c.subject_id.in_(page_ids), leg.c.role == rings.ROLE)
    return list(work.connection.execute(theirs.order_by(leg.c.created_at, leg.c.id)))
