"""``sunline accounts``: the accounts of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection

from ivr.accounts import accounts_store, passwords
from ivr.accounts.accounts_store import AccountError
from ivr.accounts.passwords import UnfitPassword
from ivr.accounts.roles import ROLES
from ivr.audit.append import append
from ivr.core.counting import counted
from ivr.core.listing import echo_json, json_option
from ivr.installation.command_line import Installation, opened, refusals
from ivr.privacy.keys import OPERATOR_KEYS

generate = click.option("--generate", is_flag=True, help="Make a random password and print it once.")


@click.group("accounts")
def accounts() -> None:
    """Who may use the pages."""


@accounts.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the account may see.")
@generate
@click.pass_context
def add(context: click.Context, name: str, role: str, generate: bool) -> None:
    """Make an account for one person. The password is asked for, and never shown."""
    chosen = _password(generate)
    with _changing(context, "staff.add", name) as (installation, connection):
        accounts_store.add_account(connection, installation.cipher, name, role, chosen, installation.clock.now())
    click.echo(f"{name} may sign in as {role}.")


@accounts.command("password", short_help="Set a new password; who uses the account is signed out.")
@click.argument("name")
@generate
@click.pass_context
def password(context: click.Context, name: str, generate: bool) -> None:
    """Set a new password; sessions of the account end, and a disabled account opens again."""
    chosen = _password(generate)
    with _changing(context, "staff.password", name) as (installation, connection):
        accounts_store.set_password(connection, installation.cipher, name, chosen)
    click.echo(f"{name} has a new password.")


@accounts.command("disable")
@click.argument("name")
@click.pass_context
def disable(context: click.Context, name: str) -> None:
    """Close an account at once; whoever uses it is signed out."""
    with _changing(context, "staff.disable", name) as (installation, connection):
        accounts_store.disable_account(connection, name, installation.clock.now())
    click.echo(f"{name} cannot sign in any more.")


@accounts.command("list")
@json_option
@click.pass_context
def show(context: click.Context, as_json: bool) -> None:
    """Print the accounts."""
    with refusals(), opened(context) as installation, installation.database.read() as connection:
        rows = accounts_store.list_accounts(connection)
    if as_json:
        return echo_json({"name": row.name, "role": row.role, "active": row.disabled_at is None} for row in rows)
    for row in rows:
        click.echo(f"{row.name}  {row.role}  {'disabled' if row.disabled_at else 'active'}")
    click.echo(counted(len(rows), "account"))


@contextmanager
def _changing(context: click.Context, action: str, name: str) -> Iterator[tuple[Installation, Connection]]:
    """A transaction for one change and its audit row; what cannot be done is said in one line."""
    with refusals(), opened(context) as installation:
        installation.ensure_keys(OPERATOR_KEYS, installation.clock.now())
        try:
            with installation.database.write() as connection:
                yield installation, connection
                at = installation.clock.now()
                append(connection, at=at, actor=installation.actor, action=action, outcome="ok", object_id=name)
        except (AccountError, UnfitPassword) as refusal:
            raise click.ClickException(str(refusal)) from refusal


def _password(generate: bool) -> str:
    if not generate:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    made = passwords.generate_password()
    click.echo(f"Password, shown only now: {made}")
    return made
