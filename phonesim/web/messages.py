"""What goes over the wire, and how it fails."""

from dataclasses import dataclass, field


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
    """One HTTP answer; header names are lower case, repeated ones kept in order."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case; empty when the header is missing."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()


class WebFailure(Exception):
    """A webhook that brought no usable answer: Twilio's error code and why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


class ConnectFailure(WebFailure):
    """No TCP or TLS connection: the one failure that is retried by default (``rp=ct``)."""


class ReadTimeout(WebFailure):
    """Connected, but nothing came back in time (retried only with ``rp=rt``)."""
