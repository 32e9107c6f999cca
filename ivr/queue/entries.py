"""Entering and leaving the queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from callflows.lifecycles.tables import WAITING
from callflows.vocabulary import EnterWaitingRoom, LeaveWaitingRoom
from ivr.calls import talks
from ivr.calls.configuration import NO_PRACTICE, call_row, newest, pinned_of
from ivr.calls.events import record
from ivr.core.database import upsert
from ivr.core.state_machines import fire_many
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.queue import index
from ivr.queue.offers import cancel_offers, enqueue_match, match_next
from ivr.queue.returning_callers import resume_place
from ivr.queue.tables import waiting
from routing.queue_order import priority

URGENT_MAX_WAIT = timedelta(minutes=2)
"""How long an urgent caller is kept waiting for an agent before the flow offers something else."""


def enter_queue(work: Work, leg: Row[Any], key: str, wanted: EnterWaitingRoom) -> None:
    """Give the caller a place, fixed on arrival, and start looking for an agent."""
    # Whoever had a place in this call already came back to none: they may take no second one, of somebody else.
    since = resume_place(work, leg.call_id) if entry(work, leg.call_id) is None else None
    enqueue(work, leg.call_id, wanted.service, wanted.language, wanted.urgency, pool=wanted.pool, since=since)
    waits_until = work.at + _max_wait(work, leg.call_id, wanted)
    set_timer(work, "patience", leg.call_id, waits_until, call_id=leg.call_id)
    work.touched.add(leg.call_id)


def leave_queue(work: Work, leg: Row[Any], key: str, _wanted: LeaveWaitingRoom) -> None:
    """Stop looking; offers still ringing are cancelled."""
    dequeue(work, leg.call_id)


def abandon_queue(work: Work, leg: Row[Any]) -> None:
    """The caller has gone. Offers to agents stop at once; pages and call-backs do not: a hang-up ends no care.

    Whoever was connected and has not talked yet has lost nothing by it either: their place is kept as well.
    """
    if is_called_back(work, leg.call_id):
        return
    place = entry(work, leg.call_id)
    lost = place is not None and place.state == "connected" and not talks.has_talked(work, leg)
    dequeue(work, leg.call_id, "lose" if lost else "abandon")


def enqueue(
    work: Work,
    call_id: str,
    service: str,
    language: str,
    urgency: str,
    *,
    pool: str = "",
    callback: bool = False,
    since: datetime | None = None,
) -> None:
    """Write the call's entry, counted ``since`` the caller first waited, and have an agent looked for."""
    waits_since = since or work.at
    row = {
        "call_id": call_id,
        "state": WAITING.begins,
        "service": service,
        "language": language,
        "urgency": urgency,
        "pool": pool,
        "callback": callback,
        "place": priority(waits_since, urgency, {"routine": _boost(work, call_id, service)}),
        "since": waits_since,
        "already_offered": [],
        "decided": None,
    }
    # One row a call: a call that waits again begins anew in the row that it has.
    again = waiting.c.state.in_(WAITING.move_of_many("enqueue").states)
    first = upsert(work.connection, waiting).values(row)
    work.connection.execute(first.on_conflict_do_update(index_elements=["call_id"], set_=row, where=again))
    index.add_call(work.services, work.connection, call_id)
    record(work, "queued", call_id, service=service, urgency=urgency, language=language)
    enqueue_match(work, call_id)


def dequeue(work: Work, call_id: str, event: str = "leave") -> None:
    """Take the call out of the queue and cancel its open offers. ``event`` is "leave", "abandon" or "lose"."""
    work.connection.execute(fire_many(WAITING, waiting, event).where(waiting.c.call_id == call_id))
    match_next(work, call_id)
    index.remove_call(work.services, call_id)
    cancel_timer(work, "patience", call_id)
    cancel_timer(work, "search", call_id)
    cancel_offers(work, call_id)


def is_called_back(work: Work, call_id: str) -> bool:
    """Whether the place is no longer that of a caller on the line, but of their call-back."""
    row = entry(work, call_id)
    return row is not None and bool(row.callback)


def entry(work: Work, call_id: str) -> Row[Any] | None:
    """The call's place, if it has one."""
    return work.connection.execute(select(waiting).where(waiting.c.call_id == call_id)).first()


def _boost(work: Work, call_id: str, service: str) -> timedelta:
    """The wait that callers of the service are given on arrival."""
    practice = newest(work).practices.get(call_row(work, call_id).practice_id)
    settled = practice.services.get(service) if practice else None
    return (settled.credit if settled else None) or timedelta()


def _max_wait(work: Work, call_id: str, wanted: EnterWaitingRoom) -> timedelta:
    about = call_row(work, call_id)
    if wanted.urgency != "routine" or about.practice_id == NO_PRACTICE:
        return URGENT_MAX_WAIT
    practice = pinned_of(work, about).practice(about.practice_id)
    service = practice.services.get(wanted.service)
    return (service.patience if service else None) or practice.waiting.patience
