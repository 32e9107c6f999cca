"""Whoever returns is the same story: earlier calls of a patient whose line dropped, and the page that runs for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, false, or_, select

from ivr.calls import identity_throttle
from ivr.calls.configuration import NO_PRACTICE
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work
from ivr.oncall.tables import escalation, page
from ivr.professionals.proof import is_backline
from routing.same_person import may_be_one_story

STILL_RINGS = ("planned", "dialling", "ringing")
"""The states of a leg that nobody has picked up."""
CONTINUES = "continues"
"""The event of a call that goes on with what was begun in an earlier one, named by its ``of``."""
RETURNS_WITHIN = timedelta(hours=1)
"""So long after a line dropped whoever calls again about an illness is taken to go on with it. Later it may be another
illness, or another patient of the household: then both are cared for apart."""


def list_earlier(work: Work, about: Row[Any]) -> list[Row[Any]]:
    """The calls that a call may go on with, the newest first: of the same telephone, or of the same known patient.

    None in which somebody of the patient's side is on the line: they are cared for there. A phone that only rings is
    that of whoever calls now, or nobody has picked it up.
    """
    same_telephone = call.c.caller_hash == about.caller_hash if about.caller_hash is not None else false()
    same_patient = call.c.patient_id == about.patient_id if about.patient_id is not None else false()
    earlier = and_(
        call.c.practice_id == about.practice_id,
        call.c.created_at < about.created_at,
        call.c.created_at >= about.created_at - timedelta(days=1),
        call.c.ended_at.is_not(None),
        call.c.ended_at >= about.created_at - RETURNS_WITHIN,
        or_(same_telephone, same_patient),
    )
    rows: Sequence[Row[Any]] = work.connection.execute(select(call).where(earlier)).all()
    newest_first = sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)
    return [row for row in newest_first if _may_go_on(work, row, about)]


def _may_go_on(work: Work, before: Row[Any], about: Row[Any]) -> bool:
    """Whether a call may go on with an earlier one, as far as it is known who and how many call from there."""
    roles = work.services.features.roles
    sides = [name for name, role in roles.items() if role.talks_as == "caller"]
    theirs = select(leg).where(leg.c.call_id == before.id, leg.c.role.in_(sides))
    lines = work.connection.execute(theirs).all()
    if any(row.state not in ("ended", *STILL_RINGS) for row in lines):
        return False
    spoken_until = [before.ended_at, *(row.ended_at for row in lines if row.answered_at is not None)]
    return may_be_one_story(
        before.patient_id,
        about.patient_id,
        was_over=max(spoken_until) <= about.created_at,
        of_many=_is_of_many(work, before) or _is_of_many(work, about),
    )


def _is_of_many(work: Work, about: Row[Any]) -> bool:
    """Whether a call is from a telephone that is known to be of many patients, or of somebody who calls about many."""
    if is_backline(work.connection, about.id):
        return True
    return about.practice_id != NO_PRACTICE and identity_throttle.is_shared(work, about)


def find_running(work: Work, about: Row[Any]) -> Row[Any] | None:
    """The escalation that still pages, or was accepted, for a call that this one may go on with."""
    ids = [row.id for row in list_earlier(work, about)]
    theirs = select(escalation).where(
        escalation.c.call_id.in_(ids), escalation.c.state.in_(("paging", "accepted")), escalation.c.consult.is_(False)
    )
    return work.connection.execute(theirs.order_by(escalation.c.started_at.desc())).first() if ids else None


def list_continued(work: Work, call_id: str) -> list[Row[Any]]:
    """The events by which a call went on with earlier ones."""
    theirs = select(event).where(event.c.call_id == call_id, event.c.kind == CONTINUES)
    return list(work.connection.execute(theirs.order_by(event.c.id)))


def find_continuation(work: Work, call_id: str) -> str | None:
    """The call in which this one goes on, if it does."""
    theirs = select(event.c.data).where(event.c.call_id == call_id, event.c.kind == "continued-in")
    found = work.connection.execute(theirs.order_by(event.c.id.desc())).scalars().first()
    return str(found["by"]) if found is not None else None


def has_accepted_before(work: Work, row: Row[Any]) -> bool:
    """Whether whoever is on a leg had accepted an earlier call of the same story, and was brought to this one.

    What was continued after the leg began tells nothing of it: its conversation must not change on the way.
    """
    if row.continues is None:
        return False
    before = [one.data["of"] for one in list_continued(work, row.call_id) if one.at <= row.created_at]
    accepted = select(page.c.id).where(
        page.c.call_id.in_(before), page.c.state == "accepted", page.c.person_id == bindparam("person")
    )
    return bool(before) and work.connection.execute(accepted, {"person": row.person_id}).first() is not None
