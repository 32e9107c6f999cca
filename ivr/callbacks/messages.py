"""Messages that callers left: what was promised, and the promise is kept once somebody has dealt with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select, tuple_

from callflows.lifecycles.tables import PROMISE
from ivr.callbacks.tables import OPEN, message, promise
from ivr.calls import legs
from ivr.calls.addresses import FIELD
from ivr.calls.events import record
from ivr.calls.places import Place
from ivr.calls.tables import call
from ivr.core.cipher import name_row
from ivr.core.feature import Features
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer
from ivr.queue.entries import dequeue
from routing.spans import Span

PAGE = 50
LONGEST_CALL = timedelta(days=1)
"""No call lasts so long: the calls of a span are found by their index, and messages by their calls."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its promise and call in ``row``. ``recording_state`` is None where there is no recording."""

    row: Row[Any]
    recording_state: str | None


def read_page(
    features: Features, connection: Connection, before: Row[Any] | None = None
) -> tuple[list[Message], str | None]:
    """Return the newest messages, or those older than ``before``, and the id to go on from."""
    newest = _messages().order_by(message.c.taken_at.desc(), message.c.id.desc()).limit(PAGE + 1)
    if before is not None:
        newest = newest.where(tuple_(message.c.taken_at, message.c.id) < (before.taken_at, before.id))
    rows = connection.execute(newest).all()
    shown = _with_recordings(features, connection, rows[:PAGE])
    return shown, rows[PAGE - 1].id if len(rows) > PAGE else None


def list_taken(connection: Connection, place: Place, span: Span) -> Sequence[Row[Any]]:
    """The rows of the messages that were left for a place within a span, the oldest first."""
    then = (message.c.taken_at >= span.start) & (message.c.taken_at < span.end)
    in_calls = call.c.created_at > span.start - LONGEST_CALL
    ours = _messages().where(then, in_calls, place.has_call()).order_by(message.c.taken_at, message.c.id)
    return connection.execute(ours).all()


def find_row(connection: Connection, message_id: str) -> Row[Any] | None:
    """Return the row of a message with its promise and call."""
    return connection.execute(_messages().where(message.c.id == message_id)).first()


def find_message(features: Features, connection: Connection, message_id: str) -> Message | None:
    """Return a message."""
    row = find_row(connection, message_id)
    return None if row is None else _with_recordings(features, connection, [row])[0]


def open_number(services: Services, row: Row[Any]) -> str | None:
    """Return the number that was promised to be called back. Private: only for whoever deals with the message."""
    if row.number_sealed is None:
        return None
    return services.cipher.open(row.practice_id, FIELD, name_row(promise, row.promise_id), row.number_sealed)


def keep_promise(work: Work, row: Row[Any], by: str) -> bool:
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


def _with_recordings(features: Features, connection: Connection, rows: Sequence[Row[Any]]) -> list[Message]:
    states = features.read_recording_states(connection, [row.recording_id for row in rows])
    return [Message(row, states.get(row.recording_id)) for row in rows]


def _messages() -> Select[Any]:
    columns: list[Any] = [
        *message.c,
        *(promise.c[name] for name in ("practice_id", "kind", "service", "language", "urgency", "number_sealed")),
        promise.c.state,
        promise.c.due_at,
        promise.c.ended_at.label("settled_at"),
        call.c.patient_id,
        call.c.location_id,
    ]
    joined = message.join(promise, message.c.promise_id == promise.c.id).join(call, message.c.call_id == call.c.id)
    return select(*columns).select_from(joined)
