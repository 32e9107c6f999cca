"""The round that makes a summary whenever a practice opens, and have whoever waits for it told.

Which nights are due is decided by ``routing/nights.py``, from the hours as they are now and the last night that has a
summary: what this round was too late for, the next one makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, func, select

from ivr.calls.places import Place
from ivr.closures.register import calendars_since
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import UnknownRevision, load
from ivr.directory.schema import PracticeFile
from ivr.directory.tables import config_activation
from ivr.morning_summaries import notices
from ivr.morning_summaries.register import find_last_end, write_down
from routing.nights import due_nights, is_told_in_time
from routing.spans import Span

log = structlog.get_logger(__name__)
EVERY = timedelta(minutes=1)
FIRST_LOOK = timedelta(days=14)
"""How far back whole nights are looked for where there is no summary yet; not before the first configuration."""


@dataclass(frozen=True, slots=True)
class Due:
    """A night without its summary. ``last``: no later night of the place is over. ``first``: it had none so far."""

    place: Place
    night: Span
    last: bool
    first: bool


def make_summaries(services: Services, _stopped_at: str) -> str:
    """Make every summary that is due."""
    at = services.clock.now()
    with services.database.read() as connection:
        found = list(list_due(connection, at))
    for one in found:
        try:
            in_transaction(services, partial(_make, one))
        except Exception as problem:  # one practice must not keep the others from theirs; the next round tries again
            log.error("morning_summary_failed", practice=one.place.practice_id, exc_info=problem)
    return ""


def list_due(connection: Connection, at: datetime) -> Iterator[Due]:
    """The nights of all practices that are over and have no summary, in order for each place."""
    try:
        organisation = load(connection)
    except UnknownRevision:
        return
    known_since: datetime = connection.execute(select(func.min(config_activation.c.applied_at))).scalar_one()
    for practice in organisation.practices.values():
        for place in list_places(practice):
            told_until = find_last_end(connection, place, at)
            since = told_until or max(known_since, at - FIRST_LOOK)
            nights = [
                night
                for night in _list_nights(connection, organisation, place, since, at)
                if night.start > since or since in (told_until, known_since)
            ]
            yield from (Due(place, night, night is nights[-1], told_until is None) for night in nights)


def list_places(practice: PracticeFile) -> tuple[Place, ...]:
    """What has a summary of its own: the practice, each of its locations, or nothing."""
    if not practice.morning_summary.made:
        return ()
    if practice.morning_summary.each == "location":
        return tuple(Place(practice.practice, name) for name in practice.locations)
    return (Place(practice.practice),)


def _list_nights(
    connection: Connection, organisation: Organisation, place: Place, since: datetime, at: datetime
) -> Iterator[Span]:
    practice = organisation.practice(place.practice_id)
    shortest = practice.morning_summary.after_closed
    locations = [place.location_id] if place.location_id else practice.locations
    calendars = calendars_since(connection, organisation, place.practice_id, locations, since - shortest)
    return due_nights(calendars, shortest, since, at)


def _make(due: Due, work: Work) -> None:
    """Write a summary down and have it told of, both or neither, and once."""
    summary_id = write_down(work, due.place, due.night)
    if summary_id is None or not due.last:
        return
    if is_told_in_time(due.night, work.at):
        notices.enqueue_notices(work, due.place, summary_id)
    elif not due.first:
        notices.alert_too_late(work, due.place)
