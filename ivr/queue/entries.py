"""Entering and leaving the waiting room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from callflows.lifecycles.tables import OFFER
from callflows.vocabulary import EnterWaitingRoom, LeaveWaitingRoom
from ivr.calls.configuration import NO_PRACTICE, call_row, newest, pinned_of
from ivr.calls.events import record
from ivr.core.database import upsert
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.queue import call_index
from ivr.queue.returning_callers import ABANDONED, resume
from ivr.queue.tables import WAITS, offer, waiting
from routing.queue_order import place

URGENT_PATIENCE = timedelta(minutes=2)
"""How long whoever is not routine is kept waiting for an agent before the flow offers something else."""


def enter(work: Work, leg: Row[Any], key: str, wanted: EnterWaitingRoom) -> None:
    """Give the caller a place, fixed on arrival, and start looking for an agent."""
    since = resume(work, leg.call_id)
    put_in(work, leg.call_id, wanted.service, wanted.language, wanted.urgency, pool=wanted.pool, since=since)
    set_timer(work, "patience", leg.call_id, work.at + _patience(work, leg.call_id, wanted.urgency))


def leave_room(work: Work, leg: Row[Any], key: str, _wanted: LeaveWaitingRoom) -> None:
    """Stop looking; offers still ringing are cancelled."""
    leave(work, leg.call_id, "left")


def caller_gone(work: Work, leg: Row[Any]) -> None:
    """Offers to agents stop at once. Pages and call-backs do not: neither care nor a promise ends with a hang-up."""
    if not is_called_back(work, leg.call_id):
        leave(work, leg.call_id, ABANDONED)


def put_in(
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
    """Write the place down, counted ``since`` the caller first waited, and wake the matching."""
    waits_since = since or work.at
    row = {
        "call_id": call_id,
        "state": "searching",
        "service": service,
        "language": language,
        "urgency": urgency,
        "pool": pool,
        "callback": callback,
        "place": place(waits_since, urgency, {"routine": _credit(work, call_id, service)}),
        "since": waits_since,
        "tried": [],
        "decided": None,
    }
    work.connection.execute(
        upsert(work.connection, waiting).values(row).on_conflict_do_update(index_elements=["call_id"], set_=row)
    )
    call_index.put(work.services, work.connection, call_id)
    record(work, "queued", call_id, service=service, urgency=urgency, language=language)
    search(work, call_id)


def _credit(work: Work, call_id: str, service: str) -> timedelta:
    """The wait that callers of the service are given on arrival."""
    practice = newest(work).practices.get(call_row(work, call_id).practice_id)
    settled = practice.services.get(service) if practice else None
    return (settled.credit if settled else None) or timedelta()


def leave(work: Work, call_id: str, state: str) -> None:
    """Take the call out of the room and cancel its open offers."""
    work.connection.execute(update(waiting).where(waiting.c.call_id == call_id, WAITS).values(state=state))
    step_up(work, call_id)
    call_index.drop(work.services, call_id)
    cancel_timer(work, "patience", call_id)
    cancel_timer(work, "search", call_id)
    cancel_offers(work, call_id)


def step_up(work: Work, call_id: str) -> None:
    """Look for whoever is first in line when the call, which still is, has gone: the clock looks for others rarely."""
    behind = call_index.next_in_line(work.services, call_id)
    if behind is not None:
        search(work, behind)


def _patience(work: Work, call_id: str, urgency: str) -> timedelta:
    about = call_row(work, call_id)
    if urgency != "routine" or about.practice_id == NO_PRACTICE:
        return URGENT_PATIENCE
    return pinned_of(work, about).practice(about.practice_id).waiting.patience


def cancel_offers(work: Work, call_id: str) -> None:
    """Stop every phone that still rings for this call."""
    still_open = select(offer.c.id).where(offer.c.call_id == call_id, offer.c.state == "open")
    for offer_id in work.connection.execute(still_open).scalars().all():
        fire(work, OFFER, offer, offer_id, "cancel")


def search(work: Work, call_id: str, after: timedelta = timedelta(), urgency: str = "emergent") -> None:
    """Look for an agent, now or after a while."""
    outbox.put(work, "match", call_id, key=str((work.at + after).timestamp()), urgency=urgency, after=after)


def is_called_back(work: Work, call_id: str) -> bool:
    """Whether the place is no longer that of a caller on the line, but of their call-back."""
    row = entry(work, call_id)
    return row is not None and bool(row.callback)


def entry(work: Work, call_id: str) -> Row[Any] | None:
    """The call's place, if it has one."""
    return work.connection.execute(select(waiting).where(waiting.c.call_id == call_id)).first()
