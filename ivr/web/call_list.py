"""Calls for the list: the newest first, a page at a time, with what was promised and how much was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from ivr.callbacks.tables import promise
from ivr.calls.tables import call
from ivr.recordings.tables import recording

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """One call of the list. ``promise`` is the newest one."""

    call: Row[Any]
    promise: Row[Any] | None
    recordings: int


@dataclass(frozen=True, slots=True)
class CallPage:
    """Up to 50 calls; ``older`` is the id to go on from, None on the last page."""

    calls: tuple[Listed, ...]
    older: str | None


def find_call(connection: Connection, call_id: str) -> Row[Any] | None:
    """Return a call."""
    return connection.execute(select(call).where(call.c.id == call_id)).first()


def read_page(connection: Connection, before: Row[Any] | None = None) -> CallPage:
    """Return the newest calls, or those older than ``before``. The cost does not grow with how far back one looks."""
    newest = select(call).order_by(call.c.created_at.desc(), call.c.id.desc()).limit(PAGE + 1)
    if before is not None:
        newest = newest.where(tuple_(call.c.created_at, call.c.id) < (before.created_at, before.id))
    rows = connection.execute(newest).all()
    shown = rows[:PAGE]
    promises, recordings = _promises(connection, shown), _recordings(connection, shown)
    listed = tuple(Listed(row, promises.get(row.id), recordings.get(row.id, 0)) for row in shown)
    return CallPage(listed, shown[-1].id if len(rows) > PAGE else None)


def _promises(connection: Connection, calls: Sequence[Row[Any]]) -> dict[str, Row[Any]]:
    made = select(promise).where(promise.c.call_id.in_([row.id for row in calls]))
    return {row.call_id: row for row in connection.execute(made.order_by(promise.c.made_at, promise.c.id))}


def _recordings(connection: Connection, calls: Sequence[Row[Any]]) -> dict[str, int]:
    ids = [row.id for row in calls]
    there = recording.c.call_id.in_(ids) & (recording.c.state != "absent")
    counted = select(recording.c.call_id, func.count()).where(there).group_by(recording.c.call_id)
    return {row[0]: row[1] for row in connection.execute(counted)}
