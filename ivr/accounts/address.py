"""The address that a request comes from."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Request


def find_client_address(request: Request) -> str:
    """Return the client's address for the audit log and the throttle; "unknown" where it cannot be read.

    ``ivr/app.py`` has put the address there that the outermost trusted proxy saw (OWASP ASVS 4.1.3). Some proxies write
    a port behind it.
    """
    seen = (request.remote_addr or "").strip()
    return _plain(seen) or _plain(_without_port(seen)) or "unknown"


def _without_port(text: str) -> str:
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""


def _plain(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return None
