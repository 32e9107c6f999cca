"""Fetching a calendar of somebody else: over TLS, from the public internet alone, and no more than a little of it.

``python -m ivr.rotas.calendar_fetching`` fetches the one that its standard input names, so that whoever has to go on
can give up on all of it at once: a name that is long looked for, and a server that says one byte and then another.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

MOST_BYTES = 2 * 1024 * 1024
MOST_REDIRECTS = 3
CONNECT, READ = 5.0, 10.0
"""How many seconds a connection may take, and each piece of what comes by it."""
LONGEST = 20.0
"""How many seconds all of it may take, from the name to the last byte and wherever it is sent to."""
COMMAND = (sys.executable, "-m", "ivr.rotas.calendar_fetching")
NOT_FETCHED = 3
"""The exit status of a process that says why there is no calendar, in place of the calendar."""
Resolve = Callable[[str, int], Sequence[str]]


class Unfetched(Exception):
    """A calendar that was not fetched; the text is a code, never the address."""


def fetch_calendar(address: str, *, files: bool = False) -> bytes:
    """What is at ``address``, fetched by a process of its own that is given up on when it takes too long.

    Unfetched where it may not or cannot be had. ``files``: ``file://`` is allowed. The address may hold a secret,
    and everybody on the machine may read a command, so it is told by standard input.
    """
    asked = json.dumps({"address": address, "files": files}).encode()
    try:
        done = subprocess.run(COMMAND, input=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        raise Unfetched("too-slow") from None
    if done.returncode == NOT_FETCHED:
        raise Unfetched(done.stdout.decode())
    done.check_returncode()
    return done.stdout


def take_calendar(address: str, *, files: bool = False, resolve: Resolve | None = None) -> bytes:
    """What is at ``address``, however long it takes to come; Unfetched where it may not or cannot be had."""
    if files and address.startswith("file://"):
        return _read_file(address)
    for _ in range(MOST_REDIRECTS + 1):
        body, address = _get(address, resolve or addresses_of)
        if body is not None:
            return body
    raise Unfetched("redirected-too-often")


def check_address(address: str, *, files: bool = False) -> SplitResult:
    """The parts of an address that may be fetched; Unfetched for any other."""
    found = urlsplit(address)
    if files and found.scheme == "file":
        return found
    if found.scheme != "https" or not found.hostname or found.username or found.password:
        raise Unfetched("not-https")
    return found


def public_address(host: str, port: int, resolve: Resolve) -> str:
    """The address of a host to connect to; Unfetched where any of its addresses is not of the public internet."""
    try:
        found = [ip_address(one.partition("%")[0]) for one in resolve(host, port)]
    except (OSError, ValueError):
        raise Unfetched("unreachable") from None
    if not found:
        raise Unfetched("unreachable")
    if not all(_is_public(one) for one in found):
        raise Unfetched("private-address")
    return str(found[0])


def addresses_of(host: str, port: int) -> list[str]:
    """Every address that a name stands for."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is not None:
        return _is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _get(address: str, resolve: Resolve) -> tuple[bytes | None, str]:
    """The body, or the address that we are sent to instead. We connect to the very address that was judged."""
    parts = check_address(address)
    host, port = parts.hostname or "", parts.port or 443
    target = public_address(host, port, resolve)
    literal = f"[{target}]" if ":" in target else target
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", _Pinned(host))
        try:
            with session.get(
                f"https://{literal}:{port}{path}",
                headers={"Host": parts.netloc, "Accept": "text/calendar, */*;q=0.1"},
                timeout=(CONNECT, READ),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return _taken(answer, address)
        except requests.RequestException:
            raise Unfetched("unreachable") from None


def _taken(answer: requests.Response, address: str) -> tuple[bytes | None, str]:
    if answer.is_redirect:
        return None, urljoin(address, answer.headers["Location"])
    if answer.status_code != 200:
        raise Unfetched("refused")
    body = bytearray()
    for piece in answer.iter_content(1 << 14):
        body += piece
        if len(body) > MOST_BYTES:
            raise Unfetched("too-big")
    return bytes(body), address


def _read_file(address: str) -> bytes:
    try:
        with Path(urlsplit(address).path).open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except OSError:
        raise Unfetched("unreachable") from None
    if len(body) > MOST_BYTES:
        raise Unfetched("too-big")
    return body


class _Pinned(HTTPAdapter):
    """Connects to the address that was judged, and holds the certificate against the name."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, server_hostname=self._host, assert_hostname=self._host, **options)


def main() -> None:
    """Read ``{address, files}`` as JSON and write what is there, or why it is not there with the status NOT_FETCHED."""
    asked = json.load(sys.stdin)
    try:
        body = take_calendar(asked["address"], files=asked["files"])
    except Unfetched as problem:
        sys.stdout.write(str(problem))
        sys.exit(NOT_FETCHED)
    sys.stdout.buffer.write(body)


if __name__ == "__main__":
    main()
