"""What goes over the wire, and how it fails."""

from dataclasses import dataclass, field
from datetime import datetime

Pairs = tuple[tuple[str, str], ...]
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
NO_TYPE_SHOWN_AS = 502


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook to deliver: parameters go into the body (POST) or the query (GET).

    ``unsigned`` names parameters that travel outside the signature.
    """

    url: str
    method: str = "POST"
    pairs: Pairs = ()
    token: str = ""
    voice: bool = True
    call_sid: str = ""
    kind: str = "instructions"
    unsigned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; ``body`` is None for GET. ``connect`` and ``read`` are seconds."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = None
    connect: float = 5.0
    read: float = 15.0


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer; header names are lower case, repeated ones kept in order.

    ``seconds`` is how long it really took; ``url`` is where it came from when redirects led away.
    """

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    seconds: float = 0.0
    url: str = ""

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case; empty when the header is missing."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def shown_status(self) -> int:
        """The status in the debugger: an answer without Content-Type is shown as 502 (Twilio: 12300)."""
        return self.status if self.content_type or self.status != 200 else NO_TYPE_SHOWN_AS


class WebFailure(Exception):
    """A webhook that brought no usable answer: Twilio's error code and why, and the line when a document is bad."""

    def __init__(self, code: int, why: str, seconds: float = 0.0, line: int | None = None) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why
        self.seconds = seconds
        self.line = line


class ConnectFailure(WebFailure):
    """No TCP or TLS connection: the one failure that is retried by default (``rp=ct``)."""


class ReadTimeout(WebFailure):
    """Connected, but nothing came back in time (retried only with ``rp=rt``)."""


Outcome = Response | WebFailure


@dataclass(frozen=True, slots=True)
class Exchange:
    """One webhook as the request inspector shows it: what was asked and what came of it."""

    at: datetime
    hook: Hook
    outcome: Outcome
