"""The demo's live transcript: who hears what, who presses what, and which decision was taken and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from sqlalchemy import select

from ivr.directory.organisation import Organisation
from ivr.events.tables import event
from ivr.services import Services
from routing.zones import to_local

ZONE = "America/Chicago"
QUIET = ("music", "silence", "ring")

Words = Callable[["Teller", dict[str, Any]], str]


class Teller:
    """Writes one line for everything worth knowing, with the time in Chicago."""

    def __init__(self, services: Services, organisation: Organisation, callers: dict[str, str]) -> None:
        self._services = services
        self._organisation = organisation
        self._names = _names(organisation) | callers
        self._last_event = 0

    def name(self, address: str) -> str:
        """Who a phone belongs to."""
        return self._names.get(address, address)

    def tell(self, entry: dict[str, Any]) -> None:
        """What happened on the phones."""
        words = _PHONES.get(entry["kind"])
        text = words(self, entry) if words else ""
        if text:
            self._line(datetime.fromisoformat(entry["at"]), text, "cyan" if entry["kind"] == "hear" else "white")

    def tell_decisions(self) -> None:
        """What Sunline decided since the last look, and why."""
        newer = select(event).where(event.c.id > self._last_event).order_by(event.c.id)
        with self._services.database.read() as connection:
            rows = connection.execute(newer).all()
        for row in rows:
            self._last_event = row.id
            text = self._decided(row.kind, row.data)
            if text:
                self._line(row.at, f"    ↳ {text}", "yellow")

    def _decided(self, kind: str, data: dict[str, str]) -> str:
        if kind == "offered":
            return f"offered to {self._person(data['agent'])}: {self._why_awake(data['pool'])}"
        if kind == "noted" and data.get("urgency"):
            return f"urgency is now {data['urgency']}"
        if kind in ("paged", "clinician-accepted"):
            return f"{kind.replace('-', ' ')}: {self._person(data['person'])}"
        return _DECISIONS.get(kind, "")

    def _person(self, person: str) -> str:
        return self._names.get(person, person)

    def _why_awake(self, pool: str) -> str:
        site = self._organisation.pools[pool].site
        local = to_local(self._services.clock.now(), site.zone)
        return f"on shift in {site.id}, where it is {local:%H:%M}"

    def _line(self, at: datetime, text: str, colour: str) -> None:
        click.echo(f"{to_local(at, ZONE):%H:%M:%S}  " + click.style(text, fg=colour))


def _names(organisation: Organisation) -> dict[str, str]:
    agents = {one.id: one for one in organisation.operator.agents}
    by_contact = {one.contact: one.name for one in agents.values()}
    clinicians = {person.voice: person.name for person in organisation.people.values()}
    by_id = {name: one.name for name, one in agents.items()} | {
        one.id: one.name for one in organisation.people.values()
    }
    return by_contact | clinicians | by_id


def _hear(teller: Teller, entry: dict[str, Any]) -> str:
    text = entry["detail"].get("text", "")
    return "" if entry["detail"].get("kind") in QUIET or not text else f"{teller.name(entry['who'])} hears: “{text}”"


def _sms(teller: Teller, entry: dict[str, Any]) -> str:
    return f"{teller.name(entry['who'])} gets a text: “{entry['detail']['body']}”"


_PHONES: dict[str, Words] = {
    "hear": _hear,
    "press": lambda teller, entry: f"{teller.name(entry['who'])} presses {entry['detail']['key']}",
    "speak": lambda teller, entry: f"{teller.name(entry['who'])} says: “{entry['detail']['text']}”",
    "ring": lambda teller, entry: f"the phone of {teller.name(entry['who'])} rings",
    "answer": lambda teller, entry: f"{teller.name(entry['who'])} answers",
    "decline": lambda teller, entry: f"{teller.name(entry['who'])} declines",
    "hang-up": lambda teller, entry: f"{teller.name(entry['who'])}: the line is closed",
    "sms": _sms,
}

_DECISIONS = {
    "recording-wanted": "the notice was heard and the caller stayed: the call is recorded from here on",
    "escalated": "the clinician on call is needed: the ladder of this practice is stamped onto the call",
    "not-answered": "no accept: this person rests, the next is asked",
    "answered": "accepted: the caller leaves the queue for a conference of their own",
    "recording-stored": "the recording is in the vault, encrypted, verified, and deleted at the phone network",
    "safe-landing": "something went wrong: the caller lands safely with a person",
}
