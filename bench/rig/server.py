"""Programs beside the measuring process, ended by their own process ids."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.errors import CannotMeasure
from bench.rig.installation import ROOT

HOST = "127.0.0.1"
WORKERS, THREADS = 2, 8
WORKER_CLASS = "ivr.ops.front_door.worker.LaneWorker"
START_SECONDS = 300.0
"""After which a server never answers; on a machine with other work it takes a minute to start."""
STOP_SECONDS = 10.0
PAUSE_SECONDS = 0.005


class DidNotStart(CannotMeasure):
    """A program ended or never answered; the text has the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn."""

    port: int
    process: subprocess.Popen[bytes]


@contextmanager
def program(
    arguments: list[str], environment: Mapping[str, str], log: Path, *, keep: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """``python ARGUMENTS`` until the block ends; it inherits the file descriptors ``keep``."""
    command = [sys.executable, *arguments]
    with log.open("ab") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=file, stderr=file, pass_fds=keep)
    try:
        yield process
    finally:
        _end(process)


@contextmanager
def gunicorn(app: str, environment: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """Serve ``app`` (``module:name``) on a free port as the Procfile does: 2 workers, 8 threads for calls."""
    log = folder / "gunicorn.log"
    with socket.create_server((HOST, 0), backlog=128) as listening:
        kind = ["--worker-class", WORKER_CLASS, "--workers", str(WORKERS), "--threads", str(THREADS)]
        # The socket is handed over, so that no other program can take the port in between.
        place = ["--bind", f"fd://{listening.fileno()}", "--no-control-socket"]
        command = ["-m", "gunicorn", app, *kind, *place, "--access-logfile", "/dev/null"]
        with program(command, environment, log, keep=(listening.fileno(),)) as process:
            server = Server(listening.getsockname()[1], process)
            await_answer(server, log)
            yield server


def await_answer(server: Server, log: Path) -> None:
    """Wait until the server answers; DidNotStart where it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        if answers(server.port):
            return
        time.sleep(PAUSE_SECONDS)
    raise DidNotStart(f"the server did not come up; the end of its log:\n{log.read_text(errors='replace')[-2000:]}")


def answers(port: int, timeout_seconds: float = START_SECONDS) -> bool:
    """Whether a server on ``port`` answers at all; waits for it as long as it accepts."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout_seconds)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
