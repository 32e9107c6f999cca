"""Writing events, and the newest of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from ivr.calls.configuration import NO_PRACTICE
from ivr.calls.event_tables import event
from ivr.calls.places import Place
from ivr.calls.tables import call
from ivr.core.unit_of_work import Work
from ivr.jobs.call_ids import NO_CALL
from routing.spans import Span

ALERTS = ("alert", "safe-landing")
"""Kinds of events that a supervisor must look at."""

_OF_CALL = select(call.c.practice_id).where(call.c.id == bindparam("of_call")).scalar_subquery()
_PRACTICE = func.coalesce(_OF_CALL, NO_PRACTICE)
_NEWEST = select(event.c.at, event.c.call_id).order_by(event.c.id.desc()).limit(1)
_ALERTS = select(event.c.data).where(event.c.call_id == bindparam("of_call"), event.c.kind == "alert")
_RECORD = insert(event).values(practice_id=_PRACTICE)


def record(work: Work, kind: str, call_id: str, **data: str | int) -> None:
    """Write one event; ``call_id`` is NO_CALL where it is about none.

    ``data`` holds opaque ids, codes and seconds only, never words or numbers of people.
    """
    row = {"at": work.at, "kind": kind, "call_id": call_id, "data": data}
    work.connection.execute(_RECORD, {**row, "of_call": call_id})


def alert_once(work: Work, call_id: str, what: str, **data: str | int) -> None:
    """Alert supervisors to something about a call, unless they were alerted to the same before."""
    known = work.connection.execute(_ALERTS, {"of_call": call_id}).scalars()
    if all(one.get("what") != what for one in known):
        record(work, "alert", call_id, what=what, **data)


def alert_daily(work: Work, what: str, *, by: str | None = None, **data: str | int) -> None:
    """Alert supervisors to something that is about no call, unless they were alerted to the same within a day.

    Where ``by`` names one of ``data``, the same of another is something else.
    """
    lately = (event.c.kind == "alert") & (event.c.at > work.at - timedelta(days=1)) & (event.c.call_id == NO_CALL)
    known = work.connection.execute(select(event.c.data).where(lately)).scalars()
    if all(one.get("what") != what or (by is not None and one.get(by) != data[by]) for one in known):
        record(work, "alert", NO_CALL, what=what, **data)


def list_events(connection: Connection, place: Place, kinds: Collection[str], span: Span) -> Sequence[Row[Any]]:
    """The events of some kinds in the calls of a place, within a span, the oldest first."""
    then = event.c.kind.in_(kinds) & (event.c.at >= span.start) & (event.c.at < span.end)
    ours = select(event).join(call, call.c.id == event.c.call_id).where(then, place.has_call())
    return connection.execute(ours.order_by(event.c.at, event.c.id)).all()


def newest_instant(connection: Connection) -> datetime | None:
    """When the last event happened, by the clock of then; None before the first."""
    found: datetime | None = connection.execute(_NEWEST).scalar()
    return found


def alert_clock_set_back(work: Work, by: timedelta) -> None:
    """Tell the supervisors of the call that something happened in last. This event is the newest from now on."""
    newest = work.connection.execute(_NEWEST).one()
    record(work, "alert", newest.call_id, what="clock-set-back", seconds=int(by.total_seconds()))


_YES_NO = {"True": "yes", "False": "no"}


def tell_code(name: str, value: object) -> str:
    """One item of an event for people: steps of a ladder are counted from one, and what is true or not is yes or no."""
    if name == "rung":
        return f"step {int(str(value)) + 1}"
    return f"{name.replace('_', ' ')} {_YES_NO.get(str(value), value)}"
