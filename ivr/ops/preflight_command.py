"""``sunline doctor``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import click
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.clock import SystemClock
from ivr.core.database import Database
from ivr.core.instants import InstantType
from ivr.core.settings import Settings, read_settings
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import current, load
from ivr.ops import schema
from ivr.ops.checks import operation, phone_network
from ivr.ops.checks.installation import Risk, risks


@click.command("doctor")
@click.option("--online", is_flag=True, help="Ask the phone network too: credentials, numbers, time.")
@click.option("--at", type=InstantType(), help="Judge as of this instant; default: now.")
@click.pass_context
def doctor(context: click.Context, online: bool, at: datetime | None) -> None:
    """Is this installation fit for patients? Every risk, and the mend; exit status 1 when it is not."""
    settings = read_settings(os.environ)
    found = [*risks(settings), *of_the_line(settings, at or SystemClock().now(), online=online)]
    found.sort(key=lambda risk: not risk.grave)
    for risk in found:
        click.echo(str(risk))
    grave = sum(risk.grave for risk in found)
    click.echo(f"{grave} risks, {len(found) - grave} pieces of advice" if found else "nothing to mend")
    context.exit(1 if grave else 0)


def of_the_line(settings: Settings, at: datetime, *, online: bool) -> Iterator[Risk]:
    """Everything beyond the settings. A database that does not answer is told of elsewhere, and then left out here."""
    yield from operation.of_space(settings)
    yield from operation.of_the_address(settings)
    yield from operation.of_zones(at)
    yield from operation.of_media()
    database = Database(settings.database_url)
    organisation: Organisation | None = None
    try:
        with database.read() as connection:
            if schema.is_current(connection):
                organisation = load(connection) if current(connection) is not None else None
                yield from of_what_is_stored(settings, connection, organisation, at)
    except SQLAlchemyError:
        pass
    finally:
        database.dispose()
    if online:
        yield from phone_network.of_the_time(settings, at)
        yield from phone_network.of_the_phone_network(settings, organisation)


def of_what_is_stored(
    settings: Settings, connection: Connection, organisation: Organisation | None, at: datetime
) -> Iterator[Risk]:
    """What the database tells."""
    yield from operation.of_durability(settings, connection)
    yield from operation.of_the_clock(connection, at)
    yield from operation.of_staff(connection)
    if organisation is not None:
        yield from operation.of_protocols(organisation, at)
        yield from operation.of_pins(organisation, connection)
        yield from operation.of_interpreters(organisation)
        yield from operation.of_changed_zones(organisation, at)
