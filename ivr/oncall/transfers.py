"""Warm transfers: what becomes of one when a party leaves the conference."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from callflows.lifecycles.tables import TRANSFER
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.oncall.tables import transfer

_EVENTS = {
    "caller": "caller-left",
    "patient": "caller-left",
    "agent": "agent-left",
    "clinician": "clinician-left",
}
"""The role of a party to what its leaving means for a transfer."""


def note_party_left(work: Work, leg: Row[Any]) -> None:
    """Every open transfer of the call hears who left."""
    if leg.role not in _EVENTS:
        return
    still = select(transfer).where(transfer.c.call_id == leg.call_id, transfer.c.state.in_(("asked", "joined")))
    for asked in work.connection.execute(still).all():
        fire(work, TRANSFER, transfer, asked.id, _EVENTS[leg.role])
