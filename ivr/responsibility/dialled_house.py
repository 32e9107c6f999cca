"""The house to which a caller who stayed on the line was put through: their talk is in no conference of ours.

It is contact as any talk is: by how long they were together, from the key that was pressed there until that line is
over. Twilio tells the length of the call to the house, or the caller's line ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from callflows.vocabulary import DialHouse
from ivr.callbacks import attempts
from ivr.calls import legs, talks
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.oncall.joining import HOUSE_TAKEN
from ivr.responsibility import house
from ivr.responsibility.facts import HOUSE

ASKED = "house-asked"
"""The event of somebody who picked up at the house and is asked for the key."""


def note_asked(work: Work, leg_id: str) -> None:
    """Note that somebody picked up at the house, to which a leg was put through."""
    _note(work, legs.lock(work, leg_id), ASKED)


def note_taken(work: Work, leg_id: str) -> None:
    """Note that they pressed the key, by which both are connected."""
    _note(work, legs.lock(work, leg_id), HOUSE_TAKEN)


def note_dial_over(work: Work, leg_id: str, step: int, seconds: int | None) -> None:
    """Note that a Dial has ended, whose call to the house was ``seconds`` long from when it was picked up."""
    row = legs.lock(work, leg_id)
    if row.step != step or seconds is None:
        return
    asked, taken = _find(work, row, ASKED), _find(work, row, HOUSE_TAKEN)
    if asked is not None and taken is not None:
        _settle(work, row, timedelta(seconds=seconds) - (taken - asked))


def note_leg_over(work: Work, row: Row[Any]) -> None:
    """Note that a caller's line is over. The end of the Dial, which has the length, may be told only after that."""
    taken = _find(work, row, HOUSE_TAKEN)
    if taken is not None:
        _settle(work, row, work.at - taken)


def _note(work: Work, row: Row[Any], what: str) -> None:
    if row.pending_kind == DialHouse.__name__ and _find(work, row, what) is None:
        record(work, what, row.call_id, leg=row.id, step=row.step)


def _find(work: Work, row: Row[Any], what: str) -> datetime | None:
    """When that happened in the Dial in which a leg is now; None where it did not, or the leg is in none."""
    if row.pending_kind != DialHouse.__name__:
        return None
    noted = select(event.c.at, event.c.data).where(event.c.call_id == row.call_id, event.c.kind == what)
    found = [one.at for one in work.connection.execute(noted) if one.data == {"leg": row.id, "step": row.step}]
    return found[0] if found else None


def _settle(work: Work, row: Row[Any], together: timedelta) -> None:
    """Note contact, where both were together for long enough: what was owed is kept, and nobody else is paged."""
    if together < talks.TALKED_AFTER or talks.has_talked_with(work, row, HOUSE):
        return
    record(work, "talked", row.call_id, leg=row.id, role=HOUSE)
    attempts.keep_all(work, row.call_id, HOUSE)
    house.stop_paging(work, row.call_id)
    work.touched.add(row.call_id)
