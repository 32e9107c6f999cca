"""Access tokens of browser phones: JWT, HS256, signed with an API key's secret (Twilio: Access Tokens)."""

import hmac
import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from phonesim.errors import PhonesimError
from phonesim.network import Network

LONGEST_LIFE = timedelta(hours=24)
LONGEST_IDENTITY = 256


class BadToken(PhonesimError):
    """A token the platform refuses: ``code`` is that of the error dictionary."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Token:
    """What a token allows: ``incoming`` calls, and outgoing ones to an application with parameters of its own."""

    identity: str
    expires: datetime
    incoming: bool = False
    application_sid: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def read_token(net: Network, text: str) -> Token:
    """Check signature, header, issuer, times and grants. Raises BadToken."""
    signed, _, signature = text.rpartition(".")
    header, payload = (_decoded(part) for part in f"{signed}.".split(".")[:2])
    if header.get("alg") != "HS256" or header.get("typ") != "JWT" or header.get("cty") != "twilio-fpa;v=1":
        raise BadToken(20102, "the header must say JWT, HS256 and twilio-fpa;v=1")
    key = net.account.api_keys.get(str(payload.get("iss", "")))
    if key is None or payload.get("sub") != net.account_sid:
        raise BadToken(20103, "iss must be an API key of the account sub")
    expected = hmac.new(key.secret.encode(), signed.encode(), sha256).digest()
    if not hmac.compare_digest(expected, _bytes(signature)):
        raise BadToken(20107, "the signature is not that of the API key's secret")
    return _granted(payload, _expiry(net, payload))


def _expiry(net: Network, payload: dict[str, Any]) -> datetime:
    expires = _instant(payload.get("exp"), 20104)
    starts = _instant(payload["nbf"], 20105) if "nbf" in payload else net.now
    if expires <= net.now:
        raise BadToken(20104, "the token has expired")
    if starts > net.now:
        raise BadToken(20105, "the token is not valid yet")
    if net.options.token_life_limited and expires - starts > LONGEST_LIFE:
        raise BadToken(20157, "a token lives at most 24 hours")
    return expires


def _granted(payload: dict[str, Any], expires: datetime) -> Token:
    grants = payload.get("grants")
    voice = grants.get("voice") if isinstance(grants, dict) else None
    identity = str(grants.get("identity", "")) if isinstance(grants, dict) else ""
    if not isinstance(voice, dict) or not 0 < len(identity) <= LONGEST_IDENTITY or len(identity.split()) != 1:
        raise BadToken(20106, "grants must hold a voice grant and an identity of 1 to 256 characters without spaces")
    outgoing = voice.get("outgoing") or {}
    parameters = {name: str(value) for name, value in (outgoing.get("params") or {}).items()}
    incoming = bool((voice.get("incoming") or {}).get("allow"))
    return Token(identity, expires, incoming, str(outgoing.get("application_sid", "")), parameters)


def _decoded(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_bytes(part))
    except ValueError as problem:
        raise BadToken(20101, "not three parts of base64url JSON") from problem
    if not isinstance(value, dict):
        raise BadToken(20101, "header and payload must be JSON objects")
    return value


def _bytes(part: str) -> bytes:
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError as problem:
        raise BadToken(20101, "not base64url") from problem


def _instant(value: Any, code: int) -> datetime:
    if not isinstance(value, (int, float)):
        raise BadToken(code, "a time is missing or not a number")
    return datetime.fromtimestamp(value, UTC)
