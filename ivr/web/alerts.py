"""Alerts: what a supervisor must look at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.calls.event_tables import event

PAGE = 100
KINDS = ("alert", "safe-landing")


def page(connection: Connection, before: int | None = None) -> tuple[list[Row[Any]], int | None]:
    """The newest alerts, or those older than the one with the id ``before``, and the id to go on from."""
    newest = select(event).where(event.c.kind.in_(KINDS)).order_by(event.c.id.desc()).limit(PAGE + 1)
    if before is not None:
        newest = newest.where(event.c.id < before)
    rows = list(connection.execute(newest))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
