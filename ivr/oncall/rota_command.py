"""``sunline rota``: who is on call and when, covers at once, and swaps that both agree to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import click
from sqlalchemy import Connection, Row

from ivr.audit.append import is_reason
from ivr.core.counting import counted
from ivr.core.ids import random_ids
from ivr.core.instants import InstantType
from ivr.core.listing import echo_json, json_option
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.installation.command_line import Installation, opened, refusals
from ivr.oncall.pins import has_pin
from ivr.rotas import covers, swaps
from ivr.rotas.covers import CoverRefused
from ivr.rotas.duties import OnDuty, list_on_duty, list_shifts
from ivr.rotas.live import list_covers
from ivr.rotas.swaps import Swap, swap_of
from routing.spans import Span
from routing.zones import to_local

AHEAD = timedelta(days=28)
_FROM = click.option("--from", "start", type=InstantType(), help="From this instant; default: now.")
_UNTIL = click.option("--until", "end", type=InstantType(), required=True, help="Until this instant.")
_DRY = click.option("--dry-run", is_flag=True, help="Say what would be, and stop.")
_AS = click.option("--as", "person", required=True, metavar="PERSON", help="Who says so, as oncall.yaml names them.")


@click.group("rota")
def rota() -> None:
    """Who is on call and when; stand in at once; swap shifts once both agree."""


@rota.command("now", short_help="Who is on call on each ROTA, or on all, and who is next.")
@click.argument("names", nargs=-1, metavar="[ROTA]...")
@click.option("--at", type=InstantType(), help="As of this instant; default: now.")
@json_option
@click.pass_context
def now_command(context: click.Context, names: tuple[str, ...], at: datetime | None, as_json: bool) -> None:
    """Who is on call on each ROTA, or on all, who else is at once with them, who is next, and until when."""
    with refusals(), opened(context) as installation, installation.database.read() as connection:
        organisation = _in_force(connection)
        _refuse_unknown(organisation, names)
        found = list(list_on_duty(connection, organisation, at or installation.clock.now(), names))
    if as_json:
        return echo_json(_as_json(one) for one in found)
    for one in found:
        click.echo(_describe_duty(organisation, one))


@rota.command("shifts")
@click.argument("person")
@_FROM
@click.option("--until", "end", type=InstantType(), help="Until this instant; default: four weeks on.")
@json_option
@click.pass_context
def shifts_command(
    context: click.Context, person: str, start: datetime | None, end: datetime | None, as_json: bool
) -> None:
    """The shifts of PERSON on every rota, on its own clocks."""
    with refusals(), opened(context) as installation:
        begin = start or installation.clock.now()
        with installation.database.read() as connection:
            organisation = _in_force(connection)
            organisation.person(person)
            found = list_shifts(connection, organisation, person, begin, end or begin + AHEAD)
    if as_json:
        return echo_json(
            {"rota": one.rota, "from": one.start, "until": one.end, "responsible": one.first} for one in found
        )
    for one in found:
        beside = "" if one.first else ", beside whoever is responsible"
        click.echo(f"{one.rota}: {_stretch(organisation, one.rota, Span(one.start, one.end))}{beside}")
    click.echo(counted(len(found), "shift"))


@rota.command("list", short_help="The covers that stand, and the swaps that wait.")
@json_option
@click.pass_context
def list_command(context: click.Context, as_json: bool) -> None:
    """The covers that hold or are to come, and the swaps that wait for an answer."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with installation.database.read() as connection:
            organisation = _in_force(connection)
            standing = [row for row in list_covers(connection, at) if row.ended_at is None]
            waiting = swaps.list_swaps(connection, at)
    if as_json:
        return echo_json([_cover_as_json(row) for row in standing] + [_swap_as_json(row) for row in waiting])
    for line in (*(_cover(organisation, row) for row in standing), *(_swap(organisation, row) for row in waiting)):
        click.echo(line)
    click.echo(f"{counted(len(standing), 'cover')}, {counted(len(waiting), 'swap')} without an answer")


