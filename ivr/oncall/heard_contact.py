"""Whether a clinician and the patient of a call have talked, as we heard it or somebody says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from ivr.calls.event_tables import event
from ivr.calls.talks import REPORTED
from ivr.core.unit_of_work import Work
from ivr.oncall import escalations, rings


def had_contact(work: Work, row: Row[Any]) -> bool:
    """Whether a clinician and the patient heard each other since an item was opened, or somebody says so."""
    return heard_contact(work, row.id, row.opened_at)


def is_reached(work: Work, paged: Row[Any]) -> bool:
    """The same since the ladder of a page began: a later one, because it got worse in the same call, begins without."""
    return heard_contact(work, paged.call_id, escalations.get(work, paged.escalation_id).started_at)


def heard_contact(work: Work, call_id: str, since: datetime) -> bool:
    """Whether a clinician and the patient of a call heard each other since an instant, or somebody says so."""
    news = select(event.c.kind, event.c.data).where(
        event.c.call_id == call_id, event.c.at >= since, event.c.kind.in_(("talked", REPORTED))
    )
    found = work.connection.execute(news).all()
    return any(one.kind == REPORTED or one.data.get("role") == rings.ROLE for one in found)
