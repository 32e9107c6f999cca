"""What is known of a call that decides who is responsible for it, read from SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, exists, or_, select

from callflows.conversations.clinician_page import HELD
from callflows.responsibility import Facts, Owed, Paging
from ivr.callbacks import attempts, held_calls
from ivr.callbacks.tables import OPEN, promise
from ivr.calls import legs, talks
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import find_due
from ivr.oncall import rings
from ivr.oncall.tables import escalation, page
from ivr.queue.entries import entry
from ivr.responsibility.house_rings import is_house_engaged
from ivr.responsibility.tables import responsibility

HOUSE = "house"
"""The role of the leg on which the house is rung, and whom it is."""
TRIED_THE_HOUSE = ("with the house", "promised")
"""Outcomes of those of the patient's side who stayed while the house was rung for them."""

_OF_CALL: BindParameter[str] = bindparam("call_id")
_CONCERNS = select(call).where(
    call.c.id == _OF_CALL,
    or_(
        call.c.symptom,
        exists().where(responsibility.c.id == call.c.id),
        exists().where(promise.c.call_id == call.c.id, promise.c.kind == attempts.URGENT),
        exists().where(escalation.c.call_id == call.c.id),
    ),
)
_NEWS = (
    select(event.c.at, event.c.kind, event.c.data)
    .where(event.c.call_id == _OF_CALL, event.c.kind.in_(("noted", "talked", talks.REPORTED)))
    .order_by(event.c.id)
)
_ESCALATIONS = (
    select(escalation)
    .where(escalation.c.call_id == _OF_CALL)
    .order_by(escalation.c.started_at.desc(), escalation.c.id.desc())
)
_ACCEPTED = select(page.c.id).where(page.c.call_id == _OF_CALL, page.c.state == "accepted")
_RUNG_BEFORE = select(leg.c.created_at, leg.c.ended_at, leg.c.role, leg.c.outcome).where(leg.c.call_id == _OF_CALL)
_HELD = (
    select(leg.c.person_id)
    .where(leg.c.call_id == _OF_CALL, leg.c.role == rings.ROLE, leg.c.outcome == HELD)
    .order_by(leg.c.created_at.desc(), leg.c.id.desc())
)


def find_concerned(work: Work, call_id: str) -> Row[Any] | None:
    """The call, where a symptom was told of in it, something urgent was promised, or a clinician was paged for it."""
    return work.connection.execute(_CONCERNS, {"call_id": call_id}).first()


def read_facts(work: Work, about: Row[Any]) -> Facts:
    """Everything that decides who is responsible for a call."""
    news: Sequence[Any] = work.connection.execute(_NEWS, {"call_id": about.id}).all()
    escalations = work.connection.execute(_ESCALATIONS, {"call_id": about.id}).all()
    living = legs.list_parties(work, about.id)
    owed = [row for row in attempts.list_promises(work, about.id, *OPEN) if row.kind == attempts.URGENT]
    held_until = find_due(work, held_calls.TIMER, about.id)
    place = entry(work, about.id)
    return Facts(
        urgency=about.urgency,
        opened_at=_find_opened(about, news),
        contact_at=_find_contact(news),
        clinician_at=_find_contact([one for one in news if one.data.get("role", rings.ROLE) in (rings.ROLE, HOUSE)]),
        line=any(work.services.features.roles[row.role].talks_as == "caller" for row in living),
        clinicians=_list_accepted(work, about.id, living),
        staff=_list_staff(work, living),
        holder=_find_holder(work, about.id, living, held_until),
        held_until=held_until,
        asked=place is not None and place.state in ("searching", "offered"),
        paging=_read_paging(escalations),
        owed=tuple([Owed(row.urgency, find_due(work, "promise_start", row.id)) for row in owed]),
        house=_find_house(work, about.id, escalations),
        given_up_at=_find_given_up(work, about.id),
    )


def _find_opened(about: Row[Any], news: Sequence[Row[Any]]) -> datetime | None:
    told: list[datetime] = [one.at for one in news if one.kind == "noted" and one.data.get("symptom") == "True"]
    if told:
        return told[-1]
    opened: datetime | None = about.created_at if about.symptom else None
    return opened


def _find_contact(news: Sequence[Row[Any]]) -> datetime | None:
    """When somebody of ours last talked with somebody of the patient's side, or said so."""
    found: list[datetime] = [one.at for one in news if one.kind in ("talked", talks.REPORTED)]
    return found[-1] if found else None


def _list_accepted(work: Work, call_id: str, living: Sequence[Row[Any]]) -> tuple[str, ...]:
    theirs = [row for row in living if row.role == rings.ROLE and row.outcome is None]
    if not theirs:
        return ()
    accepted = set(work.connection.execute(_ACCEPTED, {"call_id": call_id}).scalars())
    return tuple([row.person_id for row in theirs if row.subject_id in accepted])


def _list_staff(work: Work, living: Sequence[Row[Any]]) -> tuple[str, ...]:
    """Agents and the house who talk, or have stepped out of the talk for a moment."""
    roles = work.services.features.roles
    theirs = [row for row in living if roles[row.role].talks_as == "staff" and row.role != rings.ROLE]
    bound = [row for row in theirs if row.outcome is None and (talks.is_bound(row) or talks.has_been_there(row))]
    return tuple([row.person_id for row in bound])


def _find_holder(work: Work, call_id: str, living: Sequence[Row[Any]], held_until: datetime | None) -> str:
    """The clinician who was told that a dropped call stays with them; "" where it stays with none any more."""
    says_goodbye = any(row.role == rings.ROLE and row.outcome == HELD for row in living)
    if held_until is None and not says_goodbye:
        return ""
    found: str | None = work.connection.execute(_HELD, {"call_id": call_id}).scalars().first()
    return found or ""


def _read_paging(escalations: Sequence[Row[Any]]) -> Paging | None:
    if not escalations:
        return None
    newest = escalations[0]
    return Paging(newest.state, newest.urgency, newest.ended_at, newest.consult)


def _find_house(work: Work, call_id: str, escalations: Sequence[Row[Any]]) -> str:
    """Whether the house is due, now or later, as a ladder ended in vain, or was rung after that.

    Neither where there is no number.
    """
    in_vain = [row.ended_at for row in escalations if row.state == "exhausted"]
    if not in_vain or not work.services.features.has_number(work, call_id):
        return ""
    rows = work.connection.execute(_RUNG_BEFORE, {"call_id": call_id}).all()
    roles = work.services.features.roles
    stayed = [row for row in rows if roles[row.role].talks_as == "caller" and row.outcome in TRIED_THE_HOUSE]
    rung = [row.created_at for row in rows if row.role == HOUSE]
    rung += [row.ended_at for row in stayed if row.ended_at is not None]
    if any(at >= max(in_vain) for at in rung):
        return "asked"
    return "later" if is_house_engaged(work, call_id, max(in_vain)) else "due"


def _find_given_up(work: Work, call_id: str) -> datetime | None:
    missed = attempts.list_promises(work, call_id, "missed")
    ended: list[datetime] = [row.ended_at for row in missed if row.kind == attempts.URGENT]
    return max(ended, default=None)
