"""The round that fetches every calendar that a rota follows. What cannot be read changes nothing, and is told of."""

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
EVERY = timedelta(minutes=15)


def read_calendars(services: Services, _stopped_at: str) -> str:
    """Fetch and read each calendar, outside any transaction, and keep what is good of it."""
    at = services.clock.now()
    with services.database.read() as connection:
        rows = feeds.list_feeds(connection)
        organisation = load(connection) if rows else None
    for row in rows:
        if organisation is not None and row.rota_id in organisation.rotas:
            copy = _copy_or_trouble(services, organisation, row, at)
            in_transaction(services, lambda work, row=row, copy=copy: _keep(work, row, copy))  # type: ignore[misc]
    return ""


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
