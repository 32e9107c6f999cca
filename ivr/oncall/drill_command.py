"""``sunline rota drill``: have somebody rung now, to see whether they can be reached."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import Connection, Row, select, update

from ivr.audit.append import append
from ivr.core.errors import Refusal
from ivr.core.ids import random_ids
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.installation.command_line import opened, refusals
from ivr.oncall.drill_round import begin_test, list_tested
from ivr.oncall.rota_writing import DRY_RUN, writing
from ivr.rotas.covers import check_rota
from ivr.rotas.live import with_live_rotas
from ivr.rotas.tables import drill
from routing.drills import Beginning, list_to_test
from routing.rota import Rota
from routing.rota_parts import everybody
from routing.zones import to_local


class DrillRefused(Refusal):
    """A test that must not be; the text says why and what to do."""


@click.command("drill", short_help="Ring PERSON now, to see whether they can be reached.")
@click.option("--rota", "name", required=True, metavar="ROTA", help="For which rota, whose practice is named.")
@click.option("--person", required=True, metavar="PERSON", help="Who is rung, as oncall.yaml names them.")
@DRY_RUN
@click.pass_context
def drill_command(context: click.Context, name: str, person: str, dry_run: bool) -> None:
    """Ring PERSON within a minute at the number that is paged, and ask for the key 1. Nothing is said of a patient.

    Before a shift that is tested, or in one that is at risk, this is one more ring of that test. At any other time it
    is a ring by itself, of which nothing follows. What came of it is in the timeline of its call.
    """
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with writing(installation, dry_run) as connection:
            organisation = with_live_rotas(connection, load(connection), at)
            check_rota(organisation, name)
            organisation.person(person)
            rota, drill_id = organisation.rotas[name], random_ids()()
            _refuse_others(rota, person)
            beginning = _ask(connection, organisation, rota, person, at, drill_id)
            append(connection, at=at, actor=installation.actor, action="rota.drill", outcome="ok", object_id=person)
    told = "once, by itself"
    if beginning is not None:
        told = f"for the shift from {to_local(beginning.start, rota.zone):%a %Y-%m-%d %H:%M} {rota.zone}"
    click.echo(f"{name}: {person} {'would be' if dry_run else 'is'} rung within a minute, {told}")


def _refuse_others(rota: Rota, person: str) -> None:
    """Raise DrillRefused for somebody who is never on call on the rota, nor the backup of its tests."""
    backup = rota.drill.backup if rota.drill is not None else None
    theirs = sorted({*everybody(rota), *([backup] if backup is not None else [])})
    if person not in theirs:
        raise DrillRefused(f"{person} is not on {rota.id}; name one of: {', '.join(theirs)}")


def _ask(
    connection: Connection, organisation: Organisation, rota: Rota, person: str, at: datetime, drill_id: str
) -> Beginning | None:
    """Have a ring made; the shift that it is for, if it is for one. Raises DrillRefused where it must not be."""
    waiting = _find_open(connection, rota.id, person)
    if waiting is not None:
        if waiting.state == "ringing" or (waiting.next_at is not None and waiting.next_at <= at):
            raise DrillRefused(f"{person} is being rung now; see: sunline rota now")
        connection.execute(update(drill).where(drill.c.id == waiting.id).values(next_at=at))
        return None if waiting.asked_for else Beginning(person, waiting.shift_starts_at)
    coming = next((one for one in list_to_test(rota, at) if one.person == person), None)
    if coming is not None and (tested := list_tested(connection, rota.id, coming)):
        reached = to_local(tested[0].ended_at, rota.zone)
        raise DrillRefused(f"{person} has confirmed that shift already, at {reached:%H:%M} {rota.zone}; leave them be")
    beginning = coming or Beginning(person, at)
    begin_test(connection, drill_id, rota.id, beginning, at, asked_for=coming is None)
    return coming


def _find_open(connection: Connection, rota: str, person: str) -> Row | None:  # type: ignore[type-arg]
    theirs = drill.c.rota_id == rota, drill.c.person_id == person, drill.c.ended_at.is_(None)
    return connection.execute(select(drill).where(*theirs).order_by(drill.c.shift_starts_at)).first()
