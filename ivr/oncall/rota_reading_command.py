"""``sunline rota now`` and ``shifts``: who is on call, and when somebody is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from ivr.core.counting import counted
from ivr.core.instants import ClockType
from ivr.core.listing import echo_json, json_option
from ivr.directory.organisation import read_folder
from ivr.directory.revisions import load
from ivr.installation.command_line import opened, refusals
from ivr.oncall.rota_days import MIDNIGHT, Given, describe_days, read_end, read_start
from ivr.oncall.rota_words import describe_duty, describe_stretch, describe_trouble, duty_as_json
from ivr.oncall.text_troubles import list_troubles
from ivr.rotas import covers
from ivr.rotas.duties import OnDuty, PersonalShift, list_on_duty, list_shifts
from routing.spans import Span

AHEAD = timedelta(days=28)
FROM = click.option("--from", "start", type=ClockType(), help=f"From this instant; default: now; {MIDNIGHT}.")
_CONFIG = click.option(
    "--config",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The rotas of this configuration, with the covers that stand; default: the one that is loaded.",
)


@click.command("now", short_help="Who is on call on each ROTA, or on all, and who is next.")
@click.argument("names", nargs=-1, metavar="[ROTA]...")
@click.option("--at", type=ClockType(), help=f"As of this instant; default: now; {MIDNIGHT}.")
@_CONFIG
@json_option
@click.pass_context
def now_command(
    context: click.Context, names: tuple[str, ...], at: Given | None, folder: Path | None, as_json: bool
) -> None:
    """Who is on call on each ROTA, or on all, who else is at once with them, who is next, and until when."""
    with refusals(), opened(context) as installation, installation.database.read() as connection:
        organisation = load(connection) if folder is None else read_folder(folder, at=installation.clock.now())
        for name in names:
            covers.check_rota(organisation, name)
        asked = at or installation.clock.now()
        found: list[OnDuty] = []
        days: list[str] = []
        for name in names or sorted(organisation.rotas):
            zone = organisation.rotas[name].zone
            found += list_on_duty(connection, organisation, read_start(asked, zone), (name,))
            days += [f"{name}: {told}" for told in describe_days([asked], zone)]
        people = {person for one in found for person in (one.on_call, *one.beside, one.next or "")}
        troubles = list_troubles(connection, organisation, people)
    if as_json:
        return echo_json(duty_as_json(one, troubles) for one in found)
    for line in (*days, *(describe_duty(organisation, one) for one in found)):
        click.echo(line)
    for trouble in troubles:
        click.echo(describe_trouble(trouble))


@click.command("shifts")
@click.argument("person")
@FROM
@click.option("--until", "end", type=ClockType(), help=f"Until this instant; default: four weeks on; {MIDNIGHT}.")
@_CONFIG
@json_option
@click.pass_context
def shifts_command(
    context: click.Context,
    person: str,
    start: Given | None,
    end: Given | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """The shifts of PERSON on every rota, on its own clocks."""
    with refusals(), opened(context) as installation:
        begin = start or installation.clock.now()
        with installation.database.read() as connection:
            organisation = load(connection) if folder is None else read_folder(folder, at=installation.clock.now())
            organisation.person(person)
            found: list[PersonalShift] = []
            days: list[str] = []
            for zone in sorted({one.zone for one in organisation.rotas.values()}):
                since = read_start(begin, zone)
                until = read_end(end, zone) if end is not None else since + AHEAD
                shifts = list_shifts(connection, organisation, person, since, until)
                theirs = [one for one in shifts if organisation.rotas[one.rota].zone == zone]
                days += describe_days([begin, end], zone) if theirs else []
                found += theirs
    if as_json:
        return echo_json(
            {"rota": one.rota, "from": one.start, "until": one.end, "responsible": one.first}
            for one in sorted(found, key=lambda one: (one.start, one.rota))
        )
    for line in days:
        click.echo(line)
    for one in sorted(found, key=lambda one: (one.start, one.rota)):
        beside = "" if one.first else ", beside whoever is responsible"
        click.echo(f"{one.rota}: {describe_stretch(organisation, one.rota, Span(one.start, one.end))}{beside}")
    click.echo(counted(len(found), "shift"))


READING_COMMANDS = (now_command, shifts_command)
