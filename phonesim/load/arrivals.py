"""When callers call: a rate, or arrivals that were really measured."""

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from random import Random
from typing import IO

from phonesim.errors import PhonesimError
from phonesim.load.dice import busyness, poisson
from phonesim.load.plan import Counts, Plan, Rate, Stamps

MINUTE = 60.0
MOST_CALLS = 1e6
"""No slot has so many: what says so is no number of calls."""


class BadArrivals(PhonesimError):
    """A file of arrivals that does not hold what the plan says."""


def arrival_times(plan: Plan, seed: int) -> list[float]:
    """Seconds after the start at which the calls of the plan come, in order."""
    dice = Random(f"{seed}:arrivals")
    match plan.arrivals:
        case Rate() as rate:
            times = _by_rate(rate, dice, plan)
        case Counts() as counts:
            times = _by_counts(counts, dice)
        case Stamps() as stamps:
            times = _by_stamps(stamps, dice)
    within = (time for time in times if plan.lasts is None or time < plan.lasts)
    return sorted(islice(within, plan.most))


def _by_rate(rate: Rate, dice: Random, plan: Plan) -> Iterator[float]:
    start, mean = 0.0, rate.per_hour * rate.slot / 3600
    while plan.lasts is None or start < plan.lasts:
        count = poisson(dice, mean * busyness(dice, mean, rate.dispersion))
        yield from sorted(start + dice.random() * rate.slot for _ in range(count))
        start += rate.slot


def _by_counts(counts: Counts, dice: Random) -> Iterator[float]:
    rows = (row for row in _rows(counts.file) if not counts.day or _cell(row, counts.day_column, counts) == counts.day)
    started = (row for row in rows if not counts.start or _cell(row, counts.start_column, counts) >= counts.start)
    number = -1
    for number, row in enumerate(started):
        wanted = _number(row, counts) * counts.scale
        count = int(wanted) + (dice.random() < wanted % 1)
        yield from sorted((number + dice.random()) * counts.slot for _ in range(count))
    if number < 0:
        raise BadArrivals(f"{counts.file}: no row is of {counts.day or 'any day'}; name a day that the file has")


def _by_stamps(stamps: Stamps, dice: Random) -> Iterator[float]:
    texts = (_cell(row, stamps.column, stamps) for row in _rows(stamps.file))
    times = sorted(_instant(text, stamps) for text in texts if text.startswith(stamps.day))
    if not times:
        raise BadArrivals(f"{stamps.file}: no row is of {stamps.day or 'any day'}; name a day that the file has")
    # The minute is written down, the second is not.
    for time in times:
        yield ((time - times[0]).total_seconds() + dice.random() * MINUTE) / stamps.faster


def _rows(file: Path) -> Iterator[dict[str, str]]:
    try:
        with _opened(file) as opened:
            yield from csv.DictReader(opened)
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BadArrivals(f"{file}: it cannot be read as CSV ({problem}); name another file") from problem


def _opened(file: Path) -> IO[str]:
    if file.suffix == ".gz":
        return TextIOWrapper(gzip.open(file), "utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def _cell(row: dict[str, str], column: str, source: Counts | Stamps) -> str:
    if row.get(column) is None:
        raise BadArrivals(f"{source.file}: it has no column {column!r}; it has: {', '.join(map(str, row))}")
    return row[column]


def _number(row: dict[str, str], counts: Counts) -> float:
    text = _cell(row, counts.column, counts)
    try:
        calls = float(text or 0)
    except ValueError:
        calls = -1.0
    if not 0 <= calls < MOST_CALLS:
        raise BadArrivals(
            f"{counts.file}: {text!r} in column {counts.column!r} is no number of calls; write one from 0 on"
        )
    return calls


def _instant(text: str, stamps: Stamps) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as problem:
        raise BadArrivals(f"{stamps.file}: {text!r} in column {stamps.column!r} is no instant") from problem
