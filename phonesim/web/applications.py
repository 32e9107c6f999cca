"""Where webhooks go: a WSGI callable in this process, or real HTTP."""

import logging
import ssl
import time
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from werkzeug.test import run_wsgi_app

from phonesim.web.addresses import host_of, origin_of, target_of
from phonesim.web.messages import ConnectFailure, ReadTimeout, Request, Response, WebFailure

log = logging.getLogger("phonesim")


class Application(Protocol):
    """Something that answers webhooks."""

    def serves(self, url: str) -> bool:
        """Tell whether this URL is reached here."""

    def send(self, request: Request) -> Response:
        """Deliver once. Raises ConnectFailure or ReadTimeout."""


class WsgiApplication:
    """The application under test, called in this process and thread. Requests to other hosts do not arrive.

    An exception of the application is answered with 500, as a server would; ``propagate=True`` lets it through.
    """

    def __init__(self, wsgi: Any, base_url: str, propagate: bool = False) -> None:
        self.wsgi = wsgi
        self.origin = origin_of(base_url)
        self.propagate = propagate

    def serves(self, url: str) -> bool:
        """Same scheme, host and port, however they are written."""
        return origin_of(url) == self.origin

    def send(self, request: Request) -> Response:
        """Call the application; nothing is retried here."""
        try:
            body, status, headers = run_wsgi_app(self.wsgi, environ(request), buffered=True)
            pairs = [(name.lower(), value) for name, value in headers]
            return Response(int(status.split()[0]), pairs, b"".join(body))
        except Exception:
            if self.propagate:
                raise
            log.exception("the application failed on %s %s", request.method, urlsplit(request.url).path)
            return Response(500, [("content-type", "text/plain")], b"")


def environ(request: Request) -> dict[str, Any]:
    """A WSGI environ with the query string and path exactly as requested."""
    parts = urlsplit(request.url)
    body = request.body or b""
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path or "/", "latin-1"),
        "RAW_URI": target_of(request.url),
        "REQUEST_URI": target_of(request.url),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host_of(request.url),
        "CONTENT_LENGTH": str(len(body)),
        **_headers(request.headers),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": _Errors(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _headers(headers: dict[str, str]) -> dict[str, str]:
    names = {name: name.upper().replace("-", "_") for name in headers}
    return {key if key == "CONTENT_TYPE" else f"HTTP_{key}": headers[name] for name, key in names.items()}


class _Errors:
    """The error stream of the WSGI environ: goes to the log."""

    def write(self, text: str) -> int:
        log.warning("%s", text.rstrip())
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        return None


TARGET = "phonesim-target"


class AsWritten(HTTPConnection):
    """Asks for the very address that was signed; urllib3 by itself spells some characters in its own way.

    The header ``TARGET`` brings the address this far and goes no further.
    """

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **how: Any) -> None:
        """Send the request."""
        others = {name: value for name, value in headers.items() if name != TARGET}
        super().request(method, headers[TARGET], body, others, **how)


class AsWrittenOverTls(AsWritten, HTTPSConnection):
    """The same over TLS."""


class PlainPool(urllib3.HTTPConnectionPool):
    """Connections to one host."""

    ConnectionCls = AsWritten


class TlsPool(urllib3.HTTPSConnectionPool):
    """Connections to one host over TLS."""

    ConnectionCls = AsWrittenOverTls


class HttpApplication:
    """Applications on real addresses. ``timeout`` caps one attempt in real seconds."""

    def __init__(self, timeout: float = 15.0) -> None:
        self.timeout = timeout
        self._pool = urllib3.PoolManager(maxsize=256)
        self._pool.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}

    def serves(self, url: str) -> bool:
        """Any http or https address."""
        return urlsplit(url).scheme in {"http", "https"}

    def close(self) -> None:
        """Close idle connections."""
        self._pool.clear()

    def send(self, request: Request) -> Response:
        """One attempt: no retries, no redirects."""
        timeout = urllib3.Timeout(connect=min(request.connect, self.timeout), read=min(request.read, self.timeout))
        headers = {**request.headers, "Host": host_of(request.url), TARGET: target_of(request.url)}
        began = time.monotonic()
        try:
            reply = self._pool.request(
                request.method, request.url, body=request.body, headers=headers,
                timeout=timeout, retries=False, redirect=False, preload_content=False,
            )  # fmt: skip
        except urllib3.exceptions.HTTPError as problem:
            raise failure(problem, time.monotonic() - began) from problem
        body = _whole(reply, began)
        told = [(name.lower(), value) for name, value in reply.headers.items()]
        return Response(reply.status, told, body, time.monotonic() - began)


def _whole(reply: urllib3.BaseHTTPResponse, began: float) -> bytes:
    # Once something has arrived the request is never repeated, so this is no ReadTimeout.
    try:
        return reply.read()
    except urllib3.exceptions.HTTPError as problem:
        raise WebFailure(11205, "the answer broke off", time.monotonic() - began) from problem
    finally:
        reply.release_conn()


def failure(problem: Exception, seconds: float = 0.0) -> WebFailure:
    """The platform's code for a transport error (Twilio: error dictionary 11205, 11206, 11210, 11220, 1123x)."""
    match problem:
        case urllib3.exceptions.NameResolutionError():
            return ConnectFailure(11210, "host name not found", seconds)
        case urllib3.exceptions.SSLError():
            return ConnectFailure(*_distrust(problem), seconds)
        case urllib3.exceptions.ReadTimeoutError():
            return ReadTimeout(11205, "no answer in time", seconds)
        case urllib3.exceptions.ProtocolError():
            return WebFailure(11206, "HTTP protocol violation", seconds)
        case _:
            return ConnectFailure(11205, "connection failed", seconds)


EXPIRED, NAME_MISMATCH = 10, 62
NO_PATH = frozenset({2, 18, 19, 20, 21})


def _distrust(problem: Exception) -> tuple[int, str]:
    cause = problem.args[0] if problem.args else None
    reason = cause.verify_code if isinstance(cause, ssl.SSLCertVerificationError) else 0
    if reason == NAME_MISMATCH:
        return 11235, "the certificate is for another host"
    if reason == EXPIRED:
        return 11236, "the certificate has expired"
    return (11237, "no trusted certificate signed this one") if reason in NO_PATH else (11220, "TLS handshake failed")
