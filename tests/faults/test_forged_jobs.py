"""Whoever can write to Redis can wake a worker, and nothing more."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from runpy import run_path

import pytest
from click.testing import CliRunner
from redis import Redis
from rq import Queue
from rq.worker import BaseWorker

from ivr import cli
from ivr.core.redis_client import connect_redis
from ivr.core.settings import SettingsError
from ivr.jobs.wake_ups import JOB, QUEUE
from ivr.ops import processes
from tests.faults import forging

ROOT = Path(__file__).resolve().parents[2]
OPEN_REDIS = "redis://redis.internal:6379"
REFUSED = "SUNLINE_REDIS_URL: is not encrypted and has no password"

pytestmark = pytest.mark.faults


def installation(folder: Path) -> dict[str, str]:
    """Settings of an installation that patients call."""
    return {
        "SUNLINE_DATA_DIR": str(folder),
        "SUNLINE_PUBLIC_URL": "https://line.example",
        "SUNLINE_MASTER_KEY": f"file:{folder}/master.key",
        "SUNLINE_SESSION_SECRET": "s" * 40,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "t" * 32,
    }


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with connect_redis(redis_url) as client:
        yield client


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that is there once a forged job did what it wanted."""
    path = tmp_path / "mark"
    monkeypatch.setenv(forging.MARK, str(path))
    return path


@pytest.fixture
def drained(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A word for each time that a worker carried the outbox out."""
    times: list[str] = []
    monkeypatch.setattr(processes, "_services", lambda: None)
    monkeypatch.setattr(processes, "drain_outbox", lambda _services: times.append("drained") or 0)
    return times


def work(redis: Redis) -> BaseWorker:
    worker = processes.make_worker(redis)
    worker.work(burst=True, logging_level="CRITICAL")
    return worker


@pytest.mark.parametrize("forgery", forging.FORGERIES, ids=lambda one: one.__name__)
def test_nothing_that_stands_in_redis_is_run(
    redis: Redis, mark: Path, drained: list[str], forgery: Callable[[Redis], None]
) -> None:
    forgery(redis)
    Queue(QUEUE, connection=redis).enqueue(JOB, result_ttl=0)

    work(redis)

    assert not mark.exists()
    assert drained


def test_no_address_that_stands_in_redis_is_asked(redis: Redis, drained: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        forging.webhook(redis, f"http://127.0.0.1:{server.getsockname()[1]}")
        work(redis)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert drained == ["drained"]


def test_no_worker_is_stopped_or_suspended_by_what_is_said_in_redis(redis: Redis, drained: list[str]) -> None:
    redis.set("rq:suspended", 1)
    Queue(QUEUE, connection=redis).enqueue(JOB, result_ttl=0)
    heard: list[int] = []

    def ask_to_stop(_services: object) -> int:
        drained.append("drained")
        heard.append(redis.publish(f"rq:pubsub:{worker.name}", json.dumps({"command": "shutdown"})))
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "drain_outbox", ask_to_stop)
        worker = processes.make_worker(redis)
        worker.work(burst=True, logging_level="CRITICAL")

    assert drained == ["drained"]
    assert heard == [0]


@pytest.mark.parametrize("process", ["worker", "clock", "migrate", "preflight"])
def test_no_process_starts_with_a_redis_that_anybody_on_its_network_could_write_to(
    process: str, tmp_path: Path
) -> None:
    told = CliRunner().invoke(cli.main, [process], env={**installation(tmp_path), "SUNLINE_REDIS_URL": OPEN_REDIS})
    assert told.exit_code == 1
    assert REFUSED in told.output


def test_the_web_process_does_not_start_with_it_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**installation(tmp_path), "SUNLINE_REDIS_URL": OPEN_REDIS}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=REFUSED):
        run_path(str(ROOT / "wsgi.py"))
