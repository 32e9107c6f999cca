"""Arrivals that were really measured: counts in slots, one line a call, or the events of an installation."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import IO

import click
from sqlalchemy import Connection, select

from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.core.instants import FIRST_YEAR, LAST_YEAR, is_reckoned_with
from ivr.queue.routing_request import last_agent
from routing.zones import occurrences, to_local, to_utc

HALF_HOUR = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
Rows = list[tuple[int, dict[str, str]]]
SLOT_COLUMNS = ("date", "start", "calls")
COLUMNS = "date, start and calls (counts), or timestamp (one line a call); practice, service and language if known"


@dataclass(frozen=True, slots=True)
class Came:
    """``calls`` that came in the ``lasts`` from ``wall`` on, local time. What the callers wanted, where it is known.

    ``known`` is the agent who took the last call from the same phone.
    """

    wall: datetime
    lasts: timedelta
    calls: float
    practice: str = ""
    service: str = ""
    language: str = ""
    urgency: str = "routine"
    known: str = ""


class BadArrivals(click.ClickException):
    """A file of arrivals that cannot be used; the text names the line and the mend."""


def read_arrivals(file: Path, zone: str) -> tuple[Came, ...]:
    """Read a CSV file, compressed or not, whose first line names its columns: :data:`COLUMNS`.

    Its times are those of the clocks of ``zone``; one that says its offset is brought to them. Raises BadArrivals where
    a call came at a time that those clocks jumped over: nothing comes at a time that never was, so that the file is on
    other clocks, and all of its times would be taken wrong. A slot without calls says nothing of clocks.
    """
    try:
        with _opened(file) as opened:
            rows = [(number, row) for number, row in enumerate(csv.DictReader(opened, restval=""), start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BadArrivals(f"{file}: it cannot be read as CSV ({problem}); name another file") from problem
    if not rows:
        raise BadArrivals(f"{file}: it has no calls; it needs the columns {COLUMNS}")
    read = _reader_of(file, tuple(filter(None, rows[0][1])))
    found = tuple(read(file, rows, zone))
    _require_times_that_were(file, found, zone)
    return found


def _reader_of(file: Path, columns: tuple[str, ...]) -> Callable[[Path, Rows, str], Iterator[Came]]:
    """What reads a file with these columns. Raises BadArrivals where one is missing."""
    read, needed = (_slots, SLOT_COLUMNS) if "calls" in columns else (_stamps, ("timestamp",))
    missing = [name for name in needed if name not in columns]
    if missing:
        lack = f"it has no column {' and no column '.join(missing)}; " if read is _slots else ""
        raise BadArrivals(f"{file}:1: {lack}it has the columns {', '.join(columns)}; it needs {COLUMNS}")
    return read


def _require_times_that_were(file: Path, found: Sequence[Came], zone: str) -> None:
    for number, one in enumerate(found, start=2):
        if one.calls and not occurrences(one.wall, zone):
            raise BadArrivals(
                f"{file}:{number}: {one.wall:%Y-%m-%d %H:%M} never was in {zone}, whose clocks jumped over it; "
                "name the zone whose clocks the file is on with --zone, such as UTC"
            )


def recorded(
    connection: Connection, day: date, zone: str, lately: Callable[[str], timedelta] = lambda _practice: timedelta()
) -> tuple[Came, ...]:
    """The calls that asked for a person in an installation on a day of ``zone``, to the second.

    ``lately``: for how long a practice remembers who took a call.
    """
    midnight = datetime.combine(day, datetime.min.time())
    start, end = to_utc(midnight, zone), to_utc(midnight + DAY, zone)
    queued = select(event).where(event.c.kind == "queued", event.c.at >= start, event.c.at < end).order_by(event.c.at)
    rows = connection.execute(queued).all()
    known = _known(connection, [row.call_id for row in rows], lately)
    return tuple(
        Came(
            to_local(row.at, zone).replace(tzinfo=None),
            timedelta(),
            1.0,
            row.practice_id,
            known=known.get(row.call_id, ""),
            **{name: str(row.data[name]) for name in ("service", "language", "urgency") if name in row.data},
        )
        for row in rows
    )


def _known(connection: Connection, calls: Sequence[str], lately: Callable[[str], timedelta]) -> dict[str, str]:
    """Who took the last call from the same phone, by calls."""
    found = {
        about.id: last_agent(connection, about, lately(about.practice_id))
        for about in connection.execute(select(call).where(call.c.id.in_(calls), call.c.caller_hash.is_not(None)))
    }
    return {name: agent for name, agent in found.items() if agent is not None}


def of_day(came: Iterable[Came], day: date) -> tuple[Came, ...]:
    """What came on one day, in order."""
    found = sorted((one for one in came if one.wall.date() == day), key=lambda one: one.wall)
    if not found:
        raise BadArrivals(f"no call came on {day}; name a day that was recorded with --day")
    return tuple(found)


def _opened(file: Path) -> IO[str]:
    if file.suffix == ".gz":
        return TextIOWrapper(gzip.open(file), "utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def _slots(file: Path, rows: Rows, zone: str) -> Iterator[Came]:
    walls = [_wall(file, number, f"{row['date']}T{row['start']}", zone) for number, row in rows]
    steps = (other - one for one, other in pairwise(walls))
    lasts = min((step for step in steps if step > timedelta()), default=HALF_HOUR)
    for wall, (number, row) in zip(walls, rows, strict=True):
        yield Came(wall, lasts, _calls(file, number, row["calls"]), **_about(row))


def _stamps(file: Path, rows: Rows, zone: str) -> Iterator[Came]:
    for number, row in rows:
        yield Came(_wall(file, number, row["timestamp"], zone), MINUTE, 1.0, **_about(row))


def _about(row: Mapping[str, str]) -> dict[str, str]:
    return {name: row.get(name) or "" for name in ("practice", "service", "language")}


def _wall(file: Path, number: int, text: str, zone: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        local = to_local(found, zone).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError) as problem:
        raise BadArrivals(f"{file}:{number}: {text!r} is no date and time; write 2026-11-02 and 08:30") from problem
    if not is_reckoned_with(local):
        raise BadArrivals(
            f"{file}:{number}: {text!r} is not between {FIRST_YEAR} and {LAST_YEAR}; write the year of it"
        )
    return local


def _calls(file: Path, number: int, text: str) -> float:
    try:
        calls = float(text or 0)
    except ValueError:
        calls = -1.0
    if not 0 <= calls < 1e6:
        raise BadArrivals(f"{file}:{number}: {text!r} is no number of calls; write one from 0 on")
    return calls
