"""The promises of a place that concern a span of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from ivr.callbacks.tables import promise
from ivr.calls.places import Place
from ivr.calls.tables import call
from routing.spans import Span


def list_promises(connection: Connection, place: Place, span: Span) -> Sequence[Row[Any]]:
    """The promises that were settled within a span, or still to be kept at its end: whatever falls due first."""
    made = select(promise).join(call, call.c.id == promise.c.call_id)
    stood = or_(promise.c.ended_at.is_(None), promise.c.ended_at >= span.start)
    ours = made.where(place.has_call(), promise.c.made_at < span.end, stood)
    return connection.execute(ours.order_by(promise.c.due_at, promise.c.id)).all()
