"""Whether everybody who may be paged can accept."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from ivr.core.preflight import Examined, Finding, risk
from ivr.directory.organisation import Organisation
from ivr.oncall.pins import MOST_FAILURES
from ivr.oncall.tables import pin
from ivr.oncall.text_troubles import list_troubles
from ivr.privacy.cipher import ONLY_BY_ROW, is_sealed_hash
from ivr.rotas.feeds import is_stale, list_feeds
from ivr.rotas.live import with_live_rotas
from routing.ladder import Step
from routing.rota import everybody

ON_THE_WAY = ("on_call", "next_on_call", "medical_director")


def check_pins(examined: Examined) -> Iterator[Finding]:
    """Everybody who may be paged by the configuration in force has a PIN that works."""
    if examined.organisation is not None:
        refused = examined.settings.seals == ONLY_BY_ROW
        organisation = with_live_rotas(examined.connection, examined.organisation, examined.at)
        yield from check_every_pin(organisation, examined.connection, only_sealed=refused)


def check_calendars(examined: Examined) -> Iterator[Finding]:
    """Every calendar that a rota follows was read within a day, and the rota is there."""
    for row in list_feeds(examined.connection):
        if examined.organisation is not None and row.rota_id not in examined.organisation.rotas:
            what = f"a rota {row.rota_id} follows a calendar, and there is no such rota"
            yield risk(what, f"sunline rota unfollow {row.rota_id}")
        elif is_stale(row, examined.at):
            since = f"since {row.read_at:%Y-%m-%d %H:%M} UTC" if row.read_at else "ever"
            what = f"the calendar of {row.rota_id} has had no good copy {since} ({row.problem or 'untried'})"
            yield risk(what, f"see that it can be read, or: sunline rota follow {row.rota_id}")


def check_texts(examined: Examined) -> Iterator[Finding]:
    """Texts arrive at the numbers of everybody who may be paged."""
    organisation = examined.organisation
    for one in list_troubles(examined.connection, organisation) if organisation is not None else ():
        mend = "let them text START to our number" if one.opted_out else "write a number that takes texts"
        what = f"texts to {one.number} of {one.person} do not arrive since {one.since:%Y-%m-%d %H:%M} UTC: {one.why}"
        yield risk(what, f"{mend}; their telephone is rung all the same")


def check_every_pin(
    organisation: Organisation, connection: Connection, *, only_sealed: bool = False
) -> Iterator[Finding]:
    """Everybody who may be paged has a PIN that works: without one they cannot accept.

    ``only_sealed``: a hash that is not bound to its person is refused (`SUNLINE_SEALS`).
    """
    known = {row.person_id: row for row in connection.execute(select(pin))}
    for person in sorted(_paged(organisation)):
        mend = f"let them run: sunline pin set {person}"
        if person not in known:
            yield risk(f"{person} may be paged and has no PIN", mend)
        elif known[person].failures >= MOST_FAILURES:
            yield risk(f"the PIN of {person} is locked", mend)
        elif only_sealed and not is_sealed_hash(known[person].hash):
            yield risk(f"the PIN of {person} is refused, because it is not bound to them", mend)


def _paged(organisation: Organisation) -> set[str]:
    """Whoever a ladder of a practice can reach: rotas with their overrides, directors, people named in a step."""
    found: set[str] = set()
    for name in organisation.practices:
        for duty in organisation.on_call_of(name):
            found |= {*everybody(duty.rota), duty.director}
    for ladder in organisation.ladders.values():
        found |= {step.page for step in ladder if isinstance(step, Step) and step.page not in ON_THE_WAY}
    return found
