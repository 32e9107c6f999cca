"""Recordings as pages show them, from the wish to record to their custody in the vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from ivr.calls.tables import call
from ivr.recordings.tables import recording
from recordings_vault.tables import vault_recording

PAGE = 50
_WITH_PLACE = select(recording, call.c.location_id).join(call, call.c.id == recording.c.call_id, isouter=True)


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording, the location that its call was for, and, once it is in the vault, its row there."""

    recording: Row[Any]
    location_id: str | None
    vault: Row[Any] | None

    @property
    def playable(self) -> bool:
        """Return whether there is something to play."""
        return self.vault is not None and self.vault.wrapped_key is not None


@dataclass(frozen=True, slots=True)
class RecordingPage:
    """Up to 50 recordings; ``older`` is the id to go on from, None on the last page."""

    recordings: tuple[Kept, ...]
    older: str | None


def find_recording(connection: Connection, recording_id: str) -> Kept | None:
    """Return a recording."""
    row = connection.execute(_WITH_PLACE.where(recording.c.id == recording_id)).first()
    return None if row is None else Kept(row, row.location_id, _in_vault(connection, [recording_id]).get(recording_id))


def read_page(connection: Connection, before: Kept | None = None) -> RecordingPage:
    """Return the newest recordings, or those older than ``before``."""
    newest = _WITH_PLACE.order_by(recording.c.wanted_at.desc(), recording.c.id.desc()).limit(PAGE + 1)
    if before is not None:
        last = (before.recording.wanted_at, before.recording.id)
        newest = newest.where(tuple_(recording.c.wanted_at, recording.c.id) < last)
    rows = connection.execute(newest).all()
    shown = rows[:PAGE]
    vault = _in_vault(connection, [row.id for row in shown])
    kept = tuple(Kept(row, row.location_id, vault.get(row.id)) for row in shown)
    return RecordingPage(kept, shown[-1].id if len(rows) > PAGE else None)


def read_states(connection: Connection, ids: Sequence[str]) -> Mapping[str, str]:
    """Return the state of each recording that exists among ``ids``."""
    known = select(recording.c.id, recording.c.state).where(recording.c.id.in_(ids))
    return {row.id: row.state for row in connection.execute(known)}


def _in_vault(connection: Connection, ids: list[str]) -> dict[str, Row[Any]]:
    stored = select(vault_recording).where(vault_recording.c.recording_id.in_(ids))
    return {row.recording_id: row for row in connection.execute(stored)}
