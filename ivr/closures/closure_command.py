"""``sunline closure``: a practice that cannot open, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Row

from ivr.audit.append import is_reason
from ivr.closures import register
from ivr.closures.register import READY, Closure, ready_texts
from ivr.core.counting import counted
from ivr.core.ids import random_ids
from ivr.core.instants import InstantType
from ivr.core.listing import echo_json, json_option
from ivr.directory.organisation import Organisation, UnknownName
from ivr.directory.revisions import load
from ivr.installation.command_line import Installation, opened, refusals
from routing.spans import Span
from routing.zones import to_local


class Refused(click.ClickException):
    """A closure that must not be put in force as it is asked for."""


@click.group("closure")
def closure() -> None:
    """Close a practice at once, with a message for its callers, and open it again."""


@closure.command("begin", short_help="Close PRACTICE until an instant, with words for its callers.")
@click.argument("practice")
@click.option("--location", help="Only this location; default: all of the practice.")
@click.option("--from", "start", type=InstantType(), help="From this instant; default: now.")
@click.option(
    "--until",
    type=InstantType(),
    required=True,
    help="When it runs out by itself, such as '2026-11-22 18:00 America/Chicago'.",
)
@click.option("--message", type=click.Choice(READY), help="Say this, in words that come with the line.")
@click.option("--say", nargs=2, multiple=True, metavar="LANGUAGE TEXT", help="Say this; once for each language.")
@click.option("--why", required=True, help="A short phrase in small letters, for the record. Callers do not hear it.")
@click.option("--dry-run", is_flag=True, help="Show what would be said, and stop.")
@click.pass_context
def begin_command(
    context: click.Context,
    practice: str,
    location: str | None,
    start: datetime | None,
    until: datetime,
    message: str | None,
    say: tuple[tuple[str, str], ...],
    why: str,
    dry_run: bool,
) -> None:
    """Close PRACTICE. Whoever calls is told, in words approved in their language, and promises wait for it to end."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        organisation = _in_force(installation)
        texts = _texts(organisation, practice, message, dict(say))
        made = Closure(practice, location, Span(start or at, until), texts, why)
        _refuse_what_cannot_be(made, at)
        for line in _describe(organisation, made):
            click.echo(line)
        if not dry_run:
            click.echo(f"in force as {_begin(installation, made, at)}")


@closure.command("end")
@click.argument("name", metavar="ID")
@click.option("--dry-run", is_flag=True, help="Show which closure it is, and stop.")
@click.pass_context
def end_command(context: click.Context, name: str, dry_run: bool) -> None:
    """Open again now: the closure ID ends before it runs out."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with installation.database.read() as connection:
            rows = [row for row in register.list_standing(connection, at) if row.id == name]
        if not rows:
            raise Refused(f"no closure {name} stands; see: sunline closure list")
        if not dry_run:
            with installation.database.write() as connection:
                register.end_closure(connection, name, at, installation.actor)
        click.echo(f"{name}: {rows[0].practice_id} {'would keep' if dry_run else 'keeps'} its usual hours again")


@closure.command("list")
@json_option
@click.pass_context
def list_command(context: click.Context, as_json: bool) -> None:
    """The closures in force or still to come."""
    with refusals(), opened(context) as installation:
        organisation = _in_force(installation)
        with installation.database.read() as connection:
            rows = register.list_standing(connection, installation.clock.now())
        if as_json:
            return echo_json(row._asdict() for row in rows)
        for row in rows:
            click.echo("\n".join((f"{row.id}, by {row.made_by}: {row.why}", *_describe_row(organisation, row))))
        click.echo(counted(len(rows), "closure"))


def _in_force(installation: Installation) -> Organisation:
    with installation.database.read() as connection:
        return load(connection)


def _texts(
    organisation: Organisation, practice: str, message: str | None, said: Mapping[str, str]
) -> Mapping[str, str]:
    """The words in every language of the practice: nothing is ever translated by us."""
    languages = organisation.practice(practice).languages
    if bool(message) == bool(said):
        raise Refused("give either --message or --say, once for each language: " + ", ".join(languages))
    texts = ready_texts(message, languages) if message else said
    missing = [language for language in languages if not texts.get(language, "").strip()]
    strange = sorted(set(texts) - set(languages))
    if missing:
        raise Refused(f'no words in {", ".join(missing)}; add --say {missing[0]} "..." as approved by the practice')
    if strange:
        raise Refused(f"{practice} does not speak {', '.join(strange)}; leave it out")
    return {language: " ".join(text.split()) for language, text in texts.items()}


def _refuse_what_cannot_be(made: Closure, at: datetime) -> None:
    if not is_reason(made.why):
        raise Refused("--why must be a short phrase in small letters, such as: water main broken")
    if made.span.end <= max(made.span.start, at):
        raise Refused("the closure is over before it begins; give a later --until")


def _describe(organisation: Organisation, made: Closure) -> Iterator[str]:
    places = [made.location] if made.location else list(organisation.practice(made.practice).locations)
    for place in places:
        zone = organisation.location(made.practice, place).timezone
        start, end = (f"{to_local(instant, zone):%a %Y-%m-%d %H:%M}" for instant in made.span)
        yield f"{made.practice}, {place}: closed from {start} to {end} {zone}"
    for language, text in sorted(made.texts.items()):
        yield f"  {language}: {text}"


def _describe_row(organisation: Organisation, row: Row[Any]) -> list[str]:
    made = Closure(row.practice_id, row.location_id, Span(row.begins_at, row.ends_at), row.texts, row.why)
    try:
        return list(_describe(organisation, made))
    except UnknownName as gone:
        return [str(gone)]


def _begin(installation: Installation, made: Closure, at: datetime) -> str:
    name = random_ids()()
    with installation.database.write() as connection:
        register.begin_closure(connection, name, made, at, installation.actor)
    return name
