"""``sunline rota``: who is on call and when, covers at once, and swaps that both agree to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
from sqlalchemy import Connection

from ivr.audit.append import is_reason
from ivr.core.counting import counted
from ivr.core.ids import random_ids
from ivr.core.instants import ClockType
from ivr.core.listing import echo_json, json_option
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.installation.command_line import opened, refusals
from ivr.oncall.drill_command import drill_command
from ivr.oncall.pins import has_pin
from ivr.oncall.rota_calendar_command import CALENDAR_COMMANDS
from ivr.oncall.rota_days import MIDNIGHT, Given, describe_days, read_end, read_start
from ivr.oncall.rota_reading_command import FROM, READING_COMMANDS
from ivr.oncall.rota_words import (
    cover_sentence,
    describe_cover,
    describe_swap,
    row_as_json,
    swap_sentence,
)
from ivr.oncall.rota_writing import DRY_RUN, writing
from ivr.rotas import covers, swaps
from ivr.rotas.addresses import list_addresses
from ivr.rotas.covers import CoverRefused
from ivr.rotas.feeds import list_feeds
from ivr.rotas.live import list_covers
from ivr.rotas.swaps import Swap, swap_of
from routing.spans import Span

_UNTIL = click.option("--until", "end", type=ClockType(), required=True, help=f"Until this instant; {MIDNIGHT}.")
_AS = click.option("--as", "person", required=True, metavar="PERSON", help="Who says so, as oncall.yaml names them.")


@click.group("rota")
def rota() -> None:
    """Who is on call and when; stand in at once; swap shifts once both agree."""


@rota.command("list", short_help="Covers, swaps that wait, calendars and addresses.")
@json_option
@click.pass_context
def list_command(context: click.Context, as_json: bool) -> None:
    """The covers that hold or are to come, swaps that wait for an answer, calendars followed and addresses made."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with installation.database.read() as connection:
            organisation = _in_force(connection)
            standing = [row for row in list_covers(connection, at) if row.ended_at is None]
            agreed = swaps.list_agreed(connection, standing)
            standing = [row for row in standing if row.swap_id is None]
            waiting = swaps.list_swaps(connection, at)
            followed, published = list_feeds(connection), list_addresses(connection)
    if as_json:
        kinds = (("cover", standing), ("swap", (*agreed, *waiting)), ("calendar", followed), ("address", published))
        return echo_json(row_as_json(kind, row) for kind, rows in kinds for row in rows)
    for line in (
        *(describe_cover(organisation, row) for row in standing),
        *(describe_swap(organisation, row) for row in (*agreed, *waiting)),
    ):
        click.echo(line)
    for row in followed:
        click.echo(f"{row.rota_id} follows a calendar, read {row.read_at or 'never'}: {row.problem or 'well'}")
    for row in published:
        click.echo(f"{row.id}, an address of the shifts of {row.subject}, by {row.made_by}")
    told = f"{counted(len(standing), 'cover')}, {counted(len(agreed), 'swap')} agreed to"
    click.echo(f"{told}, {counted(len(waiting), 'swap')} without an answer")


@rota.command("cover", short_help="Let PERSON stand in on ROTA, from now or later, until an instant.")
@click.argument("name", metavar="ROTA")
@click.argument("person")
@FROM
@_UNTIL
@click.option("--instead-of", metavar="PERSON", help="Only for this person's shifts; default: for whoever it is.")
@click.option("--why", help="A short phrase in small letters, for the record.")
@DRY_RUN
@click.pass_context
def cover_command(
    context: click.Context,
    name: str,
    person: str,
    start: Given | None,
    end: Given,
    instead_of: str | None,
    why: str | None,
    dry_run: bool,
) -> None:
    """Let PERSON stand in on ROTA at once. Pages that have begun go on as they were; the next ones go to them.

    Take it back with: sunline rota uncover ID
    """
    with refusals(), opened(context) as installation:
        _refuse_bad_reason(why)
        at = installation.clock.now()
        made = random_ids()()
        with writing(installation, dry_run) as connection:
            organisation = _in_force(connection)
            zone = _zone_of(organisation, name)
            span = Span(read_start(start or at, zone), read_end(end, zone))
            about = {"instead_of": instead_of, "why": why}
            covers.cover(connection, organisation, made, name, person, span, at, installation.actor, **about)
            told = cover_sentence(organisation, name, person, instead_of, span)
            lines = [*describe_days([start, end], zone), told, *_without_pin(connection, person)]
    click.echo("\n".join(lines if dry_run else [*lines, f"in force as {made}"]))


