"""What clinicians write of a call: sealed like other words about a patient, and forgotten with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select

from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.cipher import name_row
from ivr.core.feature import Memory
from ivr.core.unit_of_work import Work
from ivr.oncall.tables import care_item, care_note

FIELD = "care_note"
LONGEST = 2000
"""Letters of one note."""
NOTE, MORE, OUTCOME = "note", "more", "outcome"


@dataclass(frozen=True, slots=True)
class Note:
    """One note, opened."""

    person: str
    kind: str
    words: str = field(repr=False)
    made_at: datetime


def write_note(work: Work, about: Row[Any], person_id: str, kind: str, words: str) -> None:
    """Keep a note of a call; an empty one is none."""
    words = words.strip()[:LONGEST]
    if not words:
        return
    note_id = work.services.ids()
    sealed = work.services.cipher.seal(about.practice_id, FIELD, name_row(care_note, note_id), words)
    work.connection.execute(
        insert(care_note).values(
            id=note_id,
            call_id=about.id,
            practice_id=about.practice_id,
            person_id=person_id,
            kind=kind,
            words_sealed=sealed,
            made_at=work.at,
        )
    )
    record(work, "note-written", about.id, person=person_id, note=kind)


def list_notes(work: Work, about: Row[Any]) -> list[Note]:
    """The notes of a call, the oldest first."""
    theirs = select(care_note).where(care_note.c.call_id == about.id, care_note.c.words_sealed.is_not(None))
    rows = work.connection.execute(theirs.order_by(care_note.c.made_at, care_note.c.id))
    return [Note(row.person_id, row.kind, _open(work, row), row.made_at) for row in rows]


def _open(work: Work, row: Row[Any]) -> str:
    return work.services.cipher.open(row.practice_id, FIELD, name_row(care_note, row.id), row.words_sealed)


def forget_notes(connection: Connection, call_id: str) -> None:
    """Forget what was written of a call."""
    connection.execute(delete(care_note).where(care_note.c.call_id == call_id))


MEMORY = Memory(
    keeps=exists().where(care_note.c.call_id == call.c.id),
    needs=exists().where(care_item.c.id == call.c.id, care_item.c.state != "done"),
    forget=forget_notes,
)
