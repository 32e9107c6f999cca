"""One request as its bytes arrive: still coming, whole, or refused. Decided without a thread, a socket or a clock.

Head first: who sends too much, or a webhook without a signature, is refused before any of the body is read. A length
or a signature is only seen here; whether they are right is for the application.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.ops.front_door.lanes import CALLS, FALLBACK, Lane, find_lane
from ivr.twilio.signature.form import MOST_BYTES

MOST_HEAD = 16 * 1024
MOST_CHUNKED = 2 * MOST_BYTES
"""A body in chunks as it comes over the wire, with the lengths of its chunks."""

_END_OF_HEAD = b"\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"
"""Ends a body in chunks. A form cannot hold it: its line ends are percent-encoded."""
_REQUEST_LINE = re.compile(rb"([A-Z]{1,16}) (\S+) HTTP/1\.[01]")


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing more of this request is read; ``status`` is why."""

    status: int
    lane: Lane | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A request that has arrived, the lane it takes, and what came after it."""

    request: bytes
    lane: Lane
    rest: bytes


@dataclass(frozen=True, slots=True)
class _Head:
    size: int
    lane: Lane
    length: int
    chunked: bool
    awaits_leave: bool


class Arrival:
    """Collects one request. ``take`` gives what has become of it, None while it is still coming."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._head: _Head | None = None
        self.awaits_leave = False
        """Whether the client wants to be told to go on before it sends the body (RFC 9110, 10.1.1)."""

    @property
    def begun(self) -> bool:
        """True once something came."""
        return bool(self._held)

    def take(self, data: bytes) -> Refused | Whole | None:
        """Take what came next."""
        searched = max(0, len(self._held) - len(_END_OF_HEAD))
        self._held += data
        try:
            if self._head is None:
                self._head = self._find_head(searched)
            return None if self._head is None else self._find_end(self._head)
        except _NotServed as refused:
            return Refused(refused.status, refused.lane)

    def _find_head(self, searched: int) -> _Head | None:
        end = self._held.find(_END_OF_HEAD, searched)
        if end > MOST_HEAD or (end < 0 and len(self._held) > MOST_HEAD):
            raise _NotServed(431)
        if end < 0:
            return None
        head = _read_head(bytes(self._held[: end + len(_END_OF_HEAD)]))
        self.awaits_leave = head.awaits_leave
        return head

    def _find_end(self, head: _Head) -> Whole | None:
        end = self._end_of_chunks(head) if head.chunked else head.size + head.length
        if end is None or len(self._held) < end:
            return None
        return Whole(bytes(self._held[:end]), head.lane, bytes(self._held[end:]))

    def _end_of_chunks(self, head: _Head) -> int | None:
        came = len(self._held) - head.size
        if came > MOST_CHUNKED:
            raise _NotServed(413, head.lane)
        empty = came == len(_LAST_CHUNK)
        ended = self._held.endswith(_LAST_CHUNK if empty else b"\r\n" + _LAST_CHUNK)
        return len(self._held) if ended and came >= len(_LAST_CHUNK) else None


class _NotServed(Exception):
    """Carries the status that a request is refused with."""

    def __init__(self, status: int, lane: Lane | None = None) -> None:
        super().__init__(status)
        self.status, self.lane = status, lane


def _read_head(text: bytes) -> _Head:
    line, *lines = text.removesuffix(_END_OF_HEAD).split(b"\r\n")
    asked = _REQUEST_LINE.fullmatch(line)
    if asked is None:
        raise _NotServed(400)
    lane = find_lane(asked[2])
    headers = list(_headers(lines))
    length, chunked = _framing(headers, lane)
    _refuse_unsigned(headers, lane)
    awaits = any(name == b"expect" and value.lower() == b"100-continue" for name, value in headers)
    return _Head(len(text), lane, length, chunked, awaits)


def _headers(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for line in lines:
        name, _, value = line.partition(b":")
        yield name.lower(), value.strip()


def _framing(headers: list[tuple[bytes, bytes]], lane: Lane) -> tuple[int, bool]:
    """Length of the body, and whether it comes in chunks. Two opinions on where it ends are refused (RFC 9112, 6.3)."""
    lengths = [value for name, value in headers if name == b"content-length"]
    codings = [value.lower() for name, value in headers if name == b"transfer-encoding"]
    if len(lengths) + len(codings) > 1 or codings not in ([], [b"chunked"]):
        raise _NotServed(400, lane)
    if not lengths:
        return 0, bool(codings)
    if not re.fullmatch(rb"[0-9]{1,19}", lengths[0]):
        raise _NotServed(400, lane)
    if int(lengths[0]) > MOST_BYTES:
        raise _NotServed(413, lane)
    return int(lengths[0]), False


def _refuse_unsigned(headers: list[tuple[bytes, bytes]], lane: Lane) -> None:
    if lane in (CALLS, FALLBACK) and not any(name == b"x-twilio-signature" and value for name, value in headers):
        raise _NotServed(403, lane)
