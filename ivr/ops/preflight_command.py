"""``sunline preflight``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.clock import SystemClock
from ivr.core.command import FEATURES
from ivr.core.counting import counted
from ivr.core.database import Database
from ivr.core.feature import Features
from ivr.core.instants import InstantType
from ivr.core.listing import echo_json, json_option
from ivr.core.preflight import Check, Examined, Finding, Severity, risk
from ivr.core.settings import Settings, read_settings
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import current, load
from ivr.ops import schema
from ivr.ops.checks import machine, phone_network
from ivr.ops.checks.setup import check_setup


@click.command("preflight")
@click.option("--online", is_flag=True, help="Ask the phone network too: credentials, numbers, time.")
@click.option("--at", type=InstantType(), help="Judge as of this instant, such as 2026-11-22; default: now.")
@json_option
@click.pass_context
def preflight(context: click.Context, online: bool, at: datetime | None, as_json: bool) -> None:
    """Is this installation fit for patients? Every risk, and the mend; exit status 1 when it is not."""
    settings, judged_at = read_settings(os.environ), at or SystemClock().now()
    found = [*check_setup(settings), *_line(settings, judged_at, context.meta[FEATURES](), online=online)]
    found.sort(key=lambda finding: finding.severity is not Severity.RISK)
    risks = sum(finding.severity is Severity.RISK for finding in found)
    if as_json:
        echo_json({"severity": one.severity.name.lower(), "what": one.what, "mend": one.mend} for one in found)
        context.exit(1 if risks else 0)
    for finding in found:
        click.echo(str(finding))
    pieces = counted(len(found) - risks, "piece of advice", "pieces of advice")
    click.echo(f"{counted(risks, 'risk')}, {pieces}" if found else "nothing to mend")
    context.exit(1 if risks else 0)


def _line(settings: Settings, at: datetime, features: Features, *, online: bool) -> Iterator[Finding]:
    """Everything beyond the settings. A database that does not answer is told of elsewhere, and then left out here."""
    yield from machine.check_space(settings)
    yield from machine.check_address(settings)
    yield from machine.check_zone_data(at)
    yield from machine.advise_on_media()
    database = Database(settings.database_url)
    organisation: Organisation | None = None
    try:
        with database.read() as connection:
            if schema.is_current(connection):
                organisation = load(connection) if current(connection) is not None else None
                examined = Examined(settings, connection, organisation, at)
                yield from machine.check_durability(settings, connection)
                for check in features.checks:
                    yield from _make(check, examined)
    except SQLAlchemyError:
        pass
    finally:
        database.dispose()
    if online:
        yield from phone_network.check_time(settings, at)
        yield from phone_network.check_numbers(settings, organisation)
        yield from phone_network.check_verify_services(settings, organisation)


def _make(check: Check, examined: Examined) -> Iterator[Finding]:
    """Make a check. One that the database refuses is a risk of its own, and keeps no other from being made."""
    try:
        yield from check(examined)
    except SQLAlchemyError as failure:
        examined.connection.rollback()
        yield risk(f"the database refused a check ({type(failure).__name__})", "look into its log, or restore it")
