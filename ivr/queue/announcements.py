"""What a waiting caller can be told besides the comfort: place in line, an honest estimate, and whose phone rings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import Row, select

from callflows.dialogues.company import News, Rings
from callflows.vocabulary import Wait
from ivr.calls.configuration import call_row, newest
from ivr.calls.conversation import Position
from ivr.calls.tables import leg
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import find_due
from ivr.queue import index
from ivr.queue.entries import entry
from ivr.queue.estimates import estimate_wait
from ivr.queue.tables import offer


def read_news(work: Work, position: Position) -> News:
    """The caller's place and the wait that is left, where the wait announces them, and whether a phone rings."""
    row, request = entry(work, position.call_id), position.request
    if row is None or not isinstance(request, Wait):
        return News()
    rings = News(rings=_who_is_rung(work, row))
    place = index.position(work.services, work.connection, position.call_id) if request.position else None
    if place is None:
        return rings
    return _with_outlook(work, row, replace(rings, place=place))


def _with_outlook(work: Work, row: Row[Any], news: News) -> News:
    """The same with the estimate, or else with the minutes after which something else is offered."""
    band = estimate_wait(work, row)
    if band is not None:
        return replace(news, low=band.low, high=band.high)
    due_at = find_due(work, "patience", row.call_id)
    return news if due_at is None else replace(news, offered_in=ceil((due_at - work.at) / timedelta(minutes=1)))


def _who_is_rung(work: Work, row: Row[Any]) -> Rings:
    """Whose phone rings with this call; empty where none does just now."""
    ringing = offer.c.call_id == row.call_id, offer.c.state == "open", leg.c.state == "ringing"
    found = select(offer.c.id).join(leg, offer.c.leg_id == leg.c.id).where(*ringing)
    if work.connection.execute(found).first() is None:
        return ""
    practice = newest(work).practices.get(call_row(work, row.call_id).practice_id)
    service = practice.services.get(row.service) if practice and not row.pool else None
    return "nurse" if service is not None and service.licensed else "agent"
