"""Writing closures down, and the hours of a location as they are with those that stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from callflows.prompts import CATALOGUES
from ivr.audit.append import append
from ivr.closures.tables import closure
from ivr.directory.organisation import Organisation
from routing.hours import Calendar, closed_during
from routing.spans import Span

READY = ("weather", "utilities", "emergency")
"""Messages that come with the line, in every language it speaks."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A practice, or one location of it, is closed during ``span``. ``texts``: what callers hear, by language."""

    practice: str
    location: str | None
    span: Span
    texts: Mapping[str, str]
    why: str


def ready_texts(message: str, languages: Iterable[str]) -> dict[str, str]:
    """One of :data:`READY` in those of the languages that the line speaks itself."""
    return {language: CATALOGUES[language][f"closure.{message}"] for language in languages if language in CATALOGUES}


def begin_closure(connection: Connection, name: str, made: Closure, at: datetime, actor: str) -> None:
    """Put ``made`` in force under the id ``name`` and on the record; AuditRefused where ``why`` is no phrase for it."""
    connection.execute(
        insert(closure).values(
            id=name,
            practice_id=made.practice,
            location_id=made.location,
            begins_at=made.span.start,
            ends_at=made.span.end,
            texts=dict(made.texts),
            why=made.why,
            made_by=actor,
            made_at=at,
        )
    )
    _note(connection, "closure.begin", name, made.practice, made.why, at, actor)


def end_closure(connection: Connection, name: str, at: datetime, actor: str) -> bool:
    """Open again before the closure runs out; False where none of that id stands."""
    standing = closure.c.id == name, closure.c.ended_at.is_(None), closure.c.ends_at > at
    found = connection.execute(select(closure).where(*standing)).one_or_none()
    if found is None:
        return False
    connection.execute(update(closure).where(*standing).values(ended_at=at, ended_by=actor))
    _note(connection, "closure.end", name, found.practice_id, None, at, actor)
    return True


def list_standing(
    connection: Connection, at: datetime, practice: str | None = None, location: str | None = None
) -> Sequence[Row[Any]]:
    """The closures that are in force at ``at`` or still to come, the newest first."""
    wanted = select(closure).where(closure.c.ended_at.is_(None), closure.c.ends_at > at)
    if practice is not None:
        wanted = wanted.where(closure.c.practice_id == practice)
    if location is not None:
        wanted = wanted.where(or_(closure.c.location_id.is_(None), closure.c.location_id == location))
    return connection.execute(wanted.order_by(closure.c.made_at.desc(), closure.c.id)).all()


def live_calendar(
    connection: Connection, organisation: Organisation, practice: str, location: str, at: datetime
) -> Calendar:
    """When the location is open, closures that stand at ``at`` included."""
    return calendar_with(list_standing(connection, at, practice, location), organisation, practice, location)


def calendar_with(standing: Iterable[Row[Any]], organisation: Organisation, practice: str, location: str) -> Calendar:
    """When the location is open, with those of the closures ``standing`` that are its own or its practice's."""
    mine = (row for row in standing if row.practice_id == practice and row.location_id in (None, location))
    spans = (Span(row.begins_at, row.ends_at) for row in mine)
    return closed_during(organisation.calendar(practice, location), spans)


def calendars_since(
    connection: Connection, organisation: Organisation, practice: str, locations: Iterable[str], since: datetime
) -> list[Calendar]:
    """When each of some locations was and will be open from ``since`` on: closures count for as long as they stood."""
    wanted = select(closure).where(closure.c.practice_id == practice, closure.c.ends_at > since)
    rows = connection.execute(wanted).all()
    return [
        closed_during(
            organisation.calendar(practice, location),
            (
                Span(row.begins_at, row.ended_at or row.ends_at)
                for row in rows
                if row.location_id in (None, location) and row.begins_at < (row.ended_at or row.ends_at)
            ),
        )
        for location in locations
    ]


def find_words(connection: Connection, practice: str, location: str, language: str, at: datetime) -> str:
    """What callers of the location are told in ``language`` about a closure in force; "" where there is none."""
    found = list_standing(connection, at, practice, location)
    return next((row.texts.get(language, "") for row in found if row.begins_at <= at), "")


def _note(
    connection: Connection, action: str, name: str, practice: str, why: str | None, at: datetime, actor: str
) -> None:
    append(
        connection,
        at=at,
        actor=actor,
        action=action,
        outcome="ok",
        practice_id=practice,
        object_id=name,
        reason=why,
    )
