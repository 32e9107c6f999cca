"""How a request reaches Twilio: over the network, or straight into a WSGI application."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from urllib3 import exceptions as urllib3_errors
from werkzeug.test import EnvironBuilder, run_wsgi_app

from ivr.twilio.errors import TemporaryFailure

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
_CHUNK = 64 * 1024

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request, complete; headers carry the credentials and stay out of ``repr``."""

    method: str
    url: str = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One response. ``chunks`` is read once; ``close`` gives the connection back. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    chunks: Iterator[bytes] = field(repr=False)
    close: Callable[[], None] = field(repr=False)

    def read(self) -> bytes:
        """The whole body."""
        try:
            return b"".join(self.chunks)
        finally:
            self.close()


class Transport(Protocol):
    """Sends one request, once, and follows no redirect. Raises `TemporaryFailure` where no response came."""

    def send(self, request: HttpRequest) -> HttpResponse: ...


class NetworkTransport:
    """Over the network, by a ``requests`` session: 2 s to connect, 5 s for each wait."""

    def __init__(self, session: requests.Session | None = None) -> None:
        self._session = session or requests.Session()

    def send(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self._session.request(
                request.method,
                request.url,
                data=request.body or None,
                headers=dict(request.headers),
                auth=_as_signed,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
        except requests.RequestException as trouble:
            raise _lost(request.method, trouble) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpResponse(response.status_code, headers, _body(request.method, response), response.close)


class WsgiTransport:
    """Into an application in this process, for stepped runs. Nothing waits and nothing times out by itself."""

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application

    def send(self, request: HttpRequest) -> HttpResponse:
        try:
            chunks, status, headers = run_wsgi_app(self._application, _environ(request))
        except (TimeoutError, ConnectionError) as trouble:
            raise _lost(request.method, trouble) from None
        close = getattr(chunks, "close", lambda: None)
        lower = {name.lower(): value for name, value in headers.items()}
        return HttpResponse(int(status.split()[0]), lower, iter(chunks), close)


def _as_signed(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    # Without an auth of its own, requests would put one from a .netrc file over ours.
    return prepared


def _environ(request: HttpRequest) -> dict[str, Any]:
    parts = urlsplit(request.url)
    builder = EnvironBuilder(
        method=request.method,
        path=parts.path,
        query_string=parts.query,
        base_url=f"{parts.scheme}://{parts.netloc}",
        data=request.body,
        headers=list(request.headers.items()),
    )
    return builder.get_environ()


def _body(method: str, response: requests.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_content(_CHUNK)
    except requests.RequestException as trouble:
        raise _lost(method, trouble) from None


def _lost(method: str, trouble: Exception) -> TemporaryFailure:
    # Only a request that never reached a connection certainly did nothing.
    unsure = method != "GET" and not _never_connected(trouble)
    return TemporaryFailure(type(trouble).__name__, may_have_happened=unsure)


def _never_connected(trouble: BaseException) -> bool:
    if isinstance(trouble, requests.ConnectTimeout | ConnectionRefusedError):
        return True
    wrapped = trouble.args[0] if trouble.args else None
    reason = getattr(wrapped, "reason", None)
    never = (urllib3_errors.NewConnectionError, urllib3_errors.ConnectTimeoutError, urllib3_errors.NameResolutionError)
    return isinstance(reason, never)
