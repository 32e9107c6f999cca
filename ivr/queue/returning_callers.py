"""Callers whose line dropped while they waited, and who call again: their place is kept for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from callflows.lifecycles.tables import WAITING
from ivr.calls.configuration import call_row
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.several_calls import lock_beside
from ivr.calls.tables import call
from ivr.core.state_machines import fire_many
from ivr.core.unit_of_work import Work
from ivr.queue.tables import waiting
from routing.queue_admission import KEPT, place_is_kept
from routing.same_person import is_same_person, may_take_up

KEEPS_PLACE = ("abandoned", "cut-short")
"""States of a call whose place may be taken up again."""
_LONGEST_WAIT = 6 * KEPT
# A call that began longer ago may have a place to keep; nobody waits so long, and the index stays short.

# What came first is told by the order of events, which no clock that is set back can turn round.
_ARRIVED = select(func.min(event.c.id)).where(event.c.call_id == bindparam("call_id"), event.c.kind == "call-arrived")
_LEFT = (
    select(func.max(event.c.id)).where(event.c.call_id == call.c.id, event.c.kind == "caller-left").scalar_subquery()
)
_PLACES = (
    select(waiting.c.call_id, waiting.c.since, call.c.ended_at, call.c.patient_id, _LEFT.label("left"))
    .join(call, call.c.id == waiting.c.call_id)
    .where(
        call.c.practice_id == bindparam("practice"),
        call.c.caller_hash == bindparam("number"),
        call.c.created_at >= bindparam("earliest"),
        call.c.ended_at.is_not(None),
        waiting.c.state.in_(KEEPS_PLACE),
    )
    .order_by(waiting.c.since)
)


def read_kept_place(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether a place is kept that may be the caller's. Nothing is said of the earlier call.

    They are asked who they are only later: a place that somebody known left is not spoken of to whoever calls next.
    """
    return {"kept": "yes" if _list_kept(work, leg.call_id) else "no"}


def resume_place(work: Work, call_id: str) -> datetime | None:
    """Since when the caller has waited, by the earlier call whose place this one takes; once."""
    places = _list_kept(work, call_id)
    lock_beside(work, call_id, {kept.call_id for kept in places})
    for kept in places:
        taken = fire_many(WAITING, waiting, "resume").where(waiting.c.call_id == kept.call_id)
        # Somebody else who comes back at the same moment may have been quicker: then the next is looked at.
        if work.connection.execute(taken).rowcount == 1:
            record(work, "place-resumed", call_id, of=kept.call_id)
            since: datetime = kept.since
            return since
    return None


def _list_kept(work: Work, call_id: str) -> list[Row[Any]]:
    """The kept places that may be the caller's, what is known to be their own first, then whoever waited longest."""
    about = call_row(work, call_id)
    if about.caller_hash is None:
        return []
    arrived = work.connection.execute(_ARRIVED, {"call_id": call_id}).scalar() or 0
    bounds = {"practice": about.practice_id, "number": about.caller_hash, "earliest": work.at - _LONGEST_WAIT}
    found: list[Row[Any]] = list(work.connection.execute(_PLACES, bounds))
    rows = [row for row in found if _may_be_theirs(row, about, arrived) and place_is_kept(row.ended_at, work.at)]
    return sorted(rows, key=lambda row: not is_same_person(row.patient_id, about.patient_id))


def _may_be_theirs(row: Row[Any], about: Row[Any], arrived: int) -> bool:
    if row.left is None or not may_take_up(row.patient_id, about.patient_id):
        return False
    # Whoever called while the other was still on the line is somebody else, unless both are known to be one.
    return is_same_person(row.patient_id, about.patient_id) or bool(row.left < arrived)
