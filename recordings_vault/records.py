"""The rows of recordings, and of objects that no recording owns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from recordings_vault.connections import Connect
from recordings_vault.encryption import Label
from recordings_vault.errors import RecordingDestroyed, UnknownRecording
from recordings_vault.keys import Wrapped
from recordings_vault.tables import vault_loose_object, vault_recording
from recordings_vault.words import check_id

_PAGE = 500


class State(StrEnum):
    """A recording is in the vault once it is verified; before that there is no row."""

    STORED = "stored"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Stored:
    """A recording's row. ``length`` is in bytes, ``sha256`` in hex, both of the recording as it came."""

    recording_id: str
    practice_id: str
    state: str
    stored_at: datetime
    length: int
    duration_seconds: float
    channels: int
    media_type: str
    sha256: str
    object_name: str
    wrapped_key: bytes | None = field(repr=False)
    key_id: str
    retention_until: datetime | None
    legal_hold: bool
    destroyed_at: datetime | None
    custody_sequence: int
    custody_hash: str

    @property
    def label(self) -> Label:
        return Label(self.recording_id, self.practice_id)

    @property
    def wrapped(self) -> Wrapped:
        """The recording's wrapped key. Raises RecordingDestroyed when it is gone."""
        if self.wrapped_key is None:
            raise RecordingDestroyed(f"recording {self.recording_id}: it was destroyed; its custody record remains")
        return Wrapped(self.key_id, self.wrapped_key)


def find(connection: Connection, recording_id: str, *, lock: bool = False) -> Stored | None:
    """The row, or None. ``lock`` keeps others from changing it until the transaction ends."""
    query = select(vault_recording).where(vault_recording.c.recording_id == check_id(recording_id, "recording_id"))
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Stored(**row._mapping)


def get(connection: Connection, recording_id: str, *, lock: bool = False) -> Stored:
    """The row. Raises UnknownRecording."""
    row = find(connection, recording_id, lock=lock)
    if row is None:
        raise UnknownRecording(f"recording {recording_id}: not in this vault; check the id")
    return row


def add(connection: Connection, row: Stored) -> None:
    """Insert a new row. Raises IntegrityError when the id is in use."""
    values = {column.name: getattr(row, column.name) for column in vault_recording.columns}
    connection.execute(insert(vault_recording).values(values))


def change(connection: Connection, recording_id: str, **values: Any) -> None:
    """Set columns of a row."""
    connection.execute(update(vault_recording).where(vault_recording.c.recording_id == recording_id).values(values))


def ids(read: Connect, practice_id: str | None = None, *, not_by: str | None = None) -> Iterator[str]:
    """The ids of all recordings, or of one practice's, page by page, holding no connection between pages.

    ``not_by``: only of those that are not destroyed and whose key another key wraps than this one.
    """
    row, last = vault_recording.c, ""
    while True:
        query = select(row.recording_id).where(row.recording_id > last).order_by(row.recording_id).limit(_PAGE)
        if practice_id is not None:
            query = query.where(row.practice_id == practice_id)
        if not_by is not None:
            query = query.where(row.wrapped_key.is_not(None), row.key_id != not_by)
        with read() as connection:
            page = connection.scalars(query).all()
        if not page:
            return
        yield from page
        last = page[-1]


def note_loose(connection: Connection, name: str, recording_id: str, at: datetime, *, doomed: bool) -> None:
    """Say that an object is about to be written, or (``doomed``) to be deleted."""
    values = {"object_name": name, "recording_id": recording_id, "since": at, "doomed": doomed}
    connection.execute(insert(vault_loose_object).values(values))


def adopt(connection: Connection, name: str) -> bool:
    """Take an object out of the loose ones. False when it was doomed meanwhile."""
    loose = vault_loose_object.c
    mine = (loose.object_name == name) & ~loose.doomed
    return connection.execute(delete(vault_loose_object).where(mine)).rowcount == 1


def doom(connection: Connection, before: datetime) -> list[str]:
    """Condemn what has been loose since before an instant; names of all condemned objects."""
    loose = vault_loose_object.c
    # What an ingest takes out of the loose ones just now, or another sweep condemns, is passed over.
    old = select(loose.object_name).where(loose.since < before).with_for_update(skip_locked=True).correlate(None)
    connection.execute(update(vault_loose_object).where(loose.object_name.in_(old)).values(doomed=True))
    return list(connection.scalars(select(loose.object_name).where(loose.doomed)).all())


def forget_loose(connection: Connection, name: str) -> None:
    """An object is gone from the store."""
    connection.execute(delete(vault_loose_object).where(vault_loose_object.c.object_name == name))


def owned(connection: Connection, name: str) -> bool:
    """Whether a recording that is not destroyed, or a loose object's row, names this object."""
    stored = (vault_recording.c.object_name == name) & vault_recording.c.wrapped_key.is_not(None)
    loose = vault_loose_object.c.object_name == name
    return bool(connection.scalar(select(exists().where(stored) | exists().where(loose))))
