"""The vault: the one door to recordings."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from recordings_vault import custody, destruction, ingest, playback, reading, records, upkeep
from recordings_vault.blocks import Block
from recordings_vault.connections import Connect
from recordings_vault.custody import Entry
from recordings_vault.errors import VaultError
from recordings_vault.ingest import Arrival
from recordings_vault.keys import KeyRing
from recordings_vault.means import Means
from recordings_vault.playback import Listener, Playback
from recordings_vault.records import Stored
from recordings_vault.store import Store
from recordings_vault.upkeep import Finding
from recordings_vault.wav import HEAD, Wav, parse_wav

DAY = timedelta(days=1)


def _new_name() -> str:
    return secrets.token_hex(16)


class Vault:
    """Custody of recordings. Safe to use from many threads and processes at once.

    ``write`` and ``read`` open short transactions of their own and are never open while bytes flow. Every method
    raises UnknownRecording for an id that was never stored, and writes no custody entry for it.
    """

    def __init__(
        self, *, write: Connect, read: Connect, store: Store, keys: KeyRing, new_name: Callable[[], str] = _new_name
    ) -> None:
        self._means = Means(write, read, store, keys, new_name)

    def ingest(
        self,
        *,
        recording_id: str,
        practice_id: str,
        chunks: Iterable[Block],
        expected_length: int | None,
        media_type: str,
        duration_seconds: float,
        channels: int,
        actor: str,
        at: datetime,
        keep: str | None = None,
    ) -> Stored:
        """Take a recording in and give its row once it is encrypted, durable, read back and checked.

        ``keep`` is a retention rule such as ``7y``, counted from ``at``. A second ingest of a stored id leaves
        ``chunks`` alone, checks what is stored and gives its row. After any failure, also of ``chunks``, nothing is
        stored and the same call may be made again. Raises IncompleteRecording, RecordingConflict,
        RecordingDestroyed, KeyMissing, StoreError, and what ``chunks`` raises.
        """
        arrival = Arrival(
            recording_id, practice_id, expected_length, media_type, duration_seconds, channels, actor, at, keep
        )
        return ingest.ingest(self._means, arrival, chunks)

    def open(
        self,
        recording_id: str,
        *,
        actor: str,
        purpose: str,
        at: datetime,
        start: int = 0,
        end: int | None = None,
        practice_id: str | None = None,
    ) -> Playback:
        """Bytes ``start`` up to ``end`` of a recording; the custody entry is committed before the first one.

        Refuses, with an entry, when the custody chain, the size or the content is not what was stored (on local
        storage all of the content, elsewhere frame by frame as it is read), when it was destroyed, and when
        ``practice_id`` is given and is not the recording's own. Whole recordings on local storage are also held
        against their SHA-256. Raises TamperedRecording, RecordingDestroyed, AccessRefused, KeyMissing, KeyRefused,
        StoreError.
        """
        listener = Listener(actor, purpose, at, practice_id)
        return playback.play(self._means, recording_id, listener, start, end)

    def open_seconds(
        self,
        recording_id: str,
        *,
        since: float,
        until: float,
        actor: str,
        purpose: str,
        at: datetime,
        practice_id: str | None = None,
    ) -> Playback:
        """From second ``since`` up to second ``until`` of a WAV recording, as a WAV file of its own.

        Otherwise as :meth:`open`; ``start`` of the result is the first byte of sound in the recording. Raises
        BadValue for what is not a WAV file with a fixed number of bytes a second.
        """
        listener = Listener(actor, purpose, at, practice_id)
        wav = self._wav(recording_id, listener)
        start, end = wav.span(since, until)
        played = playback.play(self._means, recording_id, listener, start, end)
        header = wav.header(played.length)
        return replace(played, length=len(header) + played.length, chunks=chain((header,), played.chunks))

    def verify(self, recording_id: str, *, actor: str, at: datetime) -> Finding:
        """Check custody chain, size, every frame and SHA-256; the finding is put on the record."""
        return upkeep.verify(self._means, recording_id, actor, at)

    def verify_all(self, *, actor: str, at: datetime) -> Iterator[Finding]:
        """Verify every recording, as the result is read."""
        return upkeep.verify_all(self._means, actor, at)

    def strays(self) -> Iterator[str]:
        """Names of objects in the store that belong to nothing; there should be none."""
        return upkeep.strays(self._means)

    def find(self, recording_id: str) -> Stored | None:
        """The row of a recording, or None. Not an access to its content: nothing is put on the record."""
        with self._means.read() as connection:
            return records.find(connection, recording_id)

    def custody(self, recording_id: str) -> list[Entry]:
        """The custody record of a recording, oldest first."""
        with self._means.read() as connection:
            records.get(connection, recording_id)
            return custody.entries(connection, recording_id)

    def hold(self, recording_id: str, *, actor: str, purpose: str, at: datetime) -> Stored:
        """Put under legal hold: it cannot be destroyed until the hold is lifted."""
        return upkeep.set_hold(self._means, recording_id, actor, purpose, at, held=True)

    def lift_hold(self, recording_id: str, *, actor: str, purpose: str, at: datetime) -> Stored:
        """Lift a legal hold."""
        return upkeep.set_hold(self._means, recording_id, actor, purpose, at, held=False)

    def destroy(
        self, recording_id: str, *, actor: str, at: datetime, reason: str, before_retention: bool = False
    ) -> Stored:
        """Forget a recording's key and delete its object; row and custody record remain.

        Raises DestructionRefused, with an entry, under legal hold, and before the retention rule allows it unless
        ``before_retention``. Calling it again finishes what a crash or a failing store left undone.
        """
        return destruction.destroy(self._means, recording_id, actor, at, reason, before_retention=before_retention)

    def destroy_practice(
        self, practice_id: str, *, actor: str, at: datetime, reason: str, before_retention: bool = False
    ) -> int:
        """Destroy every recording of a practice, then its keys; how many recordings. All or none is refused."""
        return destruction.destroy_practice(
            self._means, practice_id, actor, at, reason, before_retention=before_retention
        )

    def rewrap(self, recording_id: str, *, actor: str, at: datetime) -> bool:
        """After a key rotation: wrap a recording's key by the present key. The object is not touched."""
        return upkeep.rewrap(self._means, recording_id, actor, at)

    def rotate(self, practice_id: str, *, at: datetime) -> str:
        """Make a fresh key for a practice, which wraps from now on, and give its id. What is stored opens as before."""
        return self._means.keys.rotate(practice_id, at=at)

    def older_keys(self, practice_id: str) -> tuple[str, ...]:
        """The ids of the keys of a practice before the present one."""
        return self._means.keys.key_ids(practice_id)[:-1]

    def retire(self, practice_id: str, key_id: str, *, at: datetime) -> None:
        """Forget an older key, for good. Raises KeyRefused while a recording still needs it."""
        self._means.keys.retire(practice_id, key_id, at=at)

    def rewrap_each(self, practice_id: str, *, actor: str, at: datetime) -> Iterator[Finding]:
        """Rewrap every recording of a practice that needs it, as the result is read; what its key cannot be unwrapped
        from is told of and left. It may be stopped and begun again at any point. Afterwards the old key can be retired.
        """
        return upkeep.rewrap_each(self._means, practice_id, actor, at)

    def try_keys(self, practice_id: str, *, only_behind: bool = False) -> Iterator[Finding]:
        """Whether the key of each recording that has one unwraps, as the result is read. Nothing is changed.

        ``only_behind``: of those whose keys the present key of the practice does not wrap yet.
        """
        return upkeep.try_keys(self._means, practice_id, only_behind=only_behind)

    def behind(self, practice_id: str) -> Iterator[str]:
        """The recordings of a practice whose keys its present key does not wrap yet."""
        return upkeep.behind(self._means, practice_id)

    def sweep(self, *, at: datetime, older_than: timedelta = DAY) -> int:
        """Remove what interrupted ingests and destructions left in the store; how many objects.

        An ingest under way for longer than ``older_than`` is given up.
        """
        return upkeep.sweep(self._means, at - older_than)

    def _wav(self, recording_id: str, listener: Listener) -> Wav:
        with self._means.read() as connection:
            row = records.get(connection, recording_id)
        try:
            head = b"".join(reading.contents(self._means, row, 0, min(HEAD, row.length)))
        except VaultError as refusal:
            playback.deny(self._means, row, listener, refusal)
            raise
        return parse_wav(head, row.length)
