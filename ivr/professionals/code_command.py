"""``sunline codes``: the codes of listed organisations, each shown once."""

from __future__ import annotations

import click
from sqlalchemy import Connection

from ivr.audit.append import append
from ivr.core.counting import counted
from ivr.core.ids import random_ids
from ivr.core.listing import echo_json, json_option
from ivr.directory.revisions import load
from ivr.directory.schema.backline import ListedOrganisation
from ivr.installation.command_line import Installation, opened, refusals
from ivr.privacy.keys import OPERATOR_KEYS
from ivr.professionals import codes
from ivr.professionals.listing import MOST, NotListed, find_listed, list_listed


@click.group("codes")
def codes_group() -> None:
    """Codes of listed organisations."""


@codes_group.command("make", short_help="Make or renew a code, and show it once.")
@click.argument("practice")
@click.argument("organisation")
@click.option("--renew", is_flag=True, help="Make another code where there is one; that one is good no more, at once.")
@click.pass_context
def make_command(context: click.Context, practice: str, organisation: str, renew: bool) -> None:
    """Make the code of ORGANISATION, as the backline of PRACTICE lists it, and show it once.

    Tell it to whoever answers at the listed number. Where there is one already, nothing is done without --renew.
    """
    with refusals(), opened(context) as installation:
        listed = _find(installation, practice, organisation)
        at = installation.clock.now()
        for keys in (OPERATOR_KEYS, practice):
            installation.ensure_keys(keys, at)
        with installation.database.write() as connection:
            known = {one.listed_id: one for one in codes.list_codes(connection) if one.practice_id == practice}
            if organisation in known and not renew:
                since = f"{known[organisation].made_at:%Y-%m-%d}"
                raise NotListed(f"{organisation} has a code since {since}; --renew makes another one and ends that one")
            if len(known.keys() | {organisation}) > MOST:
                raise NotListed(f"{practice} has {counted(MOST, 'code')}, which is the most; withdraw one")
            digits = codes.make_code(connection, installation.cipher, random_ids(), practice, organisation, at)
            _note(installation, connection, "organisation-code.make", practice, organisation)
    ended = " The one before is good no more." if organisation in known else ""
    click.echo(f"The code of {listed.name} is {_spell(digits)}. It is shown this once, and kept nowhere.{ended}")


@codes_group.command("withdraw", short_help="Let a code be good no more, at once.")
@click.argument("practice")
@click.argument("organisation")
@click.pass_context
def withdraw_command(context: click.Context, practice: str, organisation: str) -> None:
    """Let the code of ORGANISATION be good no more, at once and also in calls that go on."""
    with refusals(), opened(context) as installation, installation.database.write() as connection:
        if not codes.withdraw_code(connection, practice, organisation):
            raise NotListed(f"{organisation} has no code at {practice}; see: sunline codes list")
        _note(installation, connection, "organisation-code.withdraw", practice, organisation)
    click.echo(f"{organisation} has no code at {practice} any more.")


@codes_group.command("list", short_help="List who may prove for whom they call.")
@json_option
@click.pass_context
def list_command(context: click.Context, as_json: bool) -> None:
    """List the organisations that may prove for whom they call, and since when each has a code."""
    with refusals(), opened(context) as installation, installation.database.read() as connection:
        made = {(one.practice_id, one.listed_id): one.made_at for one in codes.list_codes(connection)}
        rows = [
            {
                "practice": practice,
                "organisation": name,
                "name": one.name,
                "kind": one.kind,
                "code_made_at": made.get((practice, name)),
            }
            for practice, name, one in list_listed(load(connection))
        ]
    listed = {(row["practice"], row["organisation"]) for row in rows}
    left = sorted(made.keys() - listed)
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        has = f"code of {row['code_made_at']:%Y-%m-%d}" if row["code_made_at"] else "no code"
        click.echo(f"{row['practice']} {row['organisation']}: {row['name']}, {row['kind']}, {has}")
    for practice, name in left:
        click.echo(f"{practice} {name}: not listed any more. Listed again, it has its code again: withdraw it.")
    if not rows:
        click.echo("No practice lists an organisation: see backline: listed: in docs/configuration.md.")


def _find(installation: Installation, practice: str, organisation: str) -> ListedOrganisation:
    with installation.database.read() as connection:
        return find_listed(load(connection), practice, organisation)


def _note(installation: Installation, connection: Connection, action: str, practice: str, organisation: str) -> None:
    at, actor = installation.clock.now(), installation.actor
    append(connection, at=at, actor=actor, action=action, outcome="ok", practice_id=practice, object_id=organisation)


def _spell(digits: str) -> str:
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))
