"""``sunline waits``: how true were the waits that callers were told?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import click

from ivr.core.instants import InstantType
from ivr.core.listing import echo_json, json_option
from ivr.installation.command_line import opened, refusals
from ivr.queue.measured_waits import ANSWERED, Measured, measure_waits
from routing.estimate import SURE

USUAL = timedelta(days=7)
HEADS = ("told", *ANSWERED, "held", "gave up", "late", "left", "late", "waits")
COLUMNS = "{:<24}  {:<16}" + "  {:>7}" * len(HEADS)


@click.command("waits")
@click.option(
    "--from",
    "start",
    type=InstantType(),
    help="Callers who came from this instant on, such as 2026-11-22; default: a week ago.",
)
@click.option("--until", type=InstantType(), help="Up to this instant; default: now.")
@json_option
@click.pass_context
def waits(context: click.Context, start: datetime | None, until: datetime | None, as_json: bool) -> None:
    """How often did the wait of callers end inside the band of minutes that they were told first?

    Callers who reached somebody are counted before, inside and after their band, with the share inside, which should be
    four fifths. Callers who gave up, and those who left the line for a call-back or a clinician, are counted apart, and
    how many of them did so late, when their band was over.
    """
    with refusals(), opened(context) as installation:
        end = until or installation.clock.now()
        begin = start or end - USUAL
        if begin >= end:
            raise click.BadParameter("it is not before --until; give an earlier instant", param_hint="--from")
        with installation.database.read() as connection:
            found = measure_waits(connection, begin, end)
    if as_json:
        return echo_json({**asdict(one), "held": one.held} for one in found)
    click.echo("\n".join(table(found)) if found else "nobody was told how long they would wait")


def table(found: Sequence[Measured]) -> Iterator[str]:
    """The figures as lines of text, the promise last."""
    yield COLUMNS.format("practice", "service", *HEADS)
    yield from (COLUMNS.format(one.practice, one.service, *_cells(one)) for one in found)
    yield f"promised to hold: {SURE:.0%}"


def _cells(one: Measured) -> Iterator[str]:
    yield str(one.told)
    yield from (str(one.ends[end]) for end in ANSWERED)
    yield "" if one.held is None else f"{one.held:.0%}"
    for how in ("gave up", "left"):
        yield str(one.ends[how] + one.ends[f"{how} late"])
        yield str(one.ends[f"{how} late"])
    yield str(one.ends["waits"])
