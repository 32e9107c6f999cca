"""When a recording is destroyed: somebody asks for it, and neither a retention rule nor a legal hold forbids it.

``retention.py`` rules on that. The key goes first, so that from then on no copy can be opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from recordings_vault import custody, records, retention
from recordings_vault.custody import Action, Note
from recordings_vault.errors import DestructionRefused
from recordings_vault.means import Means
from recordings_vault.records import State, Stored
from recordings_vault.words import counted


def destroy(
    means: Means, recording_id: str, actor: str, at: datetime, reason: str, *, before_retention: bool
) -> Stored:
    """See ``Vault.destroy``. The key goes first: from the commit on, no copy of the object can be opened."""
    note = Note(at, actor, Action.DESTROYED, reason)
    with means.write() as connection:
        row = records.get(connection, recording_id, lock=True)
        ruling = retention.may_destroy(row, at, before_retention=before_retention)
        if row.state == State.STORED and ruling.allowed:
            _forget_key(connection, row, note)
        elif row.state == State.STORED:
            custody.append(connection, recording_id, Note(at, actor, Action.DESTROYED, reason, "refused"))
        after = records.get(connection, recording_id)
    if after.state == State.STORED:
        raise DestructionRefused(f"recording {recording_id}", ruling.reasons)
    remove_object(means, row.object_name)
    return after


def destroy_practice(
    means: Means, practice_id: str, actor: str, at: datetime, reason: str, *, before_retention: bool
) -> int:
    """See ``Vault.destroy_practice``."""
    rows = [row for row in _rows(means, practice_id) if row.state == State.STORED]
    kept = sum(not retention.may_destroy(row, at, before_retention=before_retention).allowed for row in rows)
    if kept:
        raise DestructionRefused(
            f"practice {practice_id}",
            (f"{counted(kept, 'recording is', 'recordings are')} under legal hold or retention",),
        )
    for row in rows:
        destroy(means, row.recording_id, actor, at, reason, before_retention=before_retention)
    means.keys.shred(practice_id, at=at)
    return len(rows)


def remove_object(means: Means, name: str) -> None:
    """Delete an object that no recording owns, and the row that says so."""
    means.store.delete(name)
    with means.write() as connection:
        records.forget_loose(connection, name)


def _forget_key(connection: Connection, row: Stored, note: Note) -> None:
    records.note_loose(connection, row.object_name, row.recording_id, note.at, doomed=True)
    gone = {"state": State.DESTROYED.value, "wrapped_key": None, "destroyed_at": note.at}
    records.change(connection, row.recording_id, **gone)
    custody.append(connection, row.recording_id, note)


def _rows(means: Means, practice_id: str) -> Iterator[Stored]:
    for recording_id in records.ids(means.read, practice_id):
        with means.read() as connection:
            yield records.get(connection, recording_id)
