"""Entering and leaving the waiting room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from callflows.lifecycles.tables import OFFER
from callflows.vocabulary import EnterWaitingRoom, LeaveWaitingRoom
from ivr.calls.requests import effect
from ivr.database import upsert
from ivr.directory.lookups import call_row, newest
from ivr.effects import outbox
from ivr.events.record import record
from ivr.lifecycles import fire
from ivr.timers.due import cancel_timer, set_timer
from ivr.waiting import index
from ivr.waiting.tables import WAITS, offer, waiting
from ivr.work import Work
from routing.queue_order import place

PATIENCE = {"emergent": timedelta(minutes=2), "urgent": timedelta(minutes=2), "routine": timedelta(minutes=10)}
"""How long a caller is kept waiting for an agent before the flow offers something else."""


@effect(EnterWaitingRoom)
def enter(work: Work, leg: Row[Any], key: str, wanted: EnterWaitingRoom) -> None:
    """Give the caller a place, fixed on arrival, and start looking for an agent."""
    put_in(work, leg.call_id, wanted.service, wanted.language, wanted.urgency, pool=wanted.pool)
    set_timer(work, "patience", leg.call_id, work.at + PATIENCE[wanted.urgency])


@effect(LeaveWaitingRoom)
def leave_room(work: Work, leg: Row[Any], key: str, _wanted: LeaveWaitingRoom) -> None:
    """Stop looking; offers still ringing are cancelled."""
    leave(work, leg.call_id, "left")


def put_in(
    work: Work, call_id: str, service: str, language: str, urgency: str, *, pool: str = "", callback: bool = False
) -> None:
    """Write the place down and wake the matching."""
    row = {
        "call_id": call_id,
        "state": "searching",
        "service": service,
        "language": language,
        "urgency": urgency,
        "pool": pool,
        "callback": callback,
        "place": place(work.at, urgency, {"routine": _credit(work, call_id, service)}),
        "since": work.at,
        "tried": [],
        "decided": None,
    }
    work.connection.execute(
        upsert(work.connection, waiting).values(row).on_conflict_do_update(index_elements=["call_id"], set_=row)
    )
    index.add(work.services, call_id, float(str(row["place"])))
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
    index.remove(work.services, call_id)
    cancel_timer(work, "patience", call_id)
    cancel_timer(work, "search", call_id)
    cancel_offers(work, call_id)


def cancel_offers(work: Work, call_id: str) -> None:
    """Stop every phone that still rings for this call."""
    still_open = select(offer.c.id).where(offer.c.call_id == call_id, offer.c.state == "open")
    for offer_id in work.connection.execute(still_open).scalars().all():
        fire(work, OFFER, offer, offer_id, "cancel")


def search(work: Work, call_id: str, after: timedelta = timedelta()) -> None:
    """Look for an agent, now or after a while."""
    outbox.put(work, "match", call_id, key=str((work.at + after).timestamp()), urgency="emergent", after=after)


def entry(work: Work, call_id: str) -> Row[Any] | None:
    """The call's place, if it has one."""
    return work.connection.execute(select(waiting).where(waiting.c.call_id == call_id)).first()
