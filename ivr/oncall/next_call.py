"""Which call a clinician takes first and which next, in one telephone call; and what they are told of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from callflows.conversations.clinician_page import GOES_ON
from ivr.calls import going_on
from ivr.calls.events import record
from ivr.calls.several_calls import lock_beside
from ivr.calls.tables import call_log
from ivr.core.unit_of_work import Work
from ivr.oncall import escalations, pages, rings
from ivr.oncall.returning import find_continuation
from ivr.oncall.tables import page

TOLD = "summary"
"""The key of the request by which a clinician's conversation learns of its call, and which others there are."""


def read_wanted_calls(work: Work, row: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """How many calls there are for whoever is on a leg, and whether the first is that of this leg.

    ``first`` is "this", "another", or empty where there is none. ``same`` counts those from the telephone of the first.
    """
    wanted = rings.list_wanted(work, row)
    first = wanted[0] if wanted else None
    telephone = first.place.telephone if first else None
    return {
        "first": "" if first is None else "this" if first.page_id == row.subject_id else "another",
        "calls": str(len(wanted)),
        "emergent": str(sum(one.urgency == "emergent" for one in wanted)),
        "same": str(sum(one.place.telephone == telephone for one in wanted) if telephone else 1),
    }


def take_next_call(work: Work, row: Row[Any]) -> None:
    """Let the telephone call of a clinician, whose conversation ends with that, go on with the first call there is."""
    wanted = rings.list_wanted(work, row) if row.outcome == GOES_ON else ()
    others = [one for one in wanted if one.page_id != row.subject_id]
    # Whoever had accepted goes on with the same patient, who has called again, before anybody else.
    goes_on_in = find_continuation(work, row.call_id)
    first = next(iter(sorted(others, key=lambda one: one.place.call != goes_on_in)), None)
    if first is None:
        return
    lock_beside(work, row.call_id, {first.place.call}, late=True)
    # Where this was the last try, the call was locked only now, and somebody else may have taken it.
    if escalations.get(work, first.escalation_id).state != "paging":
        return
    page_id = first.page_id or pages.page_on_the_line(work, first.escalation_id, row)
    new = going_on.go_on_in(work, row, first.place.call, subject_id=page_id)
    record(work, "went-on", row.call_id, leg=row.id, person=row.person_id)
    record(work, "taken-up", first.place.call, leg=new, person=row.person_id)


def list_told(work: Work, row: Row[Any]) -> list[str] | None:
    """The pages of a ring that whoever is on a leg was told of; None where they were told of none in particular."""
    heard = select(call_log.c.at).where(call_log.c.leg_id == row.id, call_log.c.key == TOLD)
    told_at = work.connection.execute(heard).scalar()
    if told_at is None:
        return None
    before = select(page.c.id).where(page.c.leg_id == going_on.rung_leg(row), page.c.made_at < told_at)
    return list(work.connection.execute(before).scalars())
