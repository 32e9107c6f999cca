"""Playing a recording: checked and put on the record before the first byte leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from recordings_vault import custody, records
from recordings_vault.custody import Action, Note
from recordings_vault.errors import AccessRefused, BadValue, RecordingDestroyed, VaultError
from recordings_vault.means import Means
from recordings_vault.reading import check_content, check_frames, check_record, check_size, contents
from recordings_vault.records import Stored
from recordings_vault.words import counted


@dataclass(frozen=True, slots=True)
class Listener:
    """Who asks for a recording, why and when. ``practice_id`` is the practice they act for, if that is known."""

    actor: str
    purpose: str
    at: datetime
    practice_id: str | None

    def __post_init__(self) -> None:
        Note(self.at, self.actor, Action.PLAYED, self.purpose)


@dataclass(frozen=True, slots=True)
class Playback:
    """A recording, or a part of one, on its way out. All lengths are in bytes.

    ``chunks`` gives exactly ``length`` bytes, or raises TamperedRecording (and puts it on the record) at the first
    frame that is not what was stored; what it gave until then was authentic.
    """

    recording_id: str
    media_type: str
    length: int
    start: int
    whole_length: int
    chunks: Iterator[bytes]


def play(means: Means, recording_id: str, listener: Listener, start: int, end: int | None) -> Playback:
    """See ``Vault.open``."""
    with means.read() as connection:
        row = records.get(connection, recording_id)
    start, end = span(row, start, end)
    try:
        _admit(row, listener)
        _check(means, row, whole=end - start == row.length)
        pieces = contents(means, row, start, end)
        first = next(pieces, b"")
        _put_on_record(means, row, listener, f"bytes={start}-{end}")
    except VaultError as refusal:
        deny(means, row, listener, refusal)
        raise
    body = _watched(means, row, listener, chain((first,), pieces))
    return Playback(recording_id, row.media_type, end - start, start, row.length, body)


def span(row: Stored, start: int, end: int | None) -> tuple[int, int]:
    """The part asked for, cut to the recording. Raises BadValue when it begins outside or ends before it begins."""
    stop = row.length if end is None else min(end, row.length)
    if not 0 <= start <= stop:
        all_of_it = counted(row.length, "byte", "bytes")
        raise BadValue(f"range: it must begin at 0 or later and lie within the {all_of_it} of the recording")
    return start, stop


def deny(means: Means, row: Stored, listener: Listener, refusal: VaultError) -> None:
    """Put a refused read on the record."""
    note = Note(listener.at, listener.actor, Action.READ_DENIED, listener.purpose, refusal.outcome)
    with means.write() as connection:
        custody.append(connection, row.recording_id, note)


def _admit(row: Stored, listener: Listener) -> None:
    if listener.practice_id not in (None, row.practice_id):
        raise AccessRefused(f"recording {row.recording_id}: it is not of practice {listener.practice_id}")
    if row.wrapped_key is None:
        raise RecordingDestroyed(f"recording {row.recording_id}: it was destroyed; its custody record remains")


def _check(means: Means, row: Stored, *, whole: bool) -> None:
    """Where reading is cheap nothing is played of a recording any part of which was changed; elsewhere each frame
    is checked as it comes."""
    check_record(means, row)
    check_size(means, row)
    if means.store.quick:
        (check_content if whole else check_frames)(means, row)


def _put_on_record(means: Means, row: Stored, listener: Listener, detail: str) -> None:
    with means.write() as connection:
        _admit(records.get(connection, row.recording_id, lock=True), listener)
        note = Note(listener.at, listener.actor, Action.PLAYED, listener.purpose, "allowed", detail)
        custody.append(connection, row.recording_id, note)


def _watched(means: Means, row: Stored, listener: Listener, pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except VaultError as refusal:
        deny(means, row, listener, refusal)
        raise
