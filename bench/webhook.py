"""The whole durable path of a webhook against a constant document, on the same gunicorn in the same run.

Eight signed webhooks a call, every call a new one; the load is closed-loop from 1 and from 16 keep-alive connections.
Nothing else runs: no worker drains, so the figures are those of the web processes, their database and Redis.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import func, select

from bench.rig.calls import Callers, Play
from bench.rig.disk import commit_ms
from bench.rig.installation import BACKENDS, PUBLIC_URL, Installation, installed
from bench.rig.load import Load, LoadFailed, run
from bench.rig.server import Server, gunicorn
from bench.rows import Baseline, Row, at_least, at_most, middle, reported, within
from ivr.calls.event_tables import event
from ivr.core.counting import counted

ONE, MANY = 1, 16
ROUNDS = 3
SECONDS = 3.0
MOST_P99_MS = {"SQLite": 25, "PostgreSQL": 20}
CONSTANT = "constant document"


@dataclass(slots=True)
class Contender:
    """A server under load, and what its rounds measured by number of connections."""

    name: str
    server: Server
    plays: Iterator[Play]
    rounds: dict[int, list[Load]] = field(default_factory=lambda: {ONE: [], MANY: []})

    def round(self, seconds: float) -> None:
        """One round with each number of connections."""
        for connections, loads in self.rounds.items():
            loads.append(run(self.server.port, self.plays, connections=connections, seconds=seconds))

    def rate(self) -> float:
        """Requests a second from many connections."""
        return middle([load.rate for load in self.rounds[MANY]])

    def latency(self, connections: int, share: float) -> float:
        """Milliseconds that ``share`` of the requests do not pass."""
        return middle([load.latency(share) for load in self.rounds[connections]])


def measure(quick: bool = False) -> list[Row]:
    """Throughput, median with one client and tail with many, on both databases (``quick``: on SQLite)."""
    rounds, seconds = (1, 0.1) if quick else (ROUNDS, SECONDS)
    with ExitStack() as stack:
        installations = {name: stack.enter_context(installed(name)) for name in BACKENDS[: 1 if quick else None]}
        contenders = [_contender(stack, name, at) for name, at in installations.items()]
        ceiling = _ceiling(stack, installations["SQLite"])
        for contender in (ceiling, *contenders):
            run(contender.server.port, contender.plays, connections=MANY, seconds=seconds)
        for _ in range(rounds):
            for contender in (ceiling, *contenders):
                contender.round(seconds)
        for installation in installations.values():
            refuse_safe_landings(installation)
        disk = reported("one page written and on the disk (fdatasync)", commit_ms(installations["SQLite"].folder), "ms")
        return [disk, *_reports(ceiling), *(row for one in contenders for row in _rows(one, ceiling))]


def refuse_safe_landings(installation: Installation) -> None:
    """A call that landed safely was not the call we measure. Raises LoadFailed."""
    with installation.services.database.read() as connection:
        landed = select(func.count()).where(event.c.kind == "safe-landing")
        if count := connection.execute(landed).scalar_one():
            raise LoadFailed(f"{counted(count, 'call')} ended in the safe landing")


def callers(environment: Mapping[str, str]) -> Iterator[Play]:
    """Calls without end to the installation of ``environment``."""
    play = Callers(environment["TWILIO_ACCOUNT_SID"], environment["TWILIO_AUTH_TOKEN"], PUBLIC_URL)
    return map(play.call, itertools.count(1))


def _contender(stack: ExitStack, name: str, at: Installation) -> Contender:
    server = stack.enter_context(gunicorn("wsgi:app", at.environment, at.folder))
    return Contender(name, server, callers(at.environment))


def _ceiling(stack: ExitStack, at: Installation) -> Contender:
    folder = at.folder / "constant"
    folder.mkdir()
    server = stack.enter_context(gunicorn("bench.rig.constant:app", at.environment, folder))
    return Contender(CONSTANT, server, callers(at.environment))


def _reports(ceiling: Contender) -> list[Row]:
    return [
        reported(f"{CONSTANT}, {MANY} connections", ceiling.rate(), "req/s"),
        reported(f"{CONSTANT}, {MANY} connections, p99", ceiling.latency(MANY, 0.99), "ms"),
        reported(f"{CONSTANT}, 1 connection, p50", ceiling.latency(ONE, 0.5), "ms"),
    ]


def _rows(one: Contender, ceiling: Contender) -> list[Row]:
    baseline = partial(Baseline, CONSTANT)
    tail, usual, usual_of_ceiling = one.latency(MANY, 0.99), one.latency(ONE, 0.5), ceiling.latency(ONE, 0.5)
    return [
        at_least(f"{one.name}, {MANY} connections", one.rate(), "req/s", baseline(ceiling.rate()), 0.30),
        within(f"{one.name}, {MANY} connections, p99", tail, "ms", MOST_P99_MS[one.name]),
        at_most(f"{one.name}, 1 connection, p50", usual, "ms", baseline(usual_of_ceiling), 2.9),
        reported(f"{one.name}, 1 connection, p99", one.latency(ONE, 0.99), "ms", baseline(ceiling.latency(ONE, 0.99))),
    ]
