"""Browsers in which somebody signed in before. Each has a count of failures of its own (``throttle.py``).

It opens nothing: whoever copies the cookie still needs the secret, and has as few tries as its owner (OWASP: "Slow Down
Online Guessing Attacks with Device Cookies").
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import Request, Response
from itsdangerous import BadSignature, URLSafeSerializer

from ivr.core.settings import Settings

KEPT_FOR = timedelta(days=90)
MOST_ACCOUNTS = 8
"""Accounts that one browser is remembered for; the one that signed in longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class Device:
    """One browser, and the keyed hashes of the accounts that it is known to."""

    name: str
    accounts: tuple[str, ...] = ()


def find_device(request: Request, settings: Settings, account: str) -> str | None:
    """Return the name of the browser if ``account`` was signed in to in it before."""
    device = _read(request, settings)
    return device.name if device is not None and _hashed(settings, account) in device.accounts else None


def remember_device(response: Response, request: Request, settings: Settings, account: str) -> None:
    """Let the browser be known to ``account``, which has just signed in to in it."""
    device, mine = _read(request, settings) or Device(secrets.token_hex(16)), _hashed(settings, account)
    others = tuple(one for one in device.accounts if one != mine)
    response.set_cookie(
        _cookie_name(settings),
        _serializer(settings).dumps([device.name, *(*others, mine)[-MOST_ACCOUNTS:]]),
        max_age=KEPT_FOR,
        secure=not settings.demo,
        httponly=True,
        samesite="Strict",
    )


def _read(request: Request, settings: Settings) -> Device | None:
    try:
        name, *accounts = _serializer(settings).loads(request.cookies.get(_cookie_name(settings), ""))
    except BadSignature:
        return None
    return Device(name, tuple(accounts))


def _cookie_name(settings: Settings) -> str:
    return "sunline-device" if settings.demo else "__Host-sunline-device"


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.session_secret, salt="sunline known device")


def _hashed(settings: Settings, account: str) -> str:
    text = f"known device {account}".encode("utf-8", "replace")
    return hmac.new(settings.session_secret.encode(), text, sha256).hexdigest()[:32]
