"""Which calls passed somebody over because they talked, and wait yet for whoever is free.

Those that are still paging, and those whose ladder has ended in vain since: somebody who may take them is free by now.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select

from ivr.calls import going_on, legs, talks
from ivr.calls.event_tables import event
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.oncall import joining, rings
from ivr.oncall.climbed import find_newest
from ivr.oncall.tables import page

KIND = "page_freed"
PASSED_LATELY = timedelta(hours=1)
"""A ladder that ended in vain longer ago has been climbed again since."""

_LATELY = (
    select(event.c.kind, event.c.call_id, event.c.at, event.c.data)
    .where(event.c.kind.in_(("passed-over", "paged")), event.c.at.between(bindparam("since"), bindparam("now")))
    .order_by(event.c.id)
)
_SHARED = select(page.c.id, page.c.call_id, page.c.made_at).where(
    page.c.id.in_(bindparam("pages", expanding=True)), page.c.leg_id == bindparam("ring"), page.c.state == "lapsed"
)
_PAGED = select(page.c.call_id, page.c.made_at).where(
    page.c.call_id.in_(bindparam("calls", expanding=True)), page.c.person_id == bindparam("person")
)
_SETTLED = select(event.c.id).where(
    event.c.call_id == bindparam("of_call"),
    event.c.kind.in_(("talked", talks.REPORTED, "continued-in")),
    event.c.at >= bindparam("since"),
)


def ring_again(work: Work, row: Row[Any]) -> None:
    """Have whoever was engaged on a leg, which has ended, paged for the calls that passed them over meanwhile."""
    ids = {one.escalation_id: one.place.call for one in rings.list_passed_over(work, row)}
    if not rings.has_declined(work, row):
        ids |= {one.id: one.call_id for one in _list_left(work, row)}
    for escalation_id, call_id in ids.items():
        outbox.put_item(
            work, KIND, escalation_id, call_id=call_id, nonce=True, urgency="emergent", person=row.person_id
        )


def is_open(work: Work, row: Row[Any]) -> bool:
    """Whether somebody for whom a ladder was climbed waits for contact yet and can be reached, and neither is any of
    ours with them, or has rung for them, nor do they talk with the house.
    """
    since = {"of_call": row.call_id, "since": row.started_at}
    if work.connection.execute(_SETTLED, since).first() is not None or talks.list_bound(work, row.call_id, "staff"):
        return False
    if joining.is_with_house(work, row.call_id):
        return False
    here = bool(legs.list_parties(work, row.call_id, "caller"))
    return here or work.services.features.has_number(work, row.call_id)


def _list_left(work: Work, row: Row[Any]) -> list[Row[Any]]:
    """The newest ladders of calls that passed over whoever is on a leg, and of which one has ended in vain since."""
    newest = [find_newest(work, call_id) for call_id in sorted(_list_passed(work, row))]
    climbed = [one for one in newest if one is not None]
    return [one for one in climbed if one.state == "paging" or (one.state == "exhausted" and is_open(work, one))]


def _list_passed(work: Work, row: Row[Any]) -> set[str]:
    """The calls that passed them over lately, or were passed on when the talk on this leg began, and have not paged
    them since.
    """
    lately = {"since": work.at - PASSED_LATELY, "now": work.at}
    news = [one for one in work.connection.execute(_LATELY, lately) if one.data["person"] == row.person_id]
    passed = {one.call_id: one.at for one in news if one.kind == "passed-over"}
    pages = [one.data["page"] for one in news if one.kind == "paged"]
    shared = work.connection.execute(_SHARED, {"pages": pages, "ring": going_on.rung_leg(row)})
    passed = {**{one.call_id: one.made_at for one in shared if one.id != row.subject_id}, **passed}
    paged = work.connection.execute(_PAGED, {"calls": list(passed), "person": row.person_id}).all()
    return {*passed} - {one.call_id for one in paged if one.made_at > passed[one.call_id]}
