"""Is this request really from Twilio?

Twilio: "Webhooks security". The signature is HMAC-SHA1 over the exact URL, then every form field in order of
name, name and value run together without separators; Base64. By itself it leaves two gaps, which the form check
closes: fields may be cut differently under the same signature, and of a field that is repeated it covers neither how
often nor in which order its values came.
"""

from __future__ import annotations

import hmac
import re
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import chain
from urllib.parse import parse_qs, urlsplit

_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")

Pairs = Iterable[tuple[str, str]]


def sign(token: bytes, url: str, pairs: Pairs = ()) -> bytes:
    """The Base64 signature of a URL and form fields; repeated pairs count once, as in Twilio's own libraries."""
    return _sign(token, _bytes(url + _joined(pairs)))


class SignatureCheck:
    """Signatures under one or two auth tokens, for the one public address that Twilio knows us by.

    The address comes from configuration, never from Host or forwarding headers, and the algorithm is fixed:
    no header chooses it.
    """

    def __init__(self, tokens: tuple[str, ...], public_url: str) -> None:
        if not tokens or not all(token.strip() for token in tokens):
            raise ValueError("an auth token is missing or empty; set TWILIO_AUTH_TOKEN")
        bases = _bases(public_url)
        self._forms = tuple((_bytes(token), base) for token in tokens for base in bases)

    def verify(self, path_raw: str, query_raw: str, pairs: Sequence[tuple[str, str]], header: str | None) -> bool:
        """True where ``header`` signs this path, query and form, with or without the port in the address.

        Path and query are taken as they came over the wire. For GET give no pairs: they are in the query.
        """
        if not header:
            return False
        given = _bytes(header)
        target = f"{path_raw}?{query_raw}" if query_raw else path_raw
        ending = _bytes(target + _joined(pairs))
        return any(hmac.compare_digest(_sign(token, base + ending), given) for token, base in self._forms)

    def verify_json(self, path_raw: str, query_raw: str, body: bytes, header: str | None) -> bool:
        """True where the URL is signed and its ``bodySHA256`` is the digest of this very body."""
        digests = parse_qs(query_raw).get("bodySHA256", [])
        expected = sha256(body).hexdigest()
        intact = len(digests) == 1 and hmac.compare_digest(_bytes(digests[0]), expected.encode())
        return intact and self.verify(path_raw, query_raw, (), header)


def _sign(token: bytes, text: bytes) -> bytes:
    return b2a_base64(hmac.digest(token, text, "sha1"), newline=False)


def _joined(pairs: Pairs) -> str:
    return "".join(chain.from_iterable(sorted(set(pairs))))


def _bytes(text: str) -> bytes:
    try:
        # Bytes that were no UTF-8 are signed as they came.
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # Lone surrogates must make a signature wrong, not raise.
        return text.encode("utf-8", "surrogatepass")


def _bases(public_url: str) -> tuple[bytes, bytes]:
    # Twilio drops or keeps a port depending on the kind of callback, so both forms are right.
    parts = urlsplit(public_url)
    if parts.scheme not in _PORTS or not _HOST.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ValueError(
            "the public address must be http(s)://host[:port][/prefix], without credentials or query; "
            "set SUNLINE_PUBLIC_URL"
        )
    bare = re.sub(r":[0-9]+$", "", parts.netloc)
    prefix = parts.path.rstrip("/")
    ported = f"{bare}:{parts.port or _PORTS[parts.scheme]}"
    return _bytes(f"{parts.scheme}://{bare}{prefix}"), _bytes(f"{parts.scheme}://{ported}{prefix}")
