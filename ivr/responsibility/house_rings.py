"""Whether the telephone of the house rings already, or is about to: whoever is on the line goes first.

A ring of our own for a patient who has gone waits meanwhile, and is begun by the timer ``house_later`` of their call.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.calls import legs, talks
from ivr.calls.event_tables import event
from ivr.core.unit_of_work import Work
from ivr.oncall.joining import HOUSE_DIALLED
from ivr.oncall.set_aside import is_set_aside
from ivr.oncall.tables import IS_PAGING, escalation

HOUSE_RUNG = "house-rung"
APART = timedelta(seconds=90)
"""Nobody at the house is rung twice within a minute. Words come between the wish to ring them and the ring."""
TOO_SHORT = timedelta(seconds=6)
"""A caller who is put through hears words first. Who leaves so soon had nobody rung there, or for a moment only."""
SOON = timedelta(seconds=90)
"""How long it may take from the end of a ladder until a caller who is on the line is put through to the house."""


def is_house_engaged(work: Work, call_id: str, in_vain: datetime) -> bool:
    """Whether the house is to be left alone for now by a call whose ladder ended ``in_vain`` at that instant."""
    rung = select(event).where(event.c.kind.in_((HOUSE_RUNG, HOUSE_DIALLED)), event.c.at > work.at - APART)
    if any(one.kind == HOUSE_RUNG or not _left_before(work, one) for one in work.connection.execute(rung).all()):
        return True
    return work.at < in_vain + APART and any(_waits_on_the_line(work, one) for one in _list_near(work, call_id))


def _left_before(work: Work, dialled: Row[Any]) -> bool:
    """Whether a caller who was put through to the house hung up before anybody there could have picked up."""
    row = legs.find(work, dialled.data["leg"])
    return row is not None and row.ended_at is not None and row.ended_at - dialled.at < TOO_SHORT


def _list_near(work: Work, call_id: str) -> set[str]:
    """The other calls whose ladder is at its last person, or has ended only just now."""
    paging = work.connection.execute(select(escalation).where(IS_PAGING)).all()
    near = {row.call_id for row in paging if all(step["person"] is None for step in row.steps[row.step + 1 :])}
    told = select(event.c.call_id, event.c.data).where(event.c.kind == "alert", event.c.at > work.at - SOON)
    ended = {one.call_id for one in work.connection.execute(told) if one.data["what"] == "ladder-exhausted"}
    return (near | ended) - {call_id}


def _waits_on_the_line(work: Work, call_id: str) -> bool:
    """Whether a caller is with nobody. Whoever is held by somebody who talks apart is not on the way to the house."""
    callers = [row for row in legs.list_parties(work, call_id, "caller") if row.outcome is None]
    return any(not talks.is_bound(row) and not is_set_aside(row) for row in callers)
