"""Callers whose line dropped while they waited, and who call again: their place is kept for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from callflows.lifecycles.tables import WAITING
from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.state_machines import fire_many
from ivr.core.unit_of_work import Work
from ivr.queue.tables import waiting
from routing.queue_admission import KEPT, place_is_kept

ABANDONED = "abandoned"
_LONGEST_WAIT = 6 * KEPT
# A call that began longer ago may have a place to keep; nobody waits so long, and the index stays short.


def read_kept_place(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether the caller's place is kept. A number is needed to know them by; nothing is said of the earlier call."""
    return {"kept": "yes" if _kept(work, leg.call_id) else "no"}


def resume_place(work: Work, call_id: str) -> datetime | None:
    """Since when the caller has waited, by the earlier call whose place this one takes; once."""
    kept = _kept(work, call_id)
    if kept is None:
        return None
    legs.lock_beside(work, call_id, {kept.call_id})
    taken = fire_many(WAITING, waiting, "resume").where(waiting.c.call_id == kept.call_id)
    if work.connection.execute(taken).rowcount != 1:
        return None
    record(work, "place-resumed", call_id, of=kept.call_id)
    since: datetime = kept.since
    return since


def _kept(work: Work, call_id: str) -> Row[Any] | None:
    about = call_row(work, call_id)
    if about.caller_hash is None:
        return None
    places = (
        select(waiting.c.call_id, waiting.c.since, call.c.ended_at)
        .join(call, call.c.id == waiting.c.call_id)
        .where(
            call.c.practice_id == about.practice_id,
            call.c.caller_hash == about.caller_hash,
            call.c.created_at >= work.at - _LONGEST_WAIT,
            waiting.c.state == ABANDONED,
        )
        .order_by(waiting.c.since)
    )
    rows: list[Row[Any]] = list(work.connection.execute(places))
    return next((row for row in rows if row.ended_at and place_is_kept(row.ended_at, work.at)), None)
