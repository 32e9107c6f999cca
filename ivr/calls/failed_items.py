"""An outbox item that can never be carried out is somebody's business."""

from __future__ import annotations

from sqlalchemy import select

from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.jobs.call_ids import find_call
from ivr.jobs.tables import outbox


def alert_failed_item(work: Work, item_id: str) -> None:
    """Tell the supervisors of the call which kind of item failed; one that is about no call is in the log only."""
    item = work.connection.execute(select(outbox).where(outbox.c.id == int(item_id))).one()
    call_id = find_call(work, item.call_id, item.subject)
    if call_id is not None:
        record(work, "alert", call_id, what="effect-failed", effect=item.kind)
