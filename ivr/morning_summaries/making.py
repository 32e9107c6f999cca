"""The round that makes a summary whenever a practice opens, and have whoever waits for it told.

Which nights are due is decided by ``routing/nights.py``, from the hours as they are now and the last night that has a
summary: what this round was too late for, the next one makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

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
from routing.nights import due_nights
from routing.spans import Span

EVERY = timedelta(minutes=1)
FIRST_LOOK = timedelta(days=14)
"""How far back nights are looked for where a practice has no summary yet; not before the first configuration."""


@dataclass(frozen=True, slots=True)
class Due:
    """A night without its summary. ``last``: no later night of the place is over."""

    place: Place
    night: Span
    last: bool


def make_summaries(services: Services, _stopped_at: str) -> str:
    """Make every summary that is due."""
    at = services.clock.now()
    with services.database.read() as connection:
        found = list(list_due(connection, at))
    for one in found:
        in_transaction(services, partial(_make, one))
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
            since = find_last_end(connection, place, at) or max(known_since, at - FIRST_LOOK)
            nights = list(_list_nights(connection, organisation, place, since, at))
            yield from (Due(place, night, night is nights[-1]) for night in nights)


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
    if summary_id is not None and due.last:
        notices.enqueue_notices(work, due.place, due.night, summary_id)
