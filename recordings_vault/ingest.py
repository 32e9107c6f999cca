"""Taking a recording in: sealed while it arrives, read back and checked, and only then called stored.

No plaintext touches a disk, and no transaction is open while bytes flow. Before the object exists a row says that
it is coming (``vault_loose_object``); the transaction that makes the recording takes the row away. Whatever is
interrupted leaves an object with a row, and ``Vault.sweep`` removes both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from recordings_vault import custody, records, retention
from recordings_vault.blocks import Block
from recordings_vault.custody import Action, Note
from recordings_vault.digest import Digest, Fingerprint
from recordings_vault.encryption import Label, new_key, seal
from recordings_vault.errors import (
    BadValue,
    IncompleteRecording,
    RecordingConflict,
    RecordingDestroyed,
    VaultError,
)
from recordings_vault.keys import Wrapped, demand_key
from recordings_vault.means import Means
from recordings_vault.reading import check_size, contents, examine, tampered
from recordings_vault.records import State, Stored
from recordings_vault.words import check_id, check_instant, check_media_type, check_note, counted


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a recording before its bytes come. ``expected_length`` is in bytes, ``keep`` a retention
    rule such as ``7y``. Raises BadValue."""

    recording_id: str
    practice_id: str
    expected_length: int | None
    media_type: str
    duration_seconds: float
    channels: int
    actor: str
    at: datetime
    keep: str | None

    def __post_init__(self) -> None:
        check_id(self.recording_id, "recording_id")
        check_id(self.practice_id, "practice_id")
        check_media_type(self.media_type)
        check_note(self.actor, "actor")
        check_instant(self.at, "at")
        if self.duration_seconds < 0 or self.channels < 1:
            raise BadValue("duration_seconds: give 0 or more; channels: give 1 or more")
        if self.keep is not None:
            retention.parse_retention(self.keep)

    @property
    def label(self) -> Label:
        return Label(self.recording_id, self.practice_id)


def ingest(means: Means, arrival: Arrival, chunks: Iterable[Block]) -> Stored:
    """See ``Vault.ingest``."""
    with means.read() as connection:
        present = records.find(connection, arrival.recording_id)
    if present is not None:
        return _again(means, arrival, present)
    name = means.new_name()
    with means.write() as connection:
        records.note_loose(connection, name, arrival.recording_id, arrival.at, doomed=False)
    try:
        row = _sealed(means, arrival, name, chunks)
    except BaseException:
        _discard(means, name)
        raise
    return _settled(means, arrival, row)


def _sealed(means: Means, arrival: Arrival, name: str, chunks: Iterable[Block]) -> Stored:
    """Write the object, then read it back with the key as it was wrapped: only what came makes a row."""
    key = new_key()
    wrapped = means.keys.wrap(arrival.label, key)
    source = _Source(chunks)
    _put(means, name, source, seal(source, key, arrival.label))
    if arrival.expected_length not in (None, source.length):
        raise IncompleteRecording(
            f"recording {arrival.recording_id}: {counted(source.length, 'byte', 'bytes')} came, "
            f"{arrival.expected_length} were announced; fetch it again"
        )
    return _read_back(means, _row(arrival, name, source.length, wrapped), source)


def _put(means: Means, name: str, source: _Source, frames: Iterable[Block]) -> None:
    try:
        means.store.put(name, frames)
    except Exception:
        if source.error is not None:
            # A source that fails while the store writes is the source's failure, not the store's.
            raise source.error from None
        raise


def _read_back(means: Means, row: Stored, source: _Source) -> Stored:
    """The row with the SHA-256 of what is in the store, once that proved to be what came."""
    check_size(means, row)
    stored = source.like()
    with Digest() as digest:
        for block in contents(means, row):
            stored.update(block)
            digest.update(block)
        if stored.value() != source.fingerprint.value():
            raise tampered(row, "what was read back is not what came")
        return replace(row, sha256=digest.hexdigest())


class _Source:
    """The bytes as they come: their fingerprint and length, and how their coming failed."""

    def __init__(self, chunks: Iterable[Block]) -> None:
        self._chunks, self._key = chunks, new_key()
        self.fingerprint = self.like()
        self.error: Exception | None = None

    @property
    def length(self) -> int:
        return self.fingerprint.length

    def like(self) -> Fingerprint:
        """An empty fingerprint that can be compared with this one."""
        return Fingerprint(self._key)

    def __iter__(self) -> Iterator[Block]:
        try:
            for chunk in self._chunks:
                self.fingerprint.update(chunk)
                yield chunk
        except Exception as error:
            self.error = error
            raise


def _row(arrival: Arrival, name: str, length: int, wrapped: Wrapped) -> Stored:
    return Stored(
        recording_id=arrival.recording_id,
        practice_id=arrival.practice_id,
        state=State.STORED.value,
        stored_at=arrival.at,
        length=length,
        duration_seconds=arrival.duration_seconds,
        channels=arrival.channels,
        media_type=arrival.media_type,
        sha256="",
        object_name=name,
        wrapped_key=wrapped.blob,
        key_id=wrapped.key_id,
        retention_until=retention.retention_until(arrival.at, arrival.keep) if arrival.keep else None,
        legal_hold=False,
        destroyed_at=None,
        custody_sequence=0,
        custody_hash=custody.START,
    )


def _settled(means: Means, arrival: Arrival, row: Stored) -> Stored:
    """Make the row and its first custody entry, unless another ingest of the same id was first."""
    try:
        return _commit(means, arrival, row)
    except IntegrityError:
        with means.read() as connection:
            winner = records.find(connection, arrival.recording_id)
        if winner is None:
            raise
    except VaultError:
        _discard(means, row.object_name)
        raise
    _discard(means, row.object_name)
    if winner.sha256 != row.sha256:
        raise _conflict(arrival)
    return _again(means, arrival, winner)


def _commit(means: Means, arrival: Arrival, row: Stored) -> Stored:
    stored = Note(
        arrival.at, arrival.actor, Action.STORED, "ingest", detail=custody.content_detail(row.sha256, row.length)
    )
    with means.write() as connection:
        demand_key(connection, row.practice_id, row.key_id)
        if not records.adopt(connection, row.object_name):
            raise IncompleteRecording(f"recording {row.recording_id}: it took too long and was swept; fetch it again")
        records.add(connection, row)
        custody.append(connection, row.recording_id, stored)
        return records.get(connection, row.recording_id)


def _again(means: Means, arrival: Arrival, present: Stored) -> Stored:
    """A second ingest of an id: check what is stored instead of storing it again."""
    if present.state == State.DESTROYED:
        raise RecordingDestroyed(f"recording {present.recording_id}: it was destroyed and stays so; use a new id")
    if present.practice_id != arrival.practice_id or arrival.expected_length not in (None, present.length):
        raise _conflict(arrival)
    outcome = "sound"
    try:
        examine(means, present)
    except VaultError as found:
        outcome = found.outcome
        raise
    finally:
        note = Note(arrival.at, arrival.actor, Action.VERIFIED, "ingest repeated", outcome)
        with means.write() as connection:
            custody.append(connection, present.recording_id, note)
    return present


def _conflict(arrival: Arrival) -> RecordingConflict:
    return RecordingConflict(f"recording {arrival.recording_id}: the id holds another recording; use a new id")


def _discard(means: Means, name: str) -> None:
    """Remove what an interrupted ingest wrote. What cannot be removed now keeps its row, for the sweep."""
    with suppress(VaultError, SQLAlchemyError, OSError):
        means.store.delete(name)
        with means.write() as connection:
            records.forget_loose(connection, name)
