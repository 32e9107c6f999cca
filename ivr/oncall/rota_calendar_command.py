"""``sunline rota follow`` and its like: calendars that rotas follow, and addresses at which rotas are read."""

from __future__ import annotations

import os
from datetime import datetime

import click

from ivr.core.counting import counted
from ivr.core.ids import random_ids
from ivr.core.settings import read_settings
from ivr.core.urls import Urls
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.installation.command_line import Installation, opened, refusals
from ivr.oncall.rota_writing import DRY_RUN, writing
from ivr.privacy.keys import OPERATOR_KEYS
from ivr.rotas import addresses, feeds
from ivr.rotas.calendar_fetching import Unfetched, fetch_calendar
from ivr.rotas.covers import CoverRefused

_WHY = {
    "unreachable": "nothing answers at that address; look for a typing error, and whether a browser opens it",
    "refused": "its server says no; ask whoever keeps the calendar for its secret address",
    "not-https": "its address does not begin with https://, or has a name and password in it; ask for one that does",
    "private-address": "it is in a network of our own, and only the public internet is fetched from; give a public one",
    "redirected-too-often": "it leads from one address to the next; give the one at which it ends",
    "too-big": "it has more than 2 MB; ask for one of the shifts alone",
    "too-slow": "it takes more than 20 seconds; try again, or ask whoever keeps it",
}
"""Why a calendar could not be fetched, and the mend."""


@click.command("follow", short_help="Let ROTA follow a calendar, whose address is asked for.")
@click.argument("name", metavar="ROTA")
@click.option("--dry-run", is_flag=True, help="Fetch it now, say what it has, and stop.")
@click.pass_context
def follow_command(context: click.Context, name: str, dry_run: bool) -> None:
    """Let ROTA follow a calendar (iCalendar). Its address is asked for and never shown, because it may hold a secret.

    It is fetched every quarter of an hour. While it cannot be, the last good copy goes on. Its events go before the
    layers of the rota, by the names and calendar_names of oncall.yaml.
    """
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with installation.database.read() as connection:
            organisation = load(connection)
        if name not in organisation.rotas:
            raise CoverRefused(f"there is no rota {name}; see: sunline rota now")
        address = click.prompt("Address of the calendar, https://...", hide_input=True)
        try:
            if dry_run:
                return click.echo(_describe_copy(installation, organisation, name, address, at))
            installation.ensure_keys(OPERATOR_KEYS, at)
            with installation.database.write() as connection:
                about = {"files": installation.demo}
                feeds.follow(connection, installation.cipher, name, address, at, installation.actor, **about)
        except Unfetched as problem:
            raise CoverRefused(f"that calendar cannot be followed: {_WHY.get(str(problem), problem)}") from None
    click.echo(f"{name} follows that calendar; see how it fares: sunline rota list")


def _describe_copy(
    installation: Installation, organisation: Organisation, rota: str, address: str, at: datetime
) -> str:
    body = fetch_calendar(address, files=installation.demo)
    copy = feeds.read_copy(body, organisation, rota, at)
    found = f"{counted(len(copy.shifts), 'shift')} of our people, {counted(copy.unknown, 'event')} of nobody we know"
    return f"{copy.problem or 'it can be followed'}: {found}"


@click.command("unfollow")
@click.argument("name", metavar="ROTA")
@DRY_RUN
@click.pass_context
def unfollow_command(context: click.Context, name: str, dry_run: bool) -> None:
    """Let ROTA follow no calendar any more, at once."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with writing(installation, dry_run) as connection:
            feeds.unfollow(connection, name, at, installation.actor)
    click.echo(f"{name} {'would follow' if dry_run else 'follows'} no calendar")


@click.command("publish", short_help="Make a secret address for a rota or a person.")
@click.option("--rota", "name", metavar="ROTA", help="The shifts of this rota.")
@click.option("--person", metavar="PERSON", help="The shifts of this person, on every rota.")
@DRY_RUN
@click.pass_context
def publish_command(context: click.Context, name: str | None, person: str | None, dry_run: bool) -> None:
    """Make a secret address at which the shifts are read as a calendar. It is shown once, here.

    Take it back with: sunline rota unpublish ID
    """
    if (name is None) == (person is None):
        raise click.UsageError("give either --rota or --person")
    with refusals(), opened(context) as installation:
        at, made = installation.clock.now(), random_ids()()
        kind: addresses.Kind = "rota" if name is not None else "person"
        with writing(installation, dry_run) as connection:
            subject = (made, kind, name or person or "", at, installation.actor)
            token = addresses.publish(connection, load(connection), *subject)
    public_url = read_settings(os.environ).public_url if context.obj is None else ""
    told = f"{made}: {Urls(public_url).rota_calendar(token)}"
    click.echo("an address would be made" if dry_run else told)


@click.command("unpublish")
@click.argument("name", metavar="ID")
@DRY_RUN
@click.pass_context
def unpublish_command(context: click.Context, name: str, dry_run: bool) -> None:
    """Take the address ID back: nothing is at it any more."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with writing(installation, dry_run) as connection:
            addresses.unpublish(connection, name, at, installation.actor)
    click.echo(f"{name}: {'would be taken back' if dry_run else 'taken back'}")


CALENDAR_COMMANDS = (follow_command, unfollow_command, publish_command, unpublish_command)