@rota.command("uncover")
@click.argument("name", metavar="ID")
@DRY_RUN
@click.pass_context
def uncover_command(context: click.Context, name: str, dry_run: bool) -> None:
    """End the cover ID now, or undo one that is to come."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with writing(installation, dry_run) as connection:
            if not covers.end_cover(connection, name, at, installation.actor):
                raise CoverRefused(f"no cover {name} stands; see: sunline rota list")
    click.echo(f"{name}: {'would end' if dry_run else 'ended'}, and the rota holds again")


@rota.command("ask-swap", short_help="Ask OTHER to take a shift, perhaps for one of theirs.")
@click.argument("name", metavar="ROTA")
@click.argument("other", metavar="OTHER")
@_AS
@click.option("--gives", nargs=2, type=ClockType(), required=True, metavar="FROM UNTIL", help="What is given away.")
@click.option("--takes", nargs=2, type=ClockType(), metavar="FROM UNTIL", help="What is taken for it.")
@DRY_RUN
@click.pass_context
def ask_swap_command(
    context: click.Context,
    name: str,
    other: str,
    person: str,
    gives: tuple[Given, Given],
    takes: tuple[Given, Given] | None,
    dry_run: bool,
) -> None:
    """Ask OTHER to take a shift on ROTA. Nothing changes until they agree: sunline rota confirm-swap ID --as OTHER"""
    with refusals(), opened(context) as installation:
        at, made = installation.clock.now(), random_ids()()
        with writing(installation, dry_run) as connection:
            organisation = _in_force(connection)
            zone = _zone_of(organisation, name)
            given, taken = (
                Span(read_start(one[0], zone), read_end(one[1], zone)) if one else None for one in (gives, takes)
            )
            assert given is not None
            wanted = Swap(name, person, given, other, taken)
            swaps.ask_swap(connection, organisation, made, wanted, at, installation.actor)
    for line in describe_days((*gives, *(takes or ())), zone):
        click.echo(line)
    click.echo(swap_sentence(organisation, wanted))
    if not dry_run:
        click.echo(f"asked as {made}")


@rota.command("confirm-swap")
@click.argument("name", metavar="ID")
@_AS
@DRY_RUN
@click.pass_context
def confirm_swap_command(context: click.Context, name: str, person: str, dry_run: bool) -> None:
    """Agree to the swap ID, which holds from then on."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with writing(installation, dry_run) as connection:
            organisation = _in_force(connection)
            swaps.confirm_swap(connection, organisation, name, person, at, installation.actor)
            row = swaps.find_swap(connection, name)
    if row is not None:
        click.echo(swap_sentence(organisation, swap_of(row)))
    click.echo(f"{name}: {'would hold' if dry_run else 'holds'}")


@rota.command("withdraw-swap")
@click.argument("name", metavar="ID")
@_AS
@DRY_RUN
@click.pass_context
def withdraw_swap_command(context: click.Context, name: str, person: str, dry_run: bool) -> None:
    """Take back the swap ID, or undo what is still to come of it."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with writing(installation, dry_run) as connection:
            swaps.withdraw_swap(connection, name, person, at, installation.actor)
    click.echo(f"{name}: {'would be taken back' if dry_run else 'taken back'}, and the rota holds again")


def _in_force(connection: Connection) -> Organisation:
    return load(connection)


def _zone_of(organisation: Organisation, name: str) -> str:
    covers.check_rota(organisation, name)
    return organisation.rotas[name].zone


def _refuse_unknown(organisation: Organisation, names: Sequence[str]) -> None:
    for name in names:
        covers.check_rota(organisation, name)


def _refuse_bad_reason(why: str | None) -> None:
    if why is not None and not is_reason(why):
        raise CoverRefused("--why must be a short phrase in small letters, such as: ill")


def _without_pin(connection: Connection, person: str) -> Iterator[str]:
    if not has_pin(connection, person):
        yield f"warning: {person} has no PIN and cannot accept a page; let them run: sunline pin set {person}"


for _command in (*READING_COMMANDS, *CALENDAR_COMMANDS, drill_command):
    rota.add_command(_command)
