"""Executes the transition tables: a conditional UPDATE, then the actions the table names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, select, update

from callflows.lifecycles.table import Lifecycle
from ivr.core.unit_of_work import Work

Action = Callable[[Work, str], None]
_ACTIONS: dict[str, Action] = {}


def action(name: str) -> Callable[[Action], Action]:
    """Register what a table calls ``name``; it is given the transaction and the id of the row that moved."""

    def register(function: Action) -> Action:
        _ACTIONS[name] = function
        return function

    return register


def known_actions() -> frozenset[str]:
    """Every registered action, for the test that no table names another."""
    return frozenset(_ACTIONS)


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
        _ACTIONS[name](work, str(row_id))
    return True
