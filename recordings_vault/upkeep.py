"""Verifying, holding, rewrapping and sweeping stored recordings. Each act is on the custody record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from recordings_vault import custody, records
from recordings_vault.custody import Action, Note
from recordings_vault.destruction import remove_object
from recordings_vault.errors import KeyRefused, RecordingDestroyed, VaultError
from recordings_vault.keys import demand_key
from recordings_vault.means import Means
from recordings_vault.reading import check_record, examine
from recordings_vault.records import State, Stored


@dataclass(frozen=True, slots=True)
class Finding:
    """What a verification found: ``sound``, ``destroyed`` (and rightly gone), or what is wrong: ``tampered``,
    ``missing``, ``key_missing``, ``key_refused``, ``store_failed``."""

    recording_id: str
    outcome: str

    @property
    def sound(self) -> bool:
        return self.outcome in ("sound", "destroyed")


def verify(means: Means, recording_id: str, actor: str, at: datetime) -> Finding:
    """Check a recording from end to end and put the finding on the record."""
    with means.read() as connection:
        row = records.get(connection, recording_id)
    outcome = _outcome(means, row)
    with means.read() as connection:
        present = records.get(connection, recording_id)
    # What is destroyed while it is looked at is not lost.
    finding = Finding(recording_id, outcome if present.state == row.state else _outcome(means, present))
    _append(means, recording_id, Note(at, actor, Action.VERIFIED, "verification", finding.outcome))
    return finding


def verify_all(means: Means, actor: str, at: datetime) -> Iterator[Finding]:
    """Verify every recording, one after the other."""
    for recording_id in records.ids(means.read):
        yield verify(means, recording_id, actor, at)


def strays(means: Means) -> Iterator[str]:
    """Objects in the store that no row names: nothing of ours puts them there."""
    for name in means.store.names():
        with means.read() as connection:
            known = records.owned(connection, name)
        if not known:
            yield name


def set_hold(means: Means, recording_id: str, actor: str, purpose: str, at: datetime, *, held: bool) -> Stored:
    """Put a recording under legal hold, or take it off."""
    action = Action.HELD if held else Action.HOLD_LIFTED
    with means.write() as connection:
        records.get(connection, recording_id, lock=True)
        records.change(connection, recording_id, legal_hold=held)
        custody.append(connection, recording_id, Note(at, actor, action, purpose))
        return records.get(connection, recording_id)


def rewrap(means: Means, recording_id: str, actor: str, at: datetime) -> bool:
    """Wrap a recording's key by its practice's present key. False when it is so already."""
    with means.read() as connection:
        row = records.get(connection, recording_id)
    if row.key_id == means.keys.key_ids(row.practice_id)[-1] or row.wrapped_key is None:
        return False
    wrapped = means.keys.wrap(row.label, means.keys.unwrap(row.label, row.wrapped))
    with means.write() as connection:
        demand_key(connection, row.practice_id, wrapped.key_id)
        present = records.get(connection, recording_id, lock=True)
        if present.wrapped_key != row.wrapped_key:
            return False
        records.change(connection, recording_id, wrapped_key=wrapped.blob, key_id=wrapped.key_id)
        note = Note(at, actor, Action.REWRAPPED, "key rotation", detail=f"key={wrapped.key_id}")
        custody.append(connection, recording_id, note)
    return True


def rewrap_each(means: Means, practice_id: str, actor: str, at: datetime) -> Iterator[Finding]:
    """Rewrap every recording of a practice that an older key wraps, as the result is read, and tell of each."""
    for recording_id in behind(means, practice_id):
        try:
            changed = rewrap(means, recording_id, actor, at)
        except (KeyRefused, RecordingDestroyed) as found:
            yield Finding(recording_id, found.outcome)
        else:
            if changed:
                yield Finding(recording_id, "sound")


def try_keys(means: Means, practice_id: str, *, only_behind: bool) -> Iterator[Finding]:
    """Unwrap the key of every recording of a practice that has one, as the result is read, and tell of each."""
    chosen = behind(means, practice_id) if only_behind else records.ids(means.read, practice_id, not_by="")
    for recording_id in chosen:
        with means.read() as connection:
            row = records.get(connection, recording_id)
        try:
            means.keys.unwrap(row.label, row.wrapped)
        except (KeyRefused, RecordingDestroyed) as found:
            yield Finding(recording_id, found.outcome)
        else:
            yield Finding(recording_id, "sound")


def behind(means: Means, practice_id: str) -> Iterator[str]:
    """The recordings of a practice that an older key wraps than the present one."""
    return records.ids(means.read, practice_id, not_by=means.keys.key_ids(practice_id)[-1])


def sweep(means: Means, before: datetime) -> int:
    """Remove objects that have belonged to no recording since before an instant; how many rows were cleared."""
    with means.write() as connection:
        names = records.doom(connection, before)
    for name in names:
        remove_object(means, name)
    return len(names)


def _outcome(means: Means, row: Stored) -> str:
    try:
        if row.state == State.STORED:
            examine(means, row)
            return "sound"
        check_record(means, row)
    except VaultError as found:
        return found.outcome
    return "destroyed"


def _append(means: Means, recording_id: str, note: Note) -> None:
    with means.write() as connection:
        custody.append(connection, recording_id, note)
