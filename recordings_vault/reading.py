"""Reading a stored recording, and deciding whether it is still what was stored."""

from __future__ import annotations

from collections.abc import Iterator

from recordings_vault import custody
from recordings_vault.digest import Digest
from recordings_vault.encryption import sealed_size, unseal
from recordings_vault.errors import TamperedRecording
from recordings_vault.means import Means
from recordings_vault.records import Stored


def contents(means: Means, row: Stored, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Bytes ``start`` up to ``end``. Raises TamperedRecording before any byte of a changed frame."""
    key = means.keys.unwrap(row.label, row.wrapped)
    return unseal(lambda low, high: means.store.get(row.object_name, low, high), key, row.label, row.length, start, end)


def check_record(means: Means, row: Stored) -> None:
    """Raise TamperedRecording when the custody chain, or what the row says of the content, was changed."""
    with means.read() as connection:
        chain = custody.entries(connection, row.recording_id)
    # Entries may have been added since the row was read; they are judged against the row that came with them.
    chain = chain if len(chain) < row.custody_sequence else chain[: row.custody_sequence]
    head = (row.custody_sequence, row.custody_hash)
    found = custody.break_in(chain, head, custody.content_detail(row.sha256, row.length))
    if found:
        raise tampered(row, found)


def check_size(means: Means, row: Stored) -> None:
    """Raise TamperedRecording when the object grew or shrank, ObjectMissing when it is not there."""
    if means.store.size(row.object_name) != sealed_size(row.length):
        raise tampered(row, "the object has another size")


def check_frames(means: Means, row: Stored) -> None:
    """Raise TamperedRecording unless every frame authenticates. About a millisecond for 8 MB on local storage."""
    for _ in contents(means, row):
        pass


def check_content(means: Means, row: Stored) -> None:
    """Raise TamperedRecording unless every frame authenticates and the whole has its SHA-256."""
    with Digest() as digest:
        digest.of(contents(means, row))
        if (digest.length, digest.hexdigest()) != (row.length, row.sha256):
            raise tampered(row, "its SHA-256 or length is another")


def examine(means: Means, row: Stored) -> None:
    """Everything: custody chain, size, every frame, SHA-256."""
    check_record(means, row)
    check_size(means, row)
    check_content(means, row)


def tampered(row: Stored, finding: str) -> TamperedRecording:
    """The finding as an error that names the recording and the mend."""
    return TamperedRecording(f"recording {row.recording_id}: {finding}; investigate, then restore from a backup")
