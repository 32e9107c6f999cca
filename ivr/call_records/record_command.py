"""``sunline record``: the record of a call, for whoever must hand it over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from callflows.call_record.record import CallRecord
from callflows.call_record.values import Cell
from ivr.call_records.reading import find_call, read_record
from ivr.core.listing import echo_json, json_option
from ivr.installation.command_line import opened, refusals
from routing.zones import to_local


class NoSuchCall(click.ClickException):
    """There is no call of this id."""


@click.command("record")
@click.argument("call_id", metavar="CALL")
@json_option
@click.pass_context
def record(context: click.Context, call_id: str, as_json: bool) -> None:
    """Print the record of CALL: what was asked, heard, said and done. CALL is the id at the end of its page's address.

    It holds what the caller said: each use leaves a row in the audit trail.
    """
    with refusals(), opened(context) as installation:
        with installation.database.read() as connection:
            found = find_call(connection, call_id)
            told = found and read_record(connection, installation.cipher, found)
        if found is not None and found.direction == "outbound":
            raise NoSuchCall("nobody called: it is a test of whether somebody on call can be reached; see its page")
        if found is None or told is None:
            raise NoSuchCall("there is no call of this id; copy it from the address of the call's page")
        about = {"call_id": found.id, "practice_id": found.practice_id, "patient_id": found.patient_id}
        installation.note("call.record", "ok", found.id, **about)
    if as_json:
        echo_json(_rows(told))
    else:
        click.echo("\n".join(_lines(told)))


def _rows(told: CallRecord) -> Iterator[dict[str, object]]:
    """Each item and each row of a list. ``missing`` says why there is no value."""
    for item in told.items:
        yield {"part": "call", "item": item.name, "value": item.value or None, "missing": item.missing}
    for part in told.parts:
        for row in part.rows:
            yield {
                "part": part.name,
                "item": None,
                "value": dict(zip(part.columns, row, strict=True)),
                "missing": part.remark,
            }
        if not part.rows:
            yield {"part": part.name, "item": None, "value": None, "missing": part.remark}


def _lines(told: CallRecord) -> Iterator[str]:
    for item in told.items:
        yield f"{item.name}: {f'({item.missing})' if item.missing else _say(item.value, told.zone)}"
    for part in told.parts:
        yield f"\n{part.name}{f': {part.remark}' if part.remark else ''}"
        if part.rows:
            yield "  " + " | ".join(part.columns)
        for row in part.rows:
            yield "  " + " | ".join(_say(cell, told.zone) for cell in row)


def _say(cell: Cell, zone: str) -> str:
    if not isinstance(cell, datetime):
        return cell
    return f"{to_local(cell, zone):%Y-%m-%d %H:%M:%S %Z} ({cell.astimezone(UTC):%H:%M:%S} UTC)"
