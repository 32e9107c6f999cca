"""What is due to be destroyed: recordings and messages by their rule, what was said in calls by that of the operator.

A legal hold on a recording holds what was said in its call too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, or_, select, tuple_

from ivr.calls.tables import call
from ivr.core.database import Database
from ivr.core.feature import Memory
from ivr.jobs.tables import UNDONE, outbox, timer
from ivr.recordings.tables import recording
from recordings_vault.records import State
from recordings_vault.retention import parse_retention, retention_until
from recordings_vault.tables import vault_recording

SHORTEST_MONTH = timedelta(days=28)
BATCH = 500
"""Calls that are read in one transaction."""

HELD = Memory(
    needs=exists().where(
        recording.c.call_id == call.c.id,
        vault_recording.c.recording_id == recording.c.id,
        vault_recording.c.legal_hold,
    )
)
WORK_TO_DO = (
    exists().where(timer.c.call_id == call.c.id, timer.c.state == "waiting"),
    exists().where(outbox.c.call_id == call.c.id, UNDONE),
)


@dataclass(frozen=True, slots=True)
class Due:
    """What may be destroyed now, and how many recordings of those only a legal hold keeps."""

    recordings: tuple[str, ...]
    held: int
    calls: tuple[str, ...]


def find_due(database: Database, memories: Sequence[Memory], at: datetime, keep: str) -> Due:
    """Everything that is due at an instant. ``keep`` is the rule for what was said in calls."""
    over = select(vault_recording.c.recording_id, vault_recording.c.legal_hold).where(*are_over(at))
    with database.read() as connection:
        found = connection.execute(over.order_by(vault_recording.c.retention_until)).all()
    free = tuple(row.recording_id for row in found if not row.legal_hold)
    return Due(free, len(found) - len(free), tuple(_find_calls(database, memories, at, keep)))


def are_over(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is in the vault and that no rule asks for at an instant."""
    return vault_recording.c.state == State.STORED.value, vault_recording.c.retention_until <= at


def forget(connection: Connection, memories: Sequence[Memory], call_id: str, at: datetime, keep: str) -> bool:
    """Forget what was said in a call. False where that is no longer due, because a hold came in between.

    The recordings are locked before it is looked: a hold that is being put on one is waited for, and one that comes
    later finds the call forgotten (:func:`is_forgotten`).
    """
    _lock_with_recordings(connection, call_id)
    row = connection.execute(_forgettable(memories).where(call.c.id == call_id)).first()
    if row is None or not _is_over(row, at, keep):
        return False
    for memory in memories:
        if memory.forget is not None:
            memory.forget(connection, call_id)
    return True


def is_forgotten(connection: Connection, memories: Sequence[Memory], recording_id: str) -> bool:
    """Whether nothing is left of what was said in the call of a recording. Under a hold that changes no more."""
    of_call = (recording.c.id == recording_id, call.c.id == recording.c.call_id)
    gone = exists().where(*of_call, call.c.ended_at.is_not(None), ~or_(*_keeps(memories)))
    return bool(connection.execute(select(gone)).scalar())


def _lock_with_recordings(connection: Connection, call_id: str) -> None:
    connection.execute(select(call.c.id).where(call.c.id == call_id).with_for_update())
    of_call = select(recording.c.id).where(recording.c.call_id == call_id)
    stored = select(vault_recording.c.recording_id).where(vault_recording.c.recording_id.in_(of_call))
    connection.execute(stored.order_by(vault_recording.c.recording_id).with_for_update())


def _keeps(memories: Sequence[Memory]) -> list[ColumnElement[bool]]:
    return [memory.keeps for memory in memories if memory.keeps is not None]


def _find_calls(database: Database, memories: Sequence[Memory], at: datetime, keep: str) -> Iterator[str]:
    """In pages of all calls that are old enough: those that were forgotten long ago make no answer slow."""
    old = select(call.c.id, call.c.created_at).where(call.c.created_at <= at - _least(keep))
    old, last = old.order_by(call.c.created_at, call.c.id).limit(BATCH), None
    while True:
        newer = old if last is None else old.where(tuple_(call.c.created_at, call.c.id) > (last.created_at, last.id))
        with database.read() as connection:
            page = connection.execute(newer).all()
            due = _forgettable(memories).where(call.c.id.in_([row.id for row in page])).order_by(call.c.id)
            rows = connection.execute(due).all()
        yield from (row.id for row in rows if _is_over(row, at, keep))
        if len(page) < BATCH:
            return
        last = page[-1]


def _forgettable(memories: Sequence[Memory]) -> Select[Any]:
    """Calls that are over, of which something is left, and that nobody needs any more."""
    needs = [memory.needs for memory in memories if memory.needs is not None]
    over = select(call.c.id, call.c.ended_at).where(call.c.ended_at.is_not(None), or_(*_keeps(memories)))
    return over.where(*(~need for need in (*needs, *WORK_TO_DO)))


def _is_over(row: Row[Any], at: datetime, keep: str) -> bool:
    return retention_until(row.ended_at, keep) <= at


def _least(keep: str) -> timedelta:
    """No rule of this length is over sooner."""
    rule = parse_retention(keep)
    return SHORTEST_MONTH * rule.months + timedelta(days=rule.days)
