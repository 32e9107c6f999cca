"""``sunline coverage``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from ivr.core.counting import counted
from ivr.core.listing import echo_json, json_option
from ivr.directory.options import DAYS, FOLDER, State, at_option, png_option, svg_option
from ivr.directory.organisation import read_folder
from ivr.installation.command_line import now, refusals
from ivr.workforce.coverage import gaps_in, lines
from ivr.workforce.coverage_causes import Cause, causes_of
from ivr.workforce.coverage_words import dates_of, described, hours, mend_of, places_of
from ivr.workforce.pictures.coverage import heat_map
from ivr.workforce.pictures.files import save


@click.command("coverage")
@click.argument("folder", type=FOLDER)
@at_option
@click.option("--days", type=DAYS, default=366, show_default=True, help="How many days to look at.")
@click.option(
    "--people", type=click.IntRange(1, 10_000), default=1, show_default=True, help="How many have to be there."
)
@click.option(
    "--state", "states", type=State(), multiple=True, help="Patients are in this state too, such as TX; several times."
)
@click.option("--lapse", is_flag=True, help="Let licences and training end on their day; else they count as renewed.")
@json_option
@svg_option
@png_option
@click.pass_context
def coverage(
    context: click.Context,
    folder: Path,
    at: datetime | None,
    days: int,
    people: int,
    states: tuple[str, ...],
    lapse: bool,
    as_json: bool,
    svg: Path | None,
    png: Path | None,
) -> None:
    """Are enough people awake to answer, at every instant? Prints each gap with its mend; exit status 1 with one.

    Every practice, location, service and language is asked about, and clinical work in the state of the location and
    in each --state. Shifts, breaks, holidays of both sides, changes of the clocks, licences and training all count.
    """
    start = now(context, at)
    end = start + timedelta(days=days)
    with refusals():
        organisation = read_folder(folder, at=start, allow_unsigned=True)
    found = tuple(lines(organisation, start, end, renewed=not lapse, states=states))
    missing = gaps_in(organisation, found, people)
    causes = causes_of(missing)
    if as_json:
        echo_json(map(_listed, causes))
        context.exit(1 if missing else 0)
    for told in (told for cause in causes for told in _told(cause)):
        click.echo(told)
    together = f" of {counted(len(causes), 'cause')}" if len(causes) < len(missing) else ""
    click.echo(f"{counted(len(missing), 'gap')}{together} in {counted(days, 'day')}")
    if svg or png:
        for file in save(heat_map(found, start, end, people), svg, png):
            click.echo(f"{file}: the heat map")
    context.exit(1 if missing else 0)


def _listed(cause: Cause) -> dict[str, object]:
    """A cause with every stretch of time, in UTC."""
    return {
        "places": [{"practice": practice, "location": location} for practice, location in cause.places],
        "services": cause.services,
        "languages": cause.languages,
        "states": cause.states,
        "hours": round(hours(cause), 2),
        "times": [{"from": span.start, "until": span.end} for span in cause.spans],
        "mend": mend_of(cause),
    }


def _told(cause: Cause) -> Iterator[str]:
    yield f"{places_of(cause)}: {described(cause)} ({hours(cause):,.1f} h in all)"
    if len(cause.spans) > 1:
        yield from (f"  at {line}" for line in dates_of(cause))
    yield f"  mend: {mend_of(cause)}"