@rota.command("cover", short_help="Let PERSON stand in on ROTA, from now or later, until an instant.")
@click.argument("name", metavar="ROTA")
@click.argument("person")
@_FROM
@_UNTIL
@click.option("--instead-of", metavar="PERSON", help="Only for this person's shifts; default: for whoever it is.")
@click.option("--why", help="A short phrase in small letters, for the record.")
@_DRY
@click.pass_context
def cover_command(
    context: click.Context,
    name: str,
    person: str,
    start: datetime | None,
    end: datetime,
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
        span, made = Span(start or at, end), random_ids()()
        with _writing(installation, dry_run) as connection:
            organisation = _in_force(connection)
            about = {"instead_of": instead_of, "why": why}
            covers.cover(connection, organisation, made, name, person, span, at, installation.actor, **about)
            lines = [_sentence(organisation, name, person, instead_of, span), *_without_pin(connection, person)]
    click.echo("\n".join(lines if dry_run else [*lines, f"in force as {made}"]))


@rota.command("uncover")
@click.argument("name", metavar="ID")
@_DRY
@click.pass_context
def uncover_command(context: click.Context, name: str, dry_run: bool) -> None:
    """End the cover ID now, or undo one that is to come."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with _writing(installation, dry_run) as connection:
            if not covers.end_cover(connection, name, at, installation.actor):
                raise CoverRefused(f"no cover {name} stands; see: sunline rota list")
    click.echo(f"{name}: {'would end' if dry_run else 'ended'}, and the rota holds again")


@rota.command("ask-swap", short_help="Ask OTHER to take a shift, perhaps for one of theirs.")
@click.argument("name", metavar="ROTA")
@click.argument("other", metavar="OTHER")
@_AS
@click.option("--gives", nargs=2, type=InstantType(), required=True, metavar="FROM UNTIL", help="What is given away.")
@click.option("--takes", nargs=2, type=InstantType(), metavar="FROM UNTIL", help="What is taken for it.")
@_DRY
@click.pass_context
def ask_swap_command(
    context: click.Context,
    name: str,
    other: str,
    person: str,
    gives: tuple[datetime, datetime],
    takes: tuple[datetime, datetime] | None,
    dry_run: bool,
) -> None:
    """Ask OTHER to take a shift on ROTA. Nothing changes until they agree: sunline rota confirm-swap ID --as OTHER"""
    with refusals(), opened(context) as installation:
        at, made = installation.clock.now(), random_ids()()
        wanted = Swap(name, person, Span(*gives), other, Span(*takes) if takes else None)
        with _writing(installation, dry_run) as connection:
            organisation = _in_force(connection)
            swaps.ask_swap(connection, organisation, made, wanted, at, installation.actor)
    click.echo(_swap_sentence(organisation, wanted))
    if not dry_run:
        click.echo(f"asked as {made}")


@rota.command("confirm-swap")
@click.argument("name", metavar="ID")
@_AS
@_DRY
@click.pass_context
def confirm_swap_command(context: click.Context, name: str, person: str, dry_run: bool) -> None:
    """Agree to the swap ID, which holds from then on."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with _writing(installation, dry_run) as connection:
            organisation = _in_force(connection)
            swaps.confirm_swap(connection, organisation, name, person, at, installation.actor)
            row = swaps.find_swap(connection, name)
    if row is not None:
        click.echo(_swap_sentence(organisation, swap_of(row)))
    click.echo(f"{name}: {'would hold' if dry_run else 'holds'}")


@rota.command("withdraw-swap")
@click.argument("name", metavar="ID")
@_AS
@_DRY
@click.pass_context
def withdraw_swap_command(context: click.Context, name: str, person: str, dry_run: bool) -> None:
    """Take back the swap ID, or undo what is still to come of it."""
    with refusals(), opened(context) as installation:
        at = installation.clock.now()
        with _writing(installation, dry_run) as connection:
            swaps.withdraw_swap(connection, name, person, at, installation.actor)
    click.echo(f"{name}: {'would be taken back' if dry_run else 'taken back'}, and the rota holds again")


class _OnlyTried(Exception):
    """Undoes what was only tried."""


@contextmanager
def _writing(installation: Installation, dry_run: bool) -> Iterator[Connection]:
    """A transaction of which nothing is kept where it is only a try."""
    with suppress(_OnlyTried), installation.database.write() as connection:
        yield connection
        if dry_run:
            raise _OnlyTried


def _in_force(connection: Connection) -> Organisation:
    return load(connection)


def _refuse_unknown(organisation: Organisation, names: Sequence[str]) -> None:
    for name in names:
        if name not in organisation.rotas:
            raise CoverRefused(f"there is no rota {name}; name one of: {', '.join(sorted(organisation.rotas))}")


def _refuse_bad_reason(why: str | None) -> None:
    if why is not None and not is_reason(why):
        raise CoverRefused("--why must be a short phrase in small letters, such as: ill")


def _without_pin(connection: Connection, person: str) -> Iterator[str]:
    if not has_pin(connection, person):
        yield f"warning: {person} has no PIN and cannot accept a page; let them run: sunline pin set {person}"


def _stretch(organisation: Organisation, name: str, span: Span) -> str:
    zone = organisation.rotas[name].zone if name in organisation.rotas else "UTC"
    start, end = (f"{to_local(one, zone):%a %Y-%m-%d %H:%M}" for one in span)
    return f"from {start} until {end} {zone}"


def _describe_duty(organisation: Organisation, duty: OnDuty) -> str:
    zone = organisation.rotas[duty.rota].zone
    beside = f", with {', '.join(duty.beside)}" if duty.beside else ""
    following = f"; next {duty.next}" if duty.next else "; nobody is next"
    return f"{duty.rota}: {duty.on_call}{beside} until {to_local(duty.until, zone):%a %Y-%m-%d %H:%M} {zone}{following}"


def _as_json(duty: OnDuty) -> dict[str, Any]:
    about = {"rota": duty.rota, "on_call": duty.on_call, "beside": list(duty.beside)}
    return {**about, "next": duty.next, "until": duty.until}


def _sentence(organisation: Organisation, name: str, person: str, instead_of: str | None, span: Span) -> str:
    return f"{name}: {person} for {instead_of or 'whoever is on call'} {_stretch(organisation, name, span)}"


def _swap_sentence(organisation: Organisation, swap: Swap) -> str:
    given = f"{swap.rota}: {swap.asked_of} for {swap.asked_by} {_stretch(organisation, swap.rota, swap.gives)}"
    if swap.takes is None:
        return given
    return f"{given}; {swap.asked_by} for {swap.asked_of} {_stretch(organisation, swap.rota, swap.takes)}"


def _cover(organisation: Organisation, row: Row[Any]) -> str:
    span = Span(row.begins_at, row.ends_at)
    why = f": {row.why}" if row.why else ""
    told = _sentence(organisation, row.rota_id, row.person_id, row.instead_of, span)
    return f"{row.id}, {told}, by {row.made_by}{why}"


def _swap(organisation: Organisation, row: Row[Any]) -> str:
    return f"{row.id}, {_swap_sentence(organisation, swap_of(row))}, waits for {row.asked_of}"


def _cover_as_json(row: Row[Any]) -> dict[str, Any]:
    return {"kind": "cover", **row._asdict()}


def _swap_as_json(row: Row[Any]) -> dict[str, Any]:
    return {"kind": "swap", **row._asdict()}
