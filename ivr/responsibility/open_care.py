"""The calls in which somebody still waits for contact: a list with its clock, a round that looks again, an alarm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, or_, select, text

from callflows.values import URGENCIES
from ivr.callbacks import attempts
from ivr.callbacks.tables import OPEN as STILL_OWED
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.places import Place
from ivr.calls.tables import call
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.timers import find_due, set_timer
from ivr.oncall.tables import escalation
from ivr.responsibility.tables import IS_OPEN, OPEN, responsibility

EVERY = timedelta(minutes=1)
MOST = 200
"""Calls that are looked at in one round, or shown."""
LATELY = timedelta(days=1)
"""So long after a symptom was told of it is looked at whether it was ever decided who is responsible since."""
TIMER = "nobody_had_contact"

_URGENCY = case({urgency: place for place, urgency in enumerate(URGENCIES)}, value=responsibility.c.urgency)
# States are spelled out as the partial indexes have them: SQLite uses those for no value that it is given.
_OPEN = select(responsibility.c.id).where(IS_OPEN)
_OWED = select(promise.c.call_id).where(promise.c.kind == attempts.URGENT, promise.c.state.in_(STILL_OWED))
_PAGED = select(escalation.c.call_id).where(text("escalation.state = 'paging'"))
_UNSETTLED = (
    select(event.c.call_id)
    .join(responsibility, responsibility.c.id == event.c.call_id, isouter=True)
    .where(event.c.kind == "noted", event.c.at >= bindparam("since"), event.c.data["symptom"].as_string() == "True")
    .where(
        or_(
            responsibility.c.id.is_(None),
            and_(responsibility.c.continued_in.is_(None), responsibility.c.changed_at < event.c.at),
        )
    )
)
"""Calls in which a symptom was told of and whose settlement failed then: they have no row, or one from before."""
_LOOKED_AT = (_OPEN, _OWED, _PAGED, _UNSETTLED)


@dataclass(frozen=True, slots=True)
class OpenCare:
    """One call in which somebody waits for contact: who is responsible, since when, and by when a call-back is due."""

    row: Row[Any]
    since: timedelta
    due_at: datetime | None


def look_again(services: Services, before: str) -> str:
    """Decide anew who is responsible for each call that is open, whatever we were told, or the version before wrote,
    and for each of the last day of which it was not decided when a symptom was told of.

    Where there are more than fit into one round, the next goes on after the last.
    """
    with services.database.read() as connection:
        given = {"since": services.clock.now() - LATELY}
        waiting = {one for query in _LOOKED_AT for one in connection.execute(query, given).scalars()}
    ids = sorted(one for one in waiting if one > before)[:MOST]
    for call_id in ids:
        in_transaction(services, partial(_touch, call_id))
    return ids[-1] if len(ids) == MOST else ""


def _touch(call_id: str, work: Work) -> None:
    legs.lock_call(work, call_id)
    work.touched.add(call_id)


def read_open(connection: Connection, at: datetime) -> list[OpenCare]:
    """The open ones, at most MOST: the most urgent first and among them whoever waits longest."""
    due = select(promise.c.call_id, promise.c.due_at).where(
        promise.c.kind == attempts.URGENT, promise.c.state.in_(STILL_OWED)
    )
    due_at = {row.call_id: row.due_at for row in connection.execute(due)}
    columns = (*responsibility.c, call.c.location_id, call.c.service)
    theirs = select(*columns).join(call, call.c.id == responsibility.c.id).where(responsibility.c.state.in_(OPEN))
    in_order = theirs.order_by(_URGENCY.desc(), responsibility.c.opened_at, responsibility.c.id).limit(MOST)
    return [OpenCare(row, at - row.opened_at, due_at.get(row.id)) for row in connection.execute(in_order)]


def list_care(connection: Connection, place: Place, at: datetime, call_ids: Collection[str]) -> Sequence[Row[Any]]:
    """Who was responsible for each call of a place that waited for contact at an instant, and for the calls given.

    What was closed since is told by when that was: nothing is kept of how a call stood at an instant that is over.
    """
    settled_at = func.coalesce(responsibility.c.contact_at, responsibility.c.changed_at)
    waited = and_(responsibility.c.opened_at < at, or_(responsibility.c.state.in_(OPEN), settled_at >= at))
    ours = select(responsibility).join(call, call.c.id == responsibility.c.id).where(place.has_call())
    wanted = ours.where(or_(waited, responsibility.c.id.in_(call_ids)))
    return connection.execute(wanted.order_by(responsibility.c.opened_at, responsibility.c.id)).all()


def count_open(connection: Connection) -> int:
    """How many are open, shown or not."""
    return connection.execute(select(func.count()).select_from(_OPEN.subquery())).scalar_one()


def expect_alarm(work: Work, call_id: str) -> None:
    """Have supervisors told of a call for which nothing can be tried any more, and again, until it had contact."""
    if find_due(work, TIMER, call_id) is None:
        again_at = work.at + attempts.read_schedule(work).overdue_again
        set_timer(work, TIMER, call_id, again_at, call_id=call_id)


def alert_no_contact(work: Work, call_id: str) -> None:
    """Tell supervisors that nobody has had contact yet, and tell them again later."""
    waits = select(responsibility.c.id).where(responsibility.c.id == call_id, responsibility.c.state.in_(OPEN))
    if work.connection.execute(waits).first() is not None:
        record(work, "alert", call_id, what="nobody-had-contact")
        expect_alarm(work, call_id)
