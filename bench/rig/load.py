"""A bounded load client: a fixed number of keep-alive connections, each of which waits for its answer.

One thread and raw sockets, because the client shares the machine with the servers it measures. Every answer is read
whole and must be 200 or 204; anything else ends the measurement.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from bench.errors import CannotMeasure
from bench.rig.calls import Play
from bench.rig.server import HOST
from bench.rows import percentile

TIMEOUT_SECONDS = 120.0
MOST_BYTES = 1 << 16


FEWEST = 16
"""Answers that a run has at least, however slow the machine: two whole calls."""


class LoadFailed(CannotMeasure):
    """The server refused, failed or hung up."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run measured; latencies in seconds."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def latency(self, share: float) -> float:
        """Milliseconds that ``share`` of the requests did not pass."""
        return percentile(self.latencies, share) * 1000


def run(port: int, plays: Iterator[Play], *, connections: int, seconds: float) -> Load:
    """Play calls, one after the other on each connection, for about ``seconds`` and FEWEST answers at least.

    Calls under way at the end are not finished.
    """
    latencies: list[float] = []
    with ExitStack() as stack, selectors.DefaultSelector() as ready:
        for _ in range(connections):
            line = _Line(stack.enter_context(_connected(port)), plays)
            ready.register(line.socket, selectors.EVENT_READ, line)
            line.begin()
        start = time.perf_counter()
        while (now := time.perf_counter()) - start < seconds or len(latencies) < FEWEST:
            events = ready.select(TIMEOUT_SECONDS)
            if not events:
                raise LoadFailed(f"no answer within {TIMEOUT_SECONDS:g} s")
            latencies += [took for key, _ in events if (took := key.data.readable()) is not None]
        return Load(now - start, tuple(latencies))


class _Line:
    """One connection and the call that is played on it."""

    def __init__(self, connected: socket.socket, plays: Iterator[Play]) -> None:
        self.socket = connected
        self._plays = plays
        self._play: Play = next(plays)
        self._received = b""
        self._sent_at = 0.0

    def begin(self) -> None:
        """Send the first request of a call."""
        self._send(next(self._play))

    def readable(self) -> float | None:
        """Take what has come; when the answer is whole, send the next request and say how long it took (seconds)."""
        piece = self.socket.recv(MOST_BYTES)
        if not piece:
            raise LoadFailed("the server closed the connection")
        self._received += piece
        body = _whole_body(self._received)
        if body is None:
            return None
        took = time.perf_counter() - self._sent_at
        self._received = b""
        self._go_on(body)
        return took

    def _go_on(self, body: bytes) -> None:
        try:
            self._send(self._play.send(body))
        except StopIteration:
            self._play = next(self._plays)
            self.begin()

    def _send(self, request: bytes) -> None:
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)


def _whole_body(received: bytes) -> bytes | None:
    """The body of a response, or None while a part is missing. Raises LoadFailed unless it is 200 or 204."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return None
    status = head[9:12]
    if status == b"204":
        return b""
    if status != b"200":
        raise LoadFailed(f"the server answered {received[:300].decode(errors='replace')}")
    _, _, length = head.lower().partition(b"content-length:")
    return body if len(body) >= int(length.split(b"\r\n", 1)[0]) else None


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection((HOST, port), timeout=TIMEOUT_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection
