"""The demo's processes: web, worker and clock from the Procfile, and the phone network."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import click
import requests

from phonesim.client import SimClient
from phonesim.errors import PhonesimError
from rehearsals.demo.installation import HOST, ROOT, Demo

START_SECONDS = 300.0
POLL_SECONDS = 0.1
STOP_SECONDS = 10.0


@contextmanager
def running(demo: Demo, start: datetime, rate: float) -> Iterator[SimClient]:
    """Start all processes and wait until they answer. On the way out each is ended by its own process id."""
    with ExitStack() as started:
        network = started.enter_context(_process(demo, "network", _network_command(demo, start, rate)))
        sim = SimClient(demo.network_url)
        _await(network, demo, "network", lambda: bool(sim.state()))
        house = started.enter_context(_process(demo, "sunline", _house_command()))
        _await(house, demo, "sunline", lambda: requests.get(f"{demo.pages_url}/readyz", timeout=2).ok)
        yield sim


def _network_command(demo: Demo, start: datetime, rate: float) -> list[str]:
    port = demo.network_url.rpartition(":")[2]
    account = ["--account", demo.environment["TWILIO_ACCOUNT_SID"]]
    at = ["--start", start.isoformat(), "--rate", str(rate)]
    return [sys.executable, "-m", "phonesim", "serve", "--host", HOST, "--port", port, *account, *at]


def _house_command() -> list[str]:
    return [
        sys.executable,
        "-m",
        "honcho",
        "start",
        "--no-prefix",
        "-f",
        str(ROOT / "Procfile"),
        "web",
        "worker",
        "clock",
    ]


@contextmanager
def _process(demo: Demo, name: str, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = dict(demo.environment) | {"PHONESIM_AUTH_TOKEN": demo.environment["TWILIO_AUTH_TOKEN"]}
    with _log(demo, name).open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await(process: subprocess.Popen[bytes], demo: Demo, name: str, answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(requests.RequestException, PhonesimError):
            if answers():
                return
        time.sleep(POLL_SECONDS)
    tail = "\n".join(_log(demo, name).read_text(errors="replace").splitlines()[-12:])
    raise click.ClickException(f"the {name} process did not come up; the end of its log:\n{tail}")


def _log(demo: Demo, name: str) -> Path:
    return demo.folder / f"{name}.log"
