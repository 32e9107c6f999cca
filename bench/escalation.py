"""How late the steps of escalations are: in stepped time, live, in a surge, and with the clock process killed.

A step is real: a page lapses, its call is hung up, the next person is paged by voice and text. Its lateness is what
the database says: when the page ended, less when its timer was due. A live run has the worker and the clock of the
Procfile, and a phone network that takes a tenth of a second for every request.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from subprocess import Popen

from sqlalchemy import Select, delete, func, select, update

from bench.errors import CannotMeasure
from bench.rig.installation import AT, Installation, installed
from bench.rig.network import slow_network
from bench.rig.server import program
from bench.rig.waiting import put_callers
from bench.rows import Row, percentile, within
from ivr.core.clock import SteppedClock
from ivr.core.counting import counted
from ivr.core.demo_clock import DemoClock
from ivr.core.services import Services
from ivr.core.unit_of_work import transaction
from ivr.jobs import timers
from ivr.jobs.tables import outbox, timer
from ivr.oncall import escalations
from ivr.oncall.tables import escalation, page

LADDERS = 300
STARTED_WITHIN = timedelta(minutes=10)
STEPS, SPREAD_SECONDS = 40, 20.0
SURGE = 100
NETWORK_SECONDS = 0.1
LATE_P99_S, LATE_WITH_CRASH_S = 1, 5
PATIENCE_SECONDS = 300.0
POLL_SECONDS = 0.1


class StepsMissing(CannotMeasure):
    """Live steps did not happen in time."""


def measure(quick: bool = False) -> list[Row]:
    """Lateness in seconds, all on the database that comes out of the box."""
    ladders, steps, spread, surge = (5, 4, 1.0, 5) if quick else (LADDERS, STEPS, SPREAD_SECONDS, SURGE)
    normal, crashed = _live(steps, spread), _live(steps, spread, kill_clock=True)
    pace = f"{counted(steps, 'step')} live, {steps / spread:g} a second"
    return [
        *_stepped(ladders),
        within(f"{pace}: late, p99", percentile(normal, 0.99), "s", LATE_P99_S),
        within(f"{pace}, clock killed and started again: late, worst", max(crashed), "s", LATE_WITH_CRASH_S),
        within(
            f"{counted(surge, 'step')} live, all due at once: late, p99",
            percentile(_live(surge, 0.0), 0.99),
            "s",
            LATE_P99_S,
        ),
    ]


def _stepped(ladders: int) -> list[Row]:
    with installed("SQLite") as installation:
        clock = SteppedClock(AT)
        services = replace(installation.services, clock=clock)
        chance = random.Random(1)
        begins = sorted(chance.uniform(0, STARTED_WITHIN.total_seconds()) for _ in range(ladders))
        for call_id, seconds in zip(put_callers(services, ladders), begins, strict=True):
            _advance(services, clock, AT + timedelta(seconds=seconds))
            with transaction(services) as work:
                escalations.start_escalation(work, call_id, "emergent")
        _advance(services, clock, AT + timedelta(hours=1))
        late, missed = _lateness(services), _missed(services)
    what = f"{counted(len(late) + missed, 'step')} in stepped time"
    return [within(f"{what}: late, worst", max(late), "s", 0), within(f"{what}: missed", missed, "steps", 0)]


def _advance(services: Services, clock: SteppedClock, until: datetime) -> None:
    while (following := timers.find_next_due_timer(services)) is not None and following <= until:
        clock.move_to(following)
        timers.fire_due_timers(services)
    clock.move_to(until)


def _lateness(services: Services) -> list[float]:
    """Seconds between due and done, of every step that is done."""
    steps = select(page.c.ended_at, timer.c.due_at).join(timer, timer.c.subject == page.c.id)
    done = steps.where(timer.c.kind == "page_over", timer.c.state == "fired")
    with services.database.read() as connection:
        return [(ended - wanted).total_seconds() for ended, wanted in connection.execute(done)]


def _missed(services: Services) -> int:
    """Pages still open, and ladders that were not climbed to their end."""
    pages = select(func.count()).where(page.c.state == "open")
    ladders = select(func.count()).where(escalation.c.state != "exhausted")
    with services.database.read() as connection:
        return sum(connection.execute(found).scalar_one() for found in (pages, ladders))


def _live(steps: int, spread: float, *, kill_clock: bool = False) -> list[float]:
    with _running() as installation:
        services = installation.services
        _start(services, steps)
        with _process("worker", installation):
            with _process("clock", installation) as clock:
                _await_clock(services)
                _make_due(services, spread)
                if not kill_clock:
                    return _all_done(services, steps)
                time.sleep(1 + spread / 2)
                clock.kill()
            with _process("clock", installation):
                return _all_done(services, steps)


@contextmanager
def _running() -> Iterator[Installation]:
    """The demo, because only there may the network be a stand-in; its clock begins on a day with a rota."""
    with slow_network(NETWORK_SECONDS) as api:
        demo = {"SUNLINE_MODE": "demo", "SUNLINE_TWILIO_API_URL": api, "SUNLINE_OUTBOUND_RATE": "10"}
        with installed("SQLite", **demo) as installation:
            DemoClock(installation.services.database).set(AT)
            yield installation


@contextmanager
def _process(name: str, installation: Installation) -> Iterator[Popen[bytes]]:
    with program(["-m", "ivr.cli", name], installation.environment, installation.folder / f"{name}.log") as process:
        yield process


def _start(services: Services, steps: int) -> None:
    for call_id in put_callers(services, steps):
        with transaction(services) as work:
            escalations.start_escalation(work, call_id, "emergent")
    # The first pages count as made: what is measured begins with the step after them.
    with services.database.write() as connection:
        connection.execute(delete(outbox))


def _await_clock(services: Services) -> None:
    with transaction(services) as work:
        timers.set_timer(work, "rested", "nobody", work.at, call_id=None)
    fired = select(func.count()).where(timer.c.subject == "nobody", timer.c.state == "fired")
    _until(services, fired, 1)


def _make_due(services: Services, spread: float) -> None:
    """The timers of the first pages, evenly over ``spread`` seconds from a second from now."""
    with transaction(services) as work:
        waiting = select(timer.c.id).where(timer.c.kind == "page_over").order_by(timer.c.id)
        ids = work.connection.execute(waiting).scalars().all()
        for place, timer_id in enumerate(ids):
            due_at = work.at + timedelta(seconds=1 + spread * place / len(ids))
            work.connection.execute(update(timer).where(timer.c.id == timer_id).values(due_at=due_at))


def _all_done(services: Services, steps: int) -> list[float]:
    fired = select(func.count()).where(timer.c.kind == "page_over", timer.c.state == "fired")
    _until(services, fired, steps)
    return _lateness(services)


def _until(services: Services, finding: Select[int], wanted: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with services.database.read() as connection:
            if connection.execute(finding).scalar_one() >= wanted:
                return
        time.sleep(POLL_SECONDS)
    raise StepsMissing(f"not all of {counted(wanted, 'timer')} fired within {PATIENCE_SECONDS:g} s")
