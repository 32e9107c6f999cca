"""The second telephone of a clinician, rung in the same step when the first was not taken: busy, failed, not answered,
or answered by whoever or whatever did not accept. Once for a page, for ``SECOND_RING`` seconds.

Whoever passed the call on by a key is not rung at another telephone for it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Row, update

from ivr.calls import legs
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.timers import set_timer
from ivr.oncall import escalations, pages, rings
from ivr.oncall.contact import find_second
from ivr.oncall.tables import page
from routing.contact import SECOND_RING


def ring_second(services: Services, item: Row[Any]) -> None:
    """Ring the second telephone for a page, unless that has been done, or the page is over. Where the person's
    telephone rings for another page meanwhile, this one joins that ring.
    """

    def act(work: Work) -> None:
        legs.lock_call(work, pages.get(work, item.subject).call_id)
        rings.decide_last(work, partial(_ring_second, work, item.subject))

    in_transaction(services, act)


def _ring_second(work: Work, page_id: str) -> None:
    row = pages.get(work, page_id)
    if row.state != "open" or row.second_at is not None:
        return
    # Whatever comes of it: the page has had its turn at the second telephone, and is that of its ring again.
    second, page_row = find_second(work, row), update(page).where(page.c.id == page_id)
    work.connection.execute(page_row.values(second_at=work.at))
    rung = legs.find(work, row.leg_id) if row.leg_id is not None else None
    if rung is not None and rung.state != "ended":
        return  # They have asked in a browser to be rung again.
    if second is None or rings.find_engaged(work, [row.person_id]):
        set_timer(work, "page_over", page_id, work.at, call_id=row.call_id)
        return
    leg_id = rings.find_ring(work, row.person_id) or _ring(work, row, second)
    work.connection.execute(page_row.values(leg_id=leg_id))
    pages.give_second_time(work, row)
    record(work, "second-rung", row.call_id, person=row.person_id, page=page_id)


def _ring(work: Work, row: Row[Any], number: str) -> str:
    climbing, person = escalations.get(work, row.escalation_id), newest(work).person(row.person_id)
    return pages.ring_person(work, climbing, row.id, person, SECOND_RING, number=number)
