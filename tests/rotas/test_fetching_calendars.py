"""A calendar is fetched over TLS from the public internet alone, wherever it leads to, and only a little of it."""

from __future__ import annotations

import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import requests.adapters

from ivr.rotas import calendar_fetching
from ivr.rotas.calendar_fetching import (
    MOST_BYTES,
    Unfetched,
    check_address,
    fetch_calendar,
    public_address,
    take_calendar,
)
from tests.certificates import certify

NAME = "calendar.example"


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example/on-call.ics",
        "ftp://calendar.example/on-call.ics",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@calendar.example/",
        "webcal://calendar.example/on-call.ics",
        "calendar.example/on-call.ics",
    ],
)
def test_an_address_that_is_not_of_the_web_over_tls_is_refused(address: str) -> None:
    with pytest.raises(Unfetched, match="not-https"):
        check_address(address)
    with pytest.raises(Unfetched, match="not-https"):
        take_calendar(address)


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["172.16.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["255.255.255.255"],
        ["::1"],
        ["::"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:10.0.0.1"],
        ["2002:7f00:1::"],
        ["93.184.216.34", "10.0.0.1"],
    ],
)
def test_a_name_that_leads_to_a_place_of_our_own_is_refused(found: list[str]) -> None:
    with pytest.raises(Unfetched, match="private-address"):
        public_address(NAME, 443, lambda _host, _port: found)
    with pytest.raises(Unfetched, match="private-address"):
        take_calendar(f"https://{NAME}/", resolve=lambda _host, _port: found)


def test_a_name_that_leads_nowhere_is_unreachable() -> None:
    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError

    for resolve in (nowhere, lambda _host, _port: []):
        with pytest.raises(Unfetched, match="unreachable"):
            public_address(NAME, 443, resolve)
    assert public_address(NAME, 443, lambda _host, _port: ["93.184.216.34"]) == "93.184.216.34"


class Calendar(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str]]] = []
    over: ClassVar[threading.Event]

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/on-call.ics?key=1")
            self.end_headers()
        elif self.path in ("/inside", "/around"):
            self.send_response(302)
            self.send_header("Location", "https://127.0.0.1/x" if self.path == "/inside" else "/around")
            self.end_headers()
        elif self.path == "/gone":
            self.send_error(410)
        elif self.path == "/dripping-headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            self.drip()
        elif self.path == "/dripping":
            self.send_response(200)
            self.end_headers()
            self.drip()
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * (MOST_BYTES + 1) if self.path == "/big" else b"BEGIN:VCALENDAR")

    def drip(self) -> None:
        """One byte after another for as long as somebody listens, or until the test is over."""
        with suppress(OSError):
            while not self.over.is_set():
                self.wfile.write(b"x")
                self.over.wait(0.02)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server of that name on this machine, which counts as a place of the public internet."""
    certificate = certify(tmp_path, NAME)
    listening = HTTPServer(("127.0.0.1", 0), Calendar)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(certificate.authority))
    monkeypatch.setattr(calendar_fetching, "addresses_of", lambda host, _port: ["127.0.0.1" if host == NAME else host])
    judged = calendar_fetching._is_public
    monkeypatch.setattr(calendar_fetching, "_is_public", lambda one: str(one) == "127.0.0.1" or judged(one))
    Calendar.asked.clear()
    monkeypatch.setattr(Calendar, "over", threading.Event(), raising=False)
    yield f"https://{NAME}:{listening.server_port}"
    Calendar.over.set()
    listening.shutdown()
    listening.server_close()
    thread.join()


def test_it_connects_to_the_address_that_was_judged_and_holds_the_certificate_against_the_name(server: str) -> None:
    assert take_calendar(f"{server}/on-call.ics?key=1") == b"BEGIN:VCALENDAR"
    assert Calendar.asked == [(server.removeprefix("https://"), "/on-call.ics?key=1")]
    other = server.replace(NAME, "other.example")
    with pytest.raises(Unfetched, match="unreachable"):
        take_calendar(f"{other}/on-call.ics", resolve=lambda _host, _port: ["127.0.0.1"])


def test_it_follows_where_it_is_sent_but_never_to_a_place_of_our_own(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert take_calendar(f"{server}/moved") == b"BEGIN:VCALENDAR"
    with pytest.raises(Unfetched, match="redirected-too-often"):
        take_calendar(f"{server}/around")
    judged: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        judged.append(host)
        return ["127.0.0.1"] if host == NAME else ["10.0.0.1"]

    with pytest.raises(Unfetched, match="private-address"):
        take_calendar(f"{server}/inside", resolve=resolve)
    assert judged == [NAME, "127.0.0.1"]


@pytest.mark.parametrize(("path", "problem"), [("/big", "too-big"), ("/gone", "refused")])
def test_what_is_too_big_or_not_there_is_not_taken(server: str, path: str, problem: str) -> None:
    with pytest.raises(Unfetched, match=problem):
        take_calendar(server + path)


@pytest.fixture
def apart(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same server as processes of their own see it."""
    command = (sys.executable, "-m", "tests.rotas.fetching_here", NAME, str(tmp_path / "authority.pem"))
    monkeypatch.setattr(calendar_fetching, "COMMAND", command)
    return server


def test_a_process_of_its_own_fetches_it_or_says_why_not(apart: str) -> None:
    assert fetch_calendar(f"{apart}/on-call.ics") == b"BEGIN:VCALENDAR"
    with pytest.raises(Unfetched, match=r"^refused$"):
        fetch_calendar(f"{apart}/gone")


@pytest.mark.parametrize("path", ["/dripping", "/dripping-headers"])
def test_a_server_that_drips_for_ever_is_given_up(apart: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_fetching, "LONGEST", 0.8)
    with pytest.raises(Unfetched, match=r"^too-slow$"):
        fetch_calendar(apart + path)


def test_what_fails_in_another_way_is_no_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_fetching, "COMMAND", (sys.executable, "-c", "print('half'); raise MemoryError"))
    with pytest.raises(subprocess.CalledProcessError):
        fetch_calendar("https://calendar.example/")


def test_a_file_is_read_where_nothing_is_real(tmp_path: Path) -> None:
    (tmp_path / "on-call.ics").write_bytes(b"BEGIN:VCALENDAR")
    assert take_calendar(f"file://{tmp_path}/on-call.ics", files=True) == b"BEGIN:VCALENDAR"
    for name, size, problem in (("nothing", None, "unreachable"), ("big", MOST_BYTES + 1, "too-big")):
        if size is not None:
            (tmp_path / name).write_bytes(b"x" * size)
        with pytest.raises(Unfetched, match=problem):
            take_calendar(f"file://{tmp_path}/{name}", files=True)
