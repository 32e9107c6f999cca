"""The house to which a caller who stayed on the line was put through: their talk is in no conference of ours.

It is contact as any talk is: by how long they were together, from the key that was pressed there until that line is
over. Twilio tells the length of the call to the house, or that of the caller's own. Where it tells neither, there was
no contact as far as we know, and somebody goes on looking after the patient.
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

ASKED, TOLD = "house-asked", "house-talk-told"
"""Events: somebody picked up at the house and is asked for the key; Twilio told how long it was."""


def note_asked(work: Work, leg_id: str) -> None:
    """Note that somebody picked up at the house, to which a leg was put through."""
    _note(work, legs.lock(work, leg_id), ASKED)


def note_taken(work: Work, leg_id: str) -> None:
    """Note that they pressed the key, by which both are connected."""
    _note(work, legs.lock(work, leg_id), HOUSE_TAKEN)


def note_dial_over(work: Work, leg_id: str, step: int, seconds: int | None) -> None:
    """Note that a Dial has ended, whose call to the house was ``seconds`` long from when it was picked up.

    That is exact, so that nothing else counts from then on. It may be told after the caller's line is over. Whoever was
    taken from the house to somebody else is in their hands.
    """
    row = legs.lock(work, leg_id)
    if row.step != step and row.state != "ended":
        return
    asked, taken = _find(work, row, step, ASKED), _find(work, row, step, HOUSE_TAKEN)
    if seconds is None or asked is None or taken is None or _find(work, row, step, TOLD) is not None:
        return
    record(work, TOLD, row.call_id, leg=row.id, step=step)
    _settle(work, row, timedelta(seconds=seconds) - (taken - asked))


def note_call_over(work: Work, leg_id: str, seconds: int | None, ended_at: datetime | None) -> None:
    """Note that Twilio tells of the end of a caller's line, which was ``seconds`` long; call before the leg is ended.

    It is contact only by when Twilio says that it ended: the news itself may come late. Where that is not said, the
    line is taken to have begun as the leg did, no later than it was picked up. An end that was only found by asking is
    none: they may have parted long before.
    """
    row = legs.lock(work, leg_id)
    taken = _find(work, row, row.step, HOUSE_TAKEN)
    if row.pending_kind != DialHouse.__name__ or taken is None or _find(work, row, row.step, TOLD) is not None:
        return
    if ended_at is None and seconds is not None:
        ended_at = row.created_at + timedelta(seconds=seconds)
    if ended_at is not None:
        _settle(work, row, min(ended_at, work.at) - taken)


def _note(work: Work, row: Row[Any], what: str) -> None:
    if row.pending_kind == DialHouse.__name__ and _find(work, row, row.step, what) is None:
        record(work, what, row.call_id, leg=row.id, step=row.step)


def _find(work: Work, row: Row[Any], step: int, what: str) -> datetime | None:
    """When that happened in the Dial of a leg's ``step``; None where it did not."""
    noted = select(event.c.at, event.c.data).where(event.c.call_id == row.call_id, event.c.kind == what)
    found = [one.at for one in work.connection.execute(noted) if one.data == {"leg": row.id, "step": step}]
    return found[0] if found else None


def _settle(work: Work, row: Row[Any], together: timedelta) -> None:
    """Note contact, where both were together for long enough: what was owed is kept, and nobody else is paged."""
    if together < talks.TALKED_AFTER or talks.has_talked_with(work, row, HOUSE):
        return
    record(work, "talked", row.call_id, leg=row.id, role=HOUSE)
    attempts.keep_all(work, row.call_id, HOUSE)
    house.stop_paging(work, row.call_id)
    work.touched.add(row.call_id)
