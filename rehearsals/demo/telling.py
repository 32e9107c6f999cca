"""The live transcript of the demo. It uses the words of a rehearsal's transcript and the time in Chicago."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from sqlalchemy import select

from ivr.calls.event_tables import event
from ivr.core.services import Services
from ivr.directory.organisation import Organisation
from ivr.rotas.live import read_live_rotas
from phonesim import Trace
from rehearsals.cast import Cast
from rehearsals.decisions import decision
from rehearsals.transcript import tell, told
from routing.zones import to_local

ZONE = "America/Chicago"
UNTOLD = ("dial", "recording")
"""Kinds that say nothing a watcher does not see anyway."""
COLOURS = {"hear": "cyan", "ring": "green", "sms": "green"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the transcript."""

    at: datetime
    text: str
    colour: str


class Teller:
    """The teller writes one line for each event worth knowing."""

    def __init__(self, services: Services, organisation: Organisation, callers: Mapping[str, str]) -> None:
        self._services = services
        self._organisation = organisation
        self._cast = _cast(organisation, callers)
        self._last_event = 0
        self._dialled: dict[str, str] = {}

    def name(self, address: str) -> str:
        """Return the owner of a phone."""
        return self._cast.name(address)

    def tell(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Write what happened on the phones since the last look, what Sunline decided, and why."""
        for line in sorted([*self._decided(), *self._happened(entries)], key=lambda line: line.at):
            click.echo(f"{to_local(line.at, ZONE):%H:%M:%S}  " + click.style(line.text, fg=line.colour))

    def _happened(self, entries: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
        trace = [Trace(datetime.fromisoformat(one["at"]), one["kind"], one["who"], one["detail"]) for one in entries]
        for entry in told(trace, self._dialled):
            text = None if entry.kind in UNTOLD else tell(entry, self._cast)
            if text:
                yield Line(entry.at, text, COLOURS.get(entry.kind, "white"))

    def _decided(self) -> Iterator[Line]:
        newer = select(event).where(event.c.id > self._last_event).order_by(event.c.id)
        with self._services.database.read() as connection:
            rows = connection.execute(newer).all()
        for row in rows:
            self._last_event = row.id
            text = decision(row, read_live_rotas(self._services.database, self._organisation, row.at))
            if text:
                yield Line(row.at, f"    ↳ {text}", "yellow")


def _cast(organisation: Organisation, callers: Mapping[str, str]) -> Cast:
    agents = {name: agent.contact for name, agent in organisation.agents.items()}
    clinicians = {name: person.voice for name, person in organisation.people.items()}
    interpreters = {name: interpreter.number for name, interpreter in organisation.interpreters.items()}
    everybody = {**callers, **interpreters, **agents, **clinicians}
    return Cast(everybody, frozenset(agents), frozenset(clinicians))
