"""The ``audit`` commands."""

from __future__ import annotations

import os

import click

from ivr.audit.append import head
from ivr.audit.chain import Head
from ivr.audit.verify import Verification, verify
from ivr.core.counting import counted
from ivr.core.database import Database
from ivr.core.listing import echo_json, json_option
from ivr.core.settings import read_settings


class HeadType(click.ParamType[Head]):
    """A head as `audit head` prints it."""

    name = "head"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        if isinstance(value, Head):
            return value
        try:
            return Head.parse(str(value))
        except ValueError as unreadable:
            self.fail(str(unreadable), param, ctx)


@click.group("audit")
@click.option("--database-url", envvar="SUNLINE_DATABASE_URL", help="The database; default: the one in use.")
@click.pass_context
def audit(context: click.Context, database_url: str | None) -> None:
    """Prove that the audit log is whole."""
    if database_url is not None or not isinstance(context.obj, Database):
        context.obj = database_url


def _opened(context: click.Context) -> Database:
    """The database that is asked about; opened by the command itself, so that its help needs no installation."""
    if isinstance(context.obj, Database):
        return context.obj
    made = Database(context.obj or read_settings(os.environ).database_url)
    context.call_on_close(made.dispose)
    return made


@audit.command("verify")
@click.option("--head", "known", type=HeadType(), help="A head printed earlier: proves that nothing was cut off.")
@json_option
@click.pass_context
def verify_command(context: click.Context, known: Head | None, as_json: bool) -> None:
    """Recompute the whole chain; exit status 1 where anything is wrong."""
    with _opened(context).read() as connection:
        found = verify(connection, known)
    if as_json:
        echo_json([{"rows": found.rows, "head": found.head, "problems": found.problems}])
    else:
        _report(found)
    if not found.sound:
        raise SystemExit(1)


@audit.command("head")
@click.pass_context
def head_command(context: click.Context) -> None:
    """Print where the chain stands, to be kept outside this database."""
    with _opened(context).read() as connection:
        click.echo(str(head(connection)))


def _report(found: Verification) -> None:
    for problem in found.problems:
        click.echo(problem, err=True)
    click.echo(f"{counted(found.rows, 'row')}, head {found.head}, {counted(len(found.problems), 'problem')}")
