"""``sunline report``: what happened at a practice, on the terminal. Nothing that anybody said is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import click
from sqlalchemy import Row

from ivr.calls.places import Place
from ivr.core.counting import counted
from ivr.core.listing import echo_json, json_option
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.installation.command_line import Installation, opened, refusals
from ivr.morning_summaries.reading import read_summary
from ivr.morning_summaries.register import find_zone, list_nights
from ivr.morning_summaries.summary import MorningSummary
from ivr.morning_summaries.telling import Line, tell_lines
from routing.zones import to_local

ACTION = "morning-summary.read"


class NoSummary(click.ClickException):
    """There is no summary to print."""


@click.group("report")
def report() -> None:
    """What happened at a practice."""


@report.command("morning-summary")
@click.option("--practice", required=True, help="The practice, by its id.")
@click.option("--location", help="One location, where each has a summary of its own; default: all.")
@click.option(
    "--date",
    "day",
    metavar="DAY",
    type=click.DateTime(("%Y-%m-%d",)),
    help="The day of the opening, such as 2026-11-04; default: the last one.",
)
@json_option
@click.pass_context
def morning_summary(
    context: click.Context, practice: str, location: str | None, day: datetime | None, as_json: bool
) -> None:
    """Print what happened until a practice opened. What callers said is on the page alone.

    Each use leaves a row in the audit trail.
    """
    with refusals(), opened(context) as installation:
        told = list(_read(installation, practice, location, day.date() if day else None))
    if as_json:
        echo_json(_row(summary, one) for summary, lines in told for one in lines)
    else:
        click.echo("\n\n".join("\n".join(_print(summary, lines)) for summary, lines in told))


def _read(
    installation: Installation, practice: str, location: str | None, day: date | None
) -> Iterator[tuple[MorningSummary, list[Line]]]:
    with installation.database.read() as connection:
        organisation = load(connection)
        organisation.practice(practice)
        if location is not None:
            organisation.location(practice, location)
        every = list_nights(connection, practice)
        if location is not None and {row.location_id for row in every} == {""}:
            raise NoSummary(f"{practice} has one morning summary for all its locations; leave --location out")
        rows = [row for row in every if location in (None, row.location_id)]
        found = _choose(organisation, rows, day)
        summaries = [read_summary(connection, organisation, row) for row in found]
    if not summaries:
        when = f"on {day}: it did not open then after a closing, or the summary is not made yet" if day else "yet"
        raise NoSummary(f"{practice} has no morning summary {when}; the page Mornings lists the days that have one")
    for summary in summaries:
        installation.note(ACTION, "ok", summary.id, practice_id=practice)
        yield summary, list(tell_lines(summary, organisation.names))


def _choose(organisation: Organisation, rows: list[Row[Any]], day: date | None) -> list[Row[Any]]:
    """The nights that ended on a day, else the last of each place."""
    if day is not None:
        return [row for row in rows if to_local(row.ends_at, _zone(organisation, row)).date() == day]
    return list({row.location_id: row for row in reversed(rows)}.values())


def _zone(organisation: Organisation, row: Row[Any]) -> str:
    return find_zone(organisation, Place(row.practice_id, row.location_id))


def _row(summary: MorningSummary, line: Line) -> Mapping[str, object]:
    where = {"practice": summary.place.practice_id, "location": summary.place.location_id or None}
    night = {"from": summary.night.start, "until": summary.night.end}
    return {**where, **night, "part": line.part, "at": line.at, "call": line.call_id, "what": line.what}


def _print(summary: MorningSummary, lines: list[Line]) -> Iterator[str]:
    place = " ".join(filter(None, (summary.place.practice_id, summary.place.location_id)))
    start, end = (_time(at, summary.zone) for at in summary.night)
    yield f"{place}: {counted(summary.total, 'call')} between {start} and {end} ({summary.zone})"
    if summary.is_quiet:
        new, below = ("new ", " What was open from before is below.") if summary.is_anything_open else ("", "")
        yield f"Nothing {new}happened between {start} and {end}.{below}"
    part = ""
    for line in lines:
        if line.part != part:
            yield f"\n{line.part}"
        part = line.part
        when = f"{_time(line.at, summary.zone)}  " if line.at else ""
        yield f"  {when}{line.what}{f'  (call {line.call_id})' if line.call_id else ''}"


def _time(at: datetime, zone: str) -> str:
    return f"{to_local(at, zone):%a %Y-%m-%d %H:%M %Z}"
