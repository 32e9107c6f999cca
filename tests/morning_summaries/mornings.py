"""Nights and mornings at Maple, which closes at 17:00 and opens at 08:00 in Chicago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.directory.revisions import load
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.morning_summaries.reading import read_summary
from ivr.morning_summaries.summary import MorningSummary
from ivr.morning_summaries.tables import morning_summary
from rehearsals.world import World
from routing.zones import to_utc

MONDAY_NIGHT = datetime(2026, 11, 3, 4, tzinfo=UTC)
"""Ten at night in Chicago."""
WAITS_FOR_IT = 'morning_summary: {text: ["+13125550102"]}'
MANAGER = "+13125550102"
OKAFOR = "+13125550182"


def chicago(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text), "America/Chicago")


def pass_time(world: World, until: datetime, step: timedelta = timedelta(minutes=30)) -> None:
    """The rounds come again and again."""
    while world.now < until:
        world.advance_to(min(until, world.now + step))
        carry_out_due_rounds(world.services)
        world.settle()


def nights(world: World, practice: str = "maple", location: str = "") -> list[Row[Any]]:
    """The nights with a summary, the oldest first."""
    ours = morning_summary.c.practice_id == practice, morning_summary.c.location_id == location
    with world.services.database.read() as connection:
        return list(connection.execute(select(morning_summary).where(*ours).order_by(morning_summary.c.ends_at)))


def last_summary(world: World) -> MorningSummary:
    """What the newest summary of Maple tells."""
    row = nights(world)[-1]
    with world.services.database.read() as connection:
        return read_summary(connection, load(connection), row)


def texts(world: World, number: str = MANAGER) -> Sequence[str]:
    return [one.body for one in world.net.phone(number).messages]
