"""The walk of docs/phonesim-on-its-own.md, run as it is written: real processes, real HTTP."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from phonesim.client import SimClient

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/phonesim-on-its-own.md").read_text("utf-8")
GIVE_UP = 300
"""Seconds after which a command never ends, however busy the machine is."""
STILL = 0.001
"""The clock of the stand-in only moves when it is told to: nobody knows how long a command takes to start."""

pytestmark = pytest.mark.faults


def blocks(kind: str) -> list[str]:
    """The fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.M | re.S)


_, SERVERS, WALK, *_ = blocks("console")


class Desk:
    """A folder with the files of the page. Each server takes a free port, which is then that of the page's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports: dict[str, str] = {}
        self._write_files()
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}

    @property
    def url(self) -> str:
        """Where the stand-in serves."""
        return f"http://127.0.0.1:{self.ports['8100']}"

    def here(self, text: str) -> str:
        """The text with the ports of this run."""
        return re.sub(r"\b(5000|8100)\b", lambda found: self.ports.get(found[1], found[1]), text)

    def _write_files(self) -> None:
        for text in (blocks("python")[0], blocks("yaml")[0]):
            (self.folder / text.split()[1]).write_text(self.here(text), "utf-8")

    def command(self, line: str) -> tuple[list[str], dict[str, str]]:
        """A line of a shell as arguments and environment."""
        words = shlex.split(self.here(line))
        settings = dict(word.split("=", 1) for word in words if re.match("[A-Z_]+=", word))
        arguments = [word for word in words if word.partition("=")[0] not in settings]
        if arguments[:4] == ["python", "-m", "phonesim", "serve"]:
            arguments += ["--port", "0", "--rate", str(STILL)]
        known = {"PHONESIM_URL": self.url} if "8100" in self.ports else {}
        return [sys.executable if word == "python" else word for word in arguments], self.environment | known | settings

    def run(self, line: str) -> str:
        """What a command prints."""
        arguments, environment = self.command(line)
        done = subprocess.run(
            arguments, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=GIVE_UP
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, line: str, ready: str, port: str) -> Iterator[None]:
        """A program that goes on, once it has said that it is ready, and where; ``port`` is its port on the page."""
        arguments, environment = self.command(line.replace(f"--port {port}", "--port 0"))
        with subprocess.Popen(
            arguments, cwd=self.folder, env=environment | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            try:
                self.ports[port] = _until(process.stdout, ready)
                self._write_files()
                yield
            finally:
                process.terminate()


def _until(stream: IO[str] | None, words: str) -> str:
    """The port that a program names in the line with these words."""
    seen = []
    for line in stream or ():
        seen.append(line)
        if words in line and (found := re.search(r"http://127\.0\.0\.1:(\d+)", line)):
            return found[1]
    pytest.fail("".join(seen))


def steps(text: str) -> list[tuple[str, str]]:
    """Each command of a terminal, and the words that answer it."""
    return re.findall(r"^\$ (.*)\n((?:[^$\n].*\n)*)", text, re.M)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_configuration_of_the_page_passes_its_check(desk: Desk) -> None:
    told = desk.run("python -m phonesim check phonesim.yaml")
    assert "is fine: 1 number, 2 phones" in told
    assert "set PHONESIM_AUTH_TOKEN" in told


def test_the_walk_of_the_page_goes_as_it_is_written(desk: Desk) -> None:
    servers, walk = steps(SERVERS), steps(WALK)
    assert (len(servers), len(walk)) == (2, 10)
    with desk.running(servers[0][0], "Running on", "5000"), desk.running(servers[1][0], "phonesim serves", "8100"):
        people = SimClient(desk.url)
        for line, answer in walk:
            told = desk.run(line)
            assert answer.strip() in told
            people.advance(3)
        people.close()


def test_a_client_of_twilios_library_reaches_the_stand_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    servers = steps(SERVERS)
    with desk.running(servers[1][0], "phonesim serves", "8100"):
        snippet = desk.here(blocks("python")[1])
        call = 'print(client.messages.create(to="+13125550181", from_="+13125550100", body="hello").status)'
        told = subprocess.run(
            [sys.executable, "-c", f"{snippet}\n{call}"], env=desk.environment, capture_output=True, text=True,
            timeout=GIVE_UP,
        )  # fmt: skip
    assert told.stdout.strip() == "queued", told.stderr
