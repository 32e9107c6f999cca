"""The processes beside the web: migrations, workers and the clock."""

from __future__ import annotations

import functools
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
import structlog
from redis import Redis

from ivr.audit.append import append
from ivr.core.clock import SystemClock
from ivr.core.database import Database
from ivr.core.redis_client import connect_redis
from ivr.core.services import Services
from ivr.core.settings import Settings, read_settings
from ivr.features import installed_features
from ivr.installation.building import build_services
from ivr.installation.command_line import find_person
from ivr.jobs.clock_process import Ticker
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.jobs.worker import drain_outbox
from ivr.ops.embedded_redis import redis_of
from ivr.ops.outbox_worker import OutboxWorker, UnreadJob
from ivr.ops.schema import find_revision, make_database_folder, require_migrated, upgrade
from ivr.privacy.logging import configure
from ivr.recordings import vault_upkeep
from ivr.workforce import coverage_job

TICK_SECONDS = 0.2
DRAIN_SECONDS = 0.2
"""How often the clock process carries out what no worker was woken for."""
ROUND_SECONDS = 1.0
"""How often the clock process looks whether a round is due."""
MOST_BATCHES = 40
GO_ON_BY_THEMSELVES = (vault_upkeep.start_daily_round, coverage_job.start_watching)
WORKER_TIMEOUT_SECONDS = 1000
"""A worker waits long for its next job; RQ asks Redis to block for minutes."""
log = structlog.get_logger(__name__)


@functools.cache
def _services() -> Services:
    return build_services(_settings(), installed_features())


def drain_job() -> None:
    """The wake-up: carry out the outbox in batches until it is empty or the job has had its share."""
    for _ in range(MOST_BATCHES):
        if drain_outbox(_services()) == 0:
            return


class WakeUp(UnreadJob):
    """A job that carries out the outbox, whatever function it names: another version may have named it, or anybody."""

    @property
    def func(self) -> Callable[[], Any]:
        """The one thing that a worker does."""
        return drain_job


def make_worker(connection: Redis) -> OutboxWorker:
    """A worker that carries out the outbox when it is woken."""
    return OutboxWorker(connection, WakeUp)


@click.command("migrate")
def migrate() -> None:
    """Bring the database up to date."""
    url = _settings().database_url
    make_database_folder(url)
    before = find_revision(url)
    upgrade(url)
    if find_revision(url) != before:
        _note_migration(url)
    click.echo("The database is up to date.")


def _note_migration(url: str) -> None:
    database, revision = Database(url), find_revision(url)
    with database.write() as connection:
        at, actor = SystemClock().now(), find_person()
        append(connection, at=at, actor=actor, action="database.migrate", outcome="ok", object_id=revision)
    database.dispose()


@click.command("worker")
def worker() -> None:
    """Carry out effects until ended."""
    settings = _settings()
    configure()
    require_migrated(_services().database)
    with redis_of(settings) as url:
        connection = connect_redis(url, timeout_seconds=WORKER_TIMEOUT_SECONDS)
        make_worker(connection).work(logging_level="WARNING")


@click.command("clock")
def clock() -> None:
    """Fire what is due, and drain what no worker was woken for, until ended."""
    configure()
    ended = threading.Event()
    _stop_on_signals(ended)
    services = _services()
    require_migrated(services.database)
    beside = [
        threading.Thread(target=_begin_each, args=(ended, services), name="begin"),
        threading.Thread(target=_repeat, args=(ended, DRAIN_SECONDS, services, drain_outbox), name="drain"),
        threading.Thread(target=_repeat, args=(ended, ROUND_SECONDS, services, carry_out_due_rounds), name="rounds"),
    ]
    for thread in beside:
        thread.start()
    _repeat(ended, TICK_SECONDS, services, Ticker().tick)
    for thread in beside:
        thread.join()


def _begin_each(ended: threading.Event, services: Services) -> None:
    """Begin once what then goes on by itself, as soon as the database is there."""
    for begin in GO_ON_BY_THEMSELVES:
        while not ended.is_set() and not _is_begun(services, begin):
            ended.wait(ROUND_SECONDS)


def _is_begun(services: Services, begin: Callable[[Services], None]) -> bool:
    try:
        begin(services)
    except Exception as problem:  # as of _tried
        log.error("not_begun_yet", exc_info=problem)
        return False
    return True


def _repeat(ended: threading.Event, seconds: float, services: Services, work: Callable[[Services], int]) -> None:
    """Do ``work`` until nothing is left, pause, and again. Timers never wait behind the requests of the outbox."""
    while not ended.wait(seconds):
        while not ended.is_set() and _tried(services, work):
            continue


def _tried(services: Services, work: Callable[[Services], int]) -> int:
    try:
        return work(services)
    except Exception as problem:  # the clock outlives a database that restarts
        log.error("tick_failed", exc_info=problem)
        return 0


def _settings() -> Settings:
    return read_settings(os.environ)


def _stop_on_signals(ended: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
