"""X-Twilio-Signature, computed from the published algorithm (Twilio: Webhooks security)."""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha1
from urllib.parse import urlsplit, urlunsplit

Pairs = Iterable[tuple[str, str]]


def sign(token: str, url: str, pairs: Pairs = ()) -> str:
    """Base64 HMAC-SHA1 over the URL and, for a form POST, the sorted parameters with repeated values dropped."""
    body = "".join(name + value for name, value in sorted(set(pairs)))
    digest = hmac.new(token.encode(), (url + body).encode(), sha1).digest()
    return b64encode(digest).decode()


def signed_url(url: str, voice: bool = True) -> str:
    """The URL as the platform signs it: no fragment, no credentials, no port for voice over HTTPS."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if voice and parts.scheme == "https":
        host = without_port(host)
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def without_port(host: str) -> str:
    """The host without ``:port``; a bracketed IPv6 address keeps its colons."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
