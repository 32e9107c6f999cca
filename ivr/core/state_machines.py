"""Executes the transition tables: a conditional UPDATE, then the actions the table names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, select, update

from callflows.lifecycles.table import BrokenTable, Lifecycle, Move
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


def fire_where(
    work: Work, lifecycle: Lifecycle, table: Table, event: str, *where: ColumnElement[bool], **columns: Any
) -> int:
    """Let ``event`` happen, in one statement, to the rows that meet ``where`` and whose state knows it; how many.

    For events of one move without actions, which need no look at each row. Raises BrokenTable for any other.
    """
    move = _only_move(lifecycle, event)
    moved = update(table).where(table.c.state.in_(move.states), *where).values(state=move.to, **columns)
    return work.connection.execute(moved).rowcount


def states_before(lifecycle: Lifecycle, event: str) -> tuple[str, ...]:
    """The states in which ``event`` means something, for a statement that also inserts the row."""
    return _only_move(lifecycle, event).states


def _only_move(lifecycle: Lifecycle, event: str) -> Move:
    moves = [move for move in lifecycle.moves if move.event == event]
    if len(moves) != 1 or moves[0].actions:
        raise BrokenTable(f"{lifecycle.name}: {event!r} is not one move without actions; let it happen row by row")
    return moves[0]
