"""How the address of a webhook is written: once, so that what is signed is what is asked for (Twilio: security)."""

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

NEVER_IN_ADDRESSES = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
"""What no address may hold as it is (RFC 3986)."""
PORTS = {"http": 80, "https": 443}
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}$)({LABEL}\.)*{LABEL}\.?|[0-9a-f:.]*:[0-9a-f:.]*")
"""A name of plain labels, without underscores, or an address of numbers."""


def is_absolute(url: str) -> bool:
    """Tell whether somebody can be asked at this address: http or https, a host that can exist, a port in range."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in PORTS and HOST.fullmatch(parts.hostname or "") is not None and port != 0


def joined(base: str, url: str) -> str:
    """The address that ``url`` means in a document from ``base``; one that no address can be stays as written."""
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def path_of(url: str) -> str:
    """The path of an address, for people to read; without its query, which may name somebody."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


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
