"""Coming back: Redis emptied under 10 000 agents and 10 000 waiting calls, and web workers killed."""

from __future__ import annotations

import os
import signal
import statistics
import time
from pathlib import Path

from bench.errors import CannotMeasure
from bench.rig.crowd import put_crowd
from bench.rig.installation import BACKENDS, Installation, installed
from bench.rig.server import Server, answers, gunicorn
from bench.rows import Baseline, Row, reported, within
from ivr.core.counting import counted
from ivr.queue import index

CALLS = 10_000
TRIALS = 5
REBUILT_WITHIN_S = 1
WEB_BACK_WITHIN_MS = 100


class NotRebuilt(CannotMeasure):
    """The queue differs after Redis was emptied."""


def measure(quick: bool = False) -> list[Row]:
    """Redis on both databases (``quick``: on SQLite), the web on the one that comes out of the box."""
    calls, trials = (50, 1) if quick else (CALLS, TRIALS)
    rows: list[Row] = []
    for backend in BACKENDS[: 1 if quick else None]:
        with installed(backend) as installation:
            rows += _redis(backend, installation, calls, trials)
            if backend == "SQLite":
                rows += _web(installation, trials)
    return rows


def _redis(backend: str, installation: Installation, calls: int, trials: int) -> list[Row]:
    _, expected = put_crowd(installation.services, calls)
    _first_answer(installation, expected, empty=False)  # a process that has answered before knows who there is
    emptied = [_first_answer(installation, expected, empty=True) for _ in range(trials)]
    filled = [_first_answer(installation, expected, empty=False) for _ in range(trials)]
    what = f"{backend}: Redis emptied, {counted(calls, 'agent')} and {counted(calls, 'waiting call')} in order again"
    return [
        within(what, max(emptied), "s", REBUILT_WITHIN_S),
        reported(f"{what}, median", statistics.median(emptied), "s", Baseline("Redis full", statistics.median(filled))),
    ]


def _first_answer(installation: Installation, expected: list[str], *, empty: bool) -> float:
    """Seconds until the queue's order is known."""
    services = installation.services
    assert services.redis is not None
    if empty:
        services.redis.flushall()
    start = time.perf_counter()
    with services.database.read() as connection:
        found = [index.position(services, connection, call_id) for call_id in (expected[0], expected[-1])]
    took = time.perf_counter() - start
    if found != [1, len(expected)]:
        raise NotRebuilt(f"the first and the last of {counted(len(expected), 'call')} stand at {found}")
    return took


def _web(installation: Installation, trials: int) -> list[Row]:
    with gunicorn("wsgi:app", installation.environment, installation.folder) as server:
        took = [_killed(server) for _ in range(trials)]
    return [within("every web worker killed: first answer again, worst", max(took) * 1000, "ms", WEB_BACK_WITHIN_MS)]


def _killed(server: Server) -> float:
    """Seconds from killing all workers at once to the next answer; the connection waits in the socket's queue."""
    start = time.perf_counter()
    for worker in _children(server.process.pid):
        os.kill(worker, signal.SIGKILL)
    while not answers(server.port):
        pass
    return time.perf_counter() - start


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii")
    return [int(word) for word in listed.split()]
