"""User and password in a webhook URL: sent as Basic, or as Digest when the server asks for it (RFC 7616)."""

from base64 import b64encode
from hashlib import md5, sha256
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import parse_http_list, parse_keqv_list

ALGORITHMS: dict[str, Any] = {"MD5": md5, "SHA-256": sha256}


def split_credentials(url: str) -> tuple[str, str]:
    """Take ``user:pass@`` out of a URL: the URL without it, and the decoded ``user:pass`` (empty without one)."""
    if "@" not in url:
        return url, ""
    parts = urlsplit(url)
    credentials, _, host = parts.netloc.rpartition("@")
    return urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment)), unquote(credentials)


def basic(credentials: str) -> str:
    """The Authorization header of ``user:pass``."""
    return f"Basic {b64encode(credentials.encode()).decode()}"


def digest(challenge: str, credentials: str, method: str, url: str, nonce: str) -> str | None:
    """The Authorization header that answers a WWW-Authenticate header; None when it asks for no known Digest."""
    scheme, _, rest = challenge.partition(" ")
    asked = parse_keqv_list(parse_http_list(rest)) if scheme.lower() == "digest" else {}
    algorithm = ALGORITHMS.get(asked.get("algorithm", "MD5").upper())
    if algorithm is None or "nonce" not in asked:
        return None
    user, _, password = credentials.partition(":")
    parts = urlsplit(url)
    uri = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def hashed(*texts: str) -> str:
        return str(algorithm(":".join(texts).encode()).hexdigest())

    realm = asked.get("realm", "")
    counted = ("00000001", nonce, "auth") if "auth" in asked.get("qop", "") else ()
    answer = hashed(hashed(user, realm, password), asked["nonce"], *counted, hashed(method, uri))
    fields = {"username": user, "realm": realm, "nonce": asked["nonce"], "uri": uri, "response": answer}
    fields |= {name: asked[name] for name in ("opaque", "algorithm") if name in asked}
    quoted = ", ".join(f'{name}="{value}"' for name, value in fields.items())
    return f"Digest {quoted}" + (f', qop=auth, nc={counted[0]}, cnonce="{nonce}"' if counted else "")
