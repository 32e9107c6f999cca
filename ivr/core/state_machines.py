"""Executes the transition tables: a conditional UPDATE, then the actions the table names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, Update, select, update

from callflows.lifecycles.table import BrokenTable, Lifecycle
from callflows.lifecycles.tables import DECIDES_RESPONSIBILITY
from ivr.core.unit_of_work import Work

ENDED = "ended_at"


def fire(work: Work, lifecycle: Lifecycle, table: Table, row_id: str | int, event: str, **stamps: Any) -> bool:
    """Let ``event`` happen to a row. False when it came late or twice, and then nothing was changed."""
    state = work.connection.execute(select(table.c.state).where(table.c.id == row_id)).scalar_one()
    move = lifecycle.move(state, event)
    if move is None:
        return False
    ended = {ENDED: work.at} if move.to in lifecycle.ends and ENDED in table.c else {}
    moved = work.connection.execute(
        update(table).where(table.c.id == row_id, table.c.state == state).values(state=move.to, **ended, **stamps)
    )
    if moved.rowcount != 1:
        return False
    if lifecycle in DECIDES_RESPONSIBILITY:
        work.touched.add(work.connection.execute(select(table.c.call_id).where(table.c.id == row_id)).scalar_one())
    for name in move.actions:
        work.services.features.actions[name](work, str(row_id))
    return True


def fire_many(lifecycle: Lifecycle, table: Table, event: str, **stamps: Any) -> Update:
    """The statement by which ``event`` happens to all rows that an added WHERE chooses and that are not past it.

    Raises BrokenTable where the event has no single move, or one with actions, or where the end of a row must be
    stamped and is not.
    """
    move = lifecycle.move_of_many(event)
    if move.to in lifecycle.ends and ENDED in table.c and ENDED not in stamps:
        raise BrokenTable(f"{lifecycle.name}: {event} is an end, say {ENDED}")
    # One state is compared, not looked for in a list: SQLite chooses its index by that.
    before = table.c.state == move.states[0] if len(move.states) == 1 else table.c.state.in_(move.states)
    return update(table).where(before).values(state=move.to, **stamps)
