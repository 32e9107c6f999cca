"""Alerts: what a supervisor must look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Connection, Row, select

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import require_permission
from ivr.calls.event_tables import event
from ivr.calls.events import ALERTS
from ivr.calls.tables import call
from ivr.core.web_app import services

PAGE = 100
OVER = "alert-over"
"""The event by which an alert is over by itself: it holds the same as the alert, and comes after it."""

blueprint = Blueprint("alerts", __name__)


@blueprint.get("/alerts")
@require_permission("alerts")
def list_alerts(person: Person) -> str:
    """Show the alerts, the newest first."""
    before = request.args.get("before", "")
    with services().database.read() as connection:
        alerts, older = read_alerts(connection, int(before) if before.isdecimal() and len(before) < 16 else None)
        over = read_ends(connection, alerts)
    audit_trail.write_row(services(), person, "alerts.list")
    return render_template("web/alerts.html", alerts=alerts, over=over, older_id=older)


def read_alerts(connection: Connection, before: int | None = None) -> tuple[list[Row[Any]], int | None]:
    """Return the newest alerts, or those older than the one with the id ``before``, and the id to go on from."""
    with_place = select(event, call.c.location_id).join(call, call.c.id == event.c.call_id, isouter=True)
    newest = with_place.where(event.c.kind.in_(ALERTS)).order_by(event.c.id.desc()).limit(PAGE + 1)
    if before is not None:
        newest = newest.where(event.c.id < before)
    rows = list(connection.execute(newest))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def read_ends(connection: Connection, alerts: Sequence[Row[Any]]) -> dict[int, datetime]:
    """When each of the alerts, by its id, was over by itself; those that were not are left out."""
    first = min((one.id for one in alerts), default=0)
    ends = select(event.c.id, event.c.at, event.c.data).where(event.c.kind == OVER, event.c.id > first)
    rows = connection.execute(ends.order_by(event.c.id)).all() if alerts else []
    found = {one.id: next((row.at for row in rows if row.id > one.id and row.data == one.data), None) for one in alerts}
    return {alert: at for alert, at in found.items() if at is not None}
