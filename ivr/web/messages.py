"""Messages that callers left: what was promised, and saying that somebody has dealt with one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, select, tuple_

from callflows.lifecycles.tables import PROMISE
from ivr.callbacks.tables import message, promise
from ivr.calls import legs
from ivr.calls.addresses import FIELD
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer
from ivr.queue.entries import dequeue
from ivr.recordings.tables import recording

PAGE = 50
OPEN = ("open", "working")


def page(connection: Connection, before: Row[Any] | None = None) -> tuple[list[Row[Any]], str | None]:
    """The newest messages, or those older than ``before``, and the id to go on from."""
    newest = _messages().order_by(message.c.taken_at.desc(), message.c.id.desc()).limit(PAGE + 1)
    if before is not None:
        newest = newest.where(tuple_(message.c.taken_at, message.c.id) < (before.taken_at, before.id))
    rows = list(connection.execute(newest))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def find(connection: Connection, message_id: str) -> Row[Any] | None:
    """A message with its promise, call and recording."""
    return connection.execute(_messages().where(message.c.id == message_id)).first()


def number_of(services: Services, row: Row[Any]) -> str | None:
    """The number that was promised to be called back. Private: only for whoever deals with the message."""
    sealed = row.number_sealed
    return None if sealed is None else services.cipher.open(row.practice_id, FIELD, sealed)


def handled(work: Work, row: Row[Any], by: str) -> bool:
    """Keep the message's promise: nobody is asked to call back any more. False when it was settled already."""
    legs.lock_call(work, row.call_id)
    if not fire(work, PROMISE, promise, row.promise_id, "keep"):
        return False
    for timer in ("promise_start", "promise_due"):
        cancel_timer(work, timer, row.promise_id)
    if not _others(work, row.call_id):
        dequeue(work, row.call_id)
    record(work, "promise-kept", row.call_id, promise=row.promise_id, by=by, how="message-handled")
    return True


def _others(work: Work, call_id: str) -> bool:
    still = select(promise.c.id).where(promise.c.call_id == call_id, promise.c.state.in_(OPEN))
    return work.connection.execute(still).first() is not None


def _messages() -> Select[Any]:
    columns: list[Any] = [
        *message.c,
        *(promise.c[name] for name in ("practice_id", "kind", "service", "language", "urgency", "number_sealed")),
        promise.c.state,
        promise.c.due_at,
        promise.c.ended_at.label("settled_at"),
        call.c.patient_id,
        recording.c.state.label("recording_state"),
    ]
    joined = message.join(promise, message.c.promise_id == promise.c.id).join(call, message.c.call_id == call.c.id)
    return select(*columns).select_from(joined.outerjoin(recording, message.c.recording_id == recording.c.id))
