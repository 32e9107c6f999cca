"""Whether everybody who may be paged can accept."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from ivr.core.preflight import Examined, Finding, risk
from ivr.directory.organisation import Organisation
from ivr.oncall.pins import MOST_FAILURES
from ivr.oncall.tables import pin
from routing.ladder import Step

ON_THE_WAY = ("on_call", "next_on_call", "medical_director")


def check_pins(examined: Examined) -> Iterator[Finding]:
    """Everybody who may be paged by the configuration in force has a PIN that works."""
    if examined.organisation is not None:
        yield from check_every_pin(examined.organisation, examined.connection)


def check_every_pin(organisation: Organisation, connection: Connection) -> Iterator[Finding]:
    """Everybody who may be paged has a PIN that works: without one they cannot accept."""
    failures = {row.person_id: row.failures for row in connection.execute(select(pin))}
    for person in sorted(_paged(organisation)):
        if person not in failures:
            yield risk(f"{person} may be paged and has no PIN", f"let them run: sunline pin set {person}")
        elif failures[person] >= MOST_FAILURES:
            yield risk(f"the PIN of {person} is locked", f"let them run: sunline pin set {person}")


def _paged(organisation: Organisation) -> set[str]:
    """Whoever a ladder of a practice can reach: rotas with their overrides, directors, people named in a step."""
    found: set[str] = set()
    for name in organisation.practices:
        for duty in organisation.on_call_of(name):
            found |= {*duty.rota.people, *(taken.person for taken in duty.rota.overrides), duty.director}
    for ladder in organisation.ladders.values():
        found |= {step.page for step in ladder if isinstance(step, Step) and step.page not in ON_THE_WAY}
    return found
