"""The web process as the Procfile starts it, and clients that are slow on purpose."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.rig.server import Server, await_answer

ROOT = Path(__file__).resolve().parents[2]
GIVE_UP = 120
"""Seconds after which an answer never comes, however busy the machine is."""
PATIENT = ("--worker-class", "tests.faults.patient_door.PatientWorker")
"""Options with which whoever is held up is held up for ever."""


def web_command(port: int, app: str) -> list[str]:
    """The line of the Procfile that serves the web."""
    line = re.search(r"^web: (.*)$", (ROOT / "Procfile").read_text("utf-8"), re.M)
    assert line is not None
    words = shlex.split(line[1].replace("${PORT:-8000}", str(port)))
    assert words[:2] == ["gunicorn", "wsgi:app"]
    return [sys.executable, "-m", "gunicorn", app, *words[2:]]


@contextmanager
def web(environment: Mapping[str, str], folder: Path, app: str = "wsgi:app", *options: str) -> Iterator[int]:
    """The port at which the web process answers, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = folder / "web.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [*web_command(port, app), *options], cwd=ROOT, env=dict(environment), stdout=file, stderr=file
        )
    try:
        await_answer(Server(port, process), log)
        yield port
    finally:
        # Ended at once: connections that are still open would make an orderly end wait for them.
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(timeout=GIVE_UP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Crowd:
    """Connections to one port that do what slow and hostile clients do."""

    def __init__(self, port: int, stack: ExitStack) -> None:
        self._port, self._stack = port, stack
        self.clients: list[socket.socket] = []

    def comes(self, count: int, text: bytes = b"", *, window: int | None = None) -> None:
        """``count`` connections that each send ``text``; ``window`` is how little they are ready to take."""
        for _ in range(count):
            client = self._stack.enter_context(socket.socket())
            if window is not None:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            client.connect(("127.0.0.1", self._port))
            client.sendall(text)
            self.clients.append(client)

    def drips(self, byte: bytes = b"a") -> None:
        """Everybody sends one more byte."""
        for client in self.clients:
            client.send(byte)


def post(path: str, *headers: str, length: int = 1000) -> bytes:
    """The head of a POST whose body does not come."""
    lines = [f"POST {path} HTTP/1.1", "Host: sunline.example", "Content-Type: application/x-www-form-urlencoded"]
    return "\r\n".join([*lines, *headers, f"Content-Length: {length}", "", ""]).encode()
