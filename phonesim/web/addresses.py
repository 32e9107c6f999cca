"""How the address of a webhook is written: once, so that what is signed is what is asked for (Twilio: security)."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

NEVER_IN_ADDRESSES = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
"""What no address may hold as it is (RFC 3986)."""
PORTS = {"http": 80, "https": 443}


def as_sent(url: str) -> str:
    """The address as it goes over the wire: as it was written, but for what HTTP cannot carry.

    Spaces, letters beyond ASCII and the like are percent-encoded, and an empty path is ``/``. What is encoded already
    keeps its spelling, and so does the host.
    """
    parts = urlsplit(url)
    path, query = (NEVER_IN_ADDRESSES.sub(_encoded, text) for text in (parts.path, parts.query))
    return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))


def target_of(url: str) -> str:
    """The path and query that a request asks its host for."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def host_of(url: str) -> str:
    """The host as a request names it, with its port where one is written."""
    return urlsplit(url).netloc.rpartition("@")[2]


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Whom an address reaches, however it is written: scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme)


def _encoded(found: re.Match[str]) -> str:
    return quote(found[0], safe="")
