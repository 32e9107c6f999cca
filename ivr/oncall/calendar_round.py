"""The round that fetches the calendars that rotas follow, one at a time. What cannot be read changes nothing, and is
told of.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from ivr.calls.configuration import newest
from ivr.calls.events import alert_daily
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.rotas import feeds
from ivr.rotas.calendar_fetching import Unfetched, fetch_calendar
from ivr.rotas.feeds import Copy

log = structlog.get_logger(__name__)
EVERY = timedelta(minutes=1)
"""How often it is looked whether a calendar is to be read."""
AGAIN = timedelta(minutes=15)
"""How long after it was read last a calendar is read again."""


def read_calendars(services: Services, _stopped_at: str) -> str:
    """Fetch and read one calendar, outside any transaction, and keep what is good of it: the one whose turn it is.

    The other rounds wait for this one, and a calendar may take as long as its limits; more of them wait for theirs.
    """
    at = services.clock.now()
    with services.database.read() as connection:
        rows = feeds.list_feeds(connection)
        organisation = load(connection) if rows else None
    due = [row for row in rows if organisation and row.rota_id in organisation.rotas and _is_due(row, at)]
    if organisation is not None and due:
        row = min(due, key=lambda one: (one.tried_at or one.made_at, one.rota_id))
        copy = _copy_or_trouble(services, organisation, row, at)
        in_transaction(services, lambda work: _keep(work, row, copy))
    return ""


def _is_due(row: Row[Any], at: datetime) -> bool:
    """Whether a calendar was read long enough ago, or never, or later than the clock shows since it was set back."""
    return row.tried_at is None or not timedelta() <= at - row.tried_at < AGAIN


def _copy_or_trouble(services: Services, organisation: Organisation, row: Row[Any], at: datetime) -> Copy:
    try:
        return _copy_of(services, organisation, row, at)
    except Exception as problem:  # one calendar must not keep the others from being read
        log.error("rota_calendar_failed", rota=row.rota_id, exc_info=problem)
        return Copy(problem="broken")


def _copy_of(services: Services, organisation: Organisation, row: Row[Any], at: datetime) -> Copy:
    try:
        address = feeds.address_of(services.cipher, row)
        body = fetch_calendar(address, files=services.settings.demo)
    except Unfetched as problem:
        return Copy(problem=str(problem))
    return feeds.read_copy(body, organisation, row.rota_id, at)


def _keep(work: Work, row: Row[Any], copy: Copy) -> None:
    if not feeds.keep(work.connection, row, copy, work.at):
        return
    if copy.problem is not None:
        alert_daily(work, f"rota-calendar-{copy.problem}", by="rota", rota=row.rota_id)
        if feeds.is_stale(row, work.at):
            alert_daily(work, "rota-calendar-stale", by="rota", rota=row.rota_id)
    elif copy.unknown and row.rota_id in newest(work).rotas:
        alert_daily(work, "rota-calendar-names-nobody", by="rota", rota=row.rota_id, events=copy.unknown)
