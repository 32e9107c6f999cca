"""The nights that have a summary: written down once each, and found again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from ivr.calls.places import Place
from ivr.core.database import upsert
from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Organisation
from ivr.morning_summaries.tables import morning_summary
from routing.spans import Span

PAGE = 50
_NIGHT = ("practice_id", "location_id", "ends_at")


def write_down(work: Work, place: Place, night: Span) -> str | None:
    """Write down that a night has a summary; its id, None where somebody was quicker."""
    row = {
        "id": work.services.ids(),
        "practice_id": place.practice_id,
        "location_id": place.location_id,
        "begins_at": night.start,
        "ends_at": night.end,
        "made_at": work.at,
    }
    once = upsert(work.connection, morning_summary).values(row).on_conflict_do_nothing(index_elements=_NIGHT)
    made: str | None = work.connection.execute(once.returning(morning_summary.c.id)).scalar()
    return made


def find_last_end(connection: Connection, place: Place, at: datetime) -> datetime | None:
    """When the last night of a place ended that has a summary and is over by ``at``; None where none has."""
    ends = select(func.max(morning_summary.c.ends_at)).where(*_of(place), morning_summary.c.ends_at <= at)
    found: datetime | None = connection.execute(ends).scalar()
    return found


def find_summary(connection: Connection, summary_id: str) -> Row[Any] | None:
    """The row of a summary, or None."""
    return connection.execute(select(morning_summary).where(morning_summary.c.id == summary_id)).first()


def list_nights(connection: Connection, practice_id: str) -> Sequence[Row[Any]]:
    """Every summary of a practice and of its locations, the newest night first."""
    wanted = select(morning_summary).where(morning_summary.c.practice_id == practice_id)
    newest = (morning_summary.c.ends_at.desc(), morning_summary.c.location_id)
    return connection.execute(wanted.order_by(*newest)).all()


def read_page(connection: Connection, before: Row[Any] | None = None) -> tuple[list[Row[Any]], str | None]:
    """Return the newest summaries of all practices, or those older than ``before``, and the id to go on from."""
    place_in_list = (morning_summary.c.ends_at, morning_summary.c.id)
    newest = select(morning_summary).order_by(*(column.desc() for column in place_in_list)).limit(PAGE + 1)
    if before is not None:
        newest = newest.where(tuple_(*place_in_list) < (before.ends_at, before.id))
    rows = list(connection.execute(newest))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def find_zone(organisation: Organisation | None, place: Place) -> str:
    """On whose clocks a summary is read: the location's, else those of the practice's first location."""
    practice = organisation.practices.get(place.practice_id) if organisation else None
    if practice is None:
        return "UTC"
    location = practice.locations.get(place.location_id) or next(iter(practice.locations.values()))
    return location.timezone


def _of(place: Place) -> tuple[Any, ...]:
    return morning_summary.c.practice_id == place.practice_id, morning_summary.c.location_id == place.location_id
