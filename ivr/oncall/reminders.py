"""A text before a shift, to whoever wishes to be reminded: which rota, and when it begins. Nothing about a patient.

Each shift is reminded of once: the outbox keeps the key of an item for ever. A shift that somebody else has taken
by then is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ivr.calls.addresses import judge_address
from ivr.calls.configuration import newest
from ivr.calls.events import alert_daily
from ivr.calls.sent_texts import was_sent
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.urls import Urls
from ivr.directory.organisation import Organisation
from ivr.directory.people import OnCallPerson
from ivr.directory.revisions import UnknownRevision, load
from ivr.jobs import outbox
from ivr.oncall.text_troubles import send_to_person
from ivr.rotas.duties import PersonalShift, list_shifts
from ivr.twilio.errors import PermanentFailure
from routing.zones import to_local

EVERY = timedelta(minutes=5)
KIND = "remind_of_shift"
TEXT = "Sunline: you are on call, {rota}, from {start} {zone}."


def remind_of_shifts(services: Services, _stopped_at: str) -> str:
    """Have everybody reminded who wishes it, of the shifts that begin soon."""
    at = services.clock.now()
    with services.database.read() as connection:
        found = list(_due(connection, at))
    for person, shift in found:
        in_transaction(services, lambda work, person=person, shift=shift: _put(work, person, shift))  # type: ignore[misc]
    return ""


def send_reminder(services: Services, item: Row[Any]) -> None:
    """Send the text, unless the shift has begun or is somebody else's by now."""
    start = datetime.fromisoformat(item.details["start"])
    with transaction(services) as work:
        organisation = newest(work)
        person = organisation.people.get(item.subject)
        if person is None or start <= work.at or not _still_has(work, organisation, item, start):
            return
        to = judge_address(work, person.contact(item.created_at).text or "", "configuration")
        body = _body(organisation, item.details["rota"], start)
    if to is None:
        raise PermanentFailure("number-refused")
    if was_sent(services, item, to, body):
        return
    callback = Urls(services.settings.public_url).message(f"{KIND}-{item.id}")
    send_to_person(services, item.subject, to, _sender(organisation), body, callback)


def alert_not_reminded(services: Services, item: Row[Any]) -> None:
    """Alert supervisors that a reminder cannot be sent. They are paged all the same."""
    in_transaction(services, lambda work: alert_daily(work, "shift-not-reminded", by="person", person=item.subject))


def _due(connection: Connection, at: datetime) -> Iterator[tuple[OnCallPerson, PersonalShift]]:
    try:
        organisation = load(connection)
    except UnknownRevision:
        return
    for person in organisation.people.values():
        if person.remind is not None and person.contact(at).text is not None:
            for shift in list_shifts(connection, organisation, person.id, at, at + person.remind):
                if shift.start > at:
                    yield person, shift


def _put(work: Work, person: OnCallPerson, shift: PersonalShift) -> None:
    start = shift.start.isoformat()
    outbox.put_item(work, KIND, person.id, call_id=None, key=f"{shift.rota}:{start}", rota=shift.rota, start=start)


def _still_has(work: Work, organisation: Organisation, item: Row[Any], start: datetime) -> bool:
    shifts = list_shifts(work.connection, organisation, item.subject, start, start + timedelta(minutes=1))
    return any(shift.rota == item.details["rota"] for shift in shifts)


def _body(organisation: Organisation, rota: str, start: datetime) -> str:
    zone = organisation.rotas[rota].zone
    return TEXT.format(rota=rota, start=f"{to_local(start, zone):%a %b %d %H:%M}", zone=zone)


def _sender(organisation: Organisation) -> str:
    return organisation.operator.outbound_number or min(organisation.numbers)
