"""Is a webhook as fast on full tables as on almost empty ones?

Calls are played, then copied inside the database until the tables hold millions of rows, with ids of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Insert,
    String,
    Table,
    cast,
    create_engine,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.sql.elements import ColumnElement

from bench.rig.calls import Play
from bench.rig.installation import BACKENDS, Installation, installed
from bench.rig.load import run
from bench.rig.server import gunicorn
from bench.rows import Baseline, Row, at_most, middle
from bench.webhook import callers, refuse_safe_landings
from ivr.calls.event_tables import event
from ivr.calls.tables import call, call_log, leg
from ivr.jobs.tables import outbox, timer
from ivr.queue.tables import waiting

TABLES = (call, leg, call_log, event, timer, outbox, waiting)
"""What a call leaves behind, parents first."""

NUMBERED = frozenset({(event, "id"), (timer, "id"), (outbox, "id")})
"""Columns that the database numbers itself."""

RENAMED = frozenset({"id", "call_id", "leg_id", "twilio_sid", "subject", "effect_key"})
"""Columns in which a copy must differ from its original."""

SID_TAIL = 11
"""A Twilio id has 34 characters; its zeros make way for the number of the copy."""

PAST = {leg: "ended", outbox: "done", timer: "fired", waiting: "left"}
"""The state of copies: they are yesterday's calls, and nothing is to be done about them."""

ROWS = 2_000_000
ROUNDS, SECONDS = 5, 1.0
GROWTH = 1.2


def measure(quick: bool = False) -> list[Row]:
    """The median webhook of one client on two installations in turn, on both databases."""
    if quick:
        return [_row("SQLite", 2_000, 1, 0.3)]
    return [_row(backend, ROWS, ROUNDS, SECONDS) for backend in BACKENDS]


def _row(backend: str, wanted: int, rounds: int, seconds: float) -> Row:
    with _serving(backend) as small, _serving(backend) as large:
        for each in (small, large):
            each.median_ms(seconds)  # warms up, and leaves calls to be copied
        total = _grow(large.installation, wanted)
        pairs = [(small.median_ms(seconds), large.median_ms(seconds)) for _ in range(rounds)]
        for each in (small, large):
            refuse_safe_landings(each.installation)
    usual, grown = (middle(times) for times in zip(*pairs, strict=True))
    what = f"{backend}, 1 connection, p50, on {total / 1e6:.1f} million rows"
    return at_most(what, grown, "ms", Baseline("almost empty", usual), GROWTH)


@dataclass(frozen=True, slots=True)
class Served:
    """An installation and its web server."""

    installation: Installation
    port: int
    plays: Iterator[Play]

    def median_ms(self, seconds: float) -> float:
        """The median webhook of one client."""
        return run(self.port, self.plays, connections=1, seconds=seconds).latency(0.5)


@contextmanager
def _serving(backend: str) -> Iterator[Served]:
    with installed(backend) as one, gunicorn("wsgi:app", one.environment, one.folder) as server:
        yield Served(one, server.port, callers(one.environment))


def _grow(installation: Installation, wanted: int) -> int:
    """Copy every row until there are about ``wanted``; how many there are."""
    # An engine of its own: ours gives up after two seconds, as it should.
    engine = create_engine(installation.services.database.url)
    with engine.begin() as connection:
        factor = max(1, wanted // _count(connection))
        for table in TABLES:
            connection.execute(_copies(table, factor))
        total = _count(connection)
        connection.execute(text("ANALYZE"))
    engine.dispose()
    return total


def _count(connection: Connection) -> int:
    return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES)


def _copies(table: Table, factor: int) -> Insert:
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < factor))
    columns = [column for column in table.c if (table, column.name) not in NUMBERED]
    copied = select(*(_copied(table, column, numbers.c.n) for column in columns))
    return insert(table).from_select(columns, copied.select_from(table.join(numbers, literal(1) == 1)))


def _copied(table: Table, column: Column[Any], number: ColumnElement[int]) -> ColumnElement[Any]:
    if column.name == "state":
        return literal(PAST[table])
    if column.name not in RENAMED:
        return column
    kept = func.substr(column, SID_TAIL) if column.name == "twilio_sid" else column
    return kept.concat("-").concat(cast(number, String))
