"""Executes the transition tables: a conditional UPDATE, then the actions the table names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, select, update

from callflows.lifecycles.table import Lifecycle
from ivr.core.unit_of_work import Work


def fire(work: Work, lifecycle: Lifecycle, table: Table, row_id: str | int, event: str, **stamps: Any) -> bool:
    """Let ``event`` happen to a row. False when it came late or twice, and then nothing was changed."""
    state = work.connection.execute(select(table.c.state).where(table.c.id == row_id)).scalar_one()
    move = lifecycle.move(state, event)
    if move is None:
        return False
    ended = {"ended_at": work.at} if move.to in lifecycle.ends and "ended_at" in table.c else {}
    moved = work.connection.execute(
        update(table).where(table.c.id == row_id, table.c.state == state).values(state=move.to, **ended, **stamps)
    )
    if moved.rowcount != 1:
        return False
    for name in move.actions:
        work.services.features.actions[name](work, str(row_id))
    return True
