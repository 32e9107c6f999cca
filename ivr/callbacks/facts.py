"""What a flow may ask about what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from ivr.callbacks.tables import promise
from ivr.calls.configuration import call_row, line_zone
from ivr.core.times import spoken
from ivr.core.unit_of_work import Work


def promise_due(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """By when the newest promise of this call is due, as it is said in the caller's language and zone."""
    row = call_row(work, leg.call_id)
    newest_first = (
        select(promise.c.due_at).where(promise.c.call_id == row.id).order_by(promise.c.made_at.desc(), promise.c.id)
    )
    due_at = work.connection.execute(newest_first).scalars().first() or work.at
    return {"spoken": spoken(due_at, work.at, line_zone(work, row), row.language), "due": due_at.isoformat()}
