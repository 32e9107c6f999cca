"""The custody record: for each recording a chain of entries, each hashed together with the one before it.

The head of the chain (its last number and hash) stands in the recording's own row, so that cutting off the end is
noticed as well. Entries are only ever added; the database itself refuses changes (``tables.install_guards``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from recordings_vault.tables import vault_custody, vault_recording
from recordings_vault.words import check_instant, check_note

START = "0" * 64
"""Stands for the hash before the first entry."""


class Action(StrEnum):
    """What was done, or tried: the outcome tells which."""

    STORED = "stored"
    VERIFIED = "verified"
    PLAYED = "played"
    READ_DENIED = "read_denied"
    HELD = "held"
    # The older word stays: entries are hashed, and those that were written with it must go on meaning this.
    HOLD_LIFTED = "released"
    DESTROYED = "destroyed"
    REWRAPPED = "rewrapped"


@dataclass(frozen=True, slots=True)
class Note:
    """What an entry says. ``actor``, ``purpose`` and ``detail`` are opaque: no names, no patient data."""

    at: datetime
    actor: str
    action: Action
    purpose: str
    outcome: str = "done"
    detail: str = "-"

    def __post_init__(self) -> None:
        check_instant(self.at, "at")
        for what in ("actor", "purpose", "outcome", "detail"):
            check_note(getattr(self, what), what)


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a recording's chain."""

    recording_id: str
    sequence: int
    at: datetime
    actor: str
    action: str
    purpose: str
    outcome: str
    detail: str
    previous_hash: str
    hash: str

    def expected_hash(self) -> str:
        """SHA-256 over everything else the entry says, as a JSON list in the order of the fields."""
        said: tuple[object, ...] = (self.recording_id, self.sequence, self.at.astimezone(UTC).isoformat(), self.actor)
        said += (self.action, self.purpose, self.outcome, self.detail, self.previous_hash)
        return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def append(connection: Connection, recording_id: str, note: Note) -> None:
    """Add an entry in the caller's write transaction. The recording's row is locked until it ends."""
    row = vault_recording.c
    query = select(row.custody_sequence, row.custody_hash).where(row.recording_id == recording_id).with_for_update()
    sequence, previous = connection.execute(query).one()
    said = asdict(note) | {"recording_id": recording_id, "sequence": sequence + 1, "previous_hash": previous}
    said |= {"action": note.action.value, "hash": ""}
    said["hash"] = Entry(**said).expected_hash()
    connection.execute(insert(vault_custody).values(said))
    head = {"custody_sequence": said["sequence"], "custody_hash": said["hash"]}
    connection.execute(update(vault_recording).where(row.recording_id == recording_id).values(head))


def entries(connection: Connection, recording_id: str) -> list[Entry]:
    """A recording's entries, oldest first."""
    table = vault_custody
    query = select(table).where(table.c.recording_id == recording_id).order_by(table.c.sequence)
    return [Entry(**row._mapping) for row in connection.execute(query)]


def content_detail(sha256: str, length: int) -> str:
    """What the first entry says about the content, so that the chain vouches for the row."""
    return f"sha256={sha256} length={length}"


def break_in(chain: Sequence[Entry], head: tuple[int, str], content: str) -> str | None:
    """Where the chain is broken, in words, or None. ``head`` and ``content`` come from the recording's row."""
    previous = START
    for number, entry in enumerate(chain, 1):
        if (entry.sequence, entry.previous_hash, entry.hash) != (number, previous, entry.expected_hash()):
            return f"custody entry {number} is missing or was changed"
        previous = entry.hash
    if (len(chain), previous) != head:
        return "the end of the custody record is missing or was changed"
    if not chain or (chain[0].action, chain[0].detail) != (Action.STORED, content):
        return "hash or length are not what was stored"
    return None
