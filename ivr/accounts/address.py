"""The address that a request comes from."""

from __future__ import annotations

import ipaddress

from flask import Request


def find_client_address(request: Request) -> str:
    """Return the client's address for the audit log and the throttle.

    ``X-Forwarded-For`` counts only from a proxy on this machine, and only its last entry, the one that the proxy
    wrote itself; whatever a client put before it is ignored (OWASP ASVS 4.1.3).
    """
    peer = _plain(request.remote_addr) or "unknown"
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
    return (_plain(forwarded) or peer) if _is_this_machine(peer) else peer


def _is_this_machine(address: str) -> bool:
    return address == "unknown" or ipaddress.ip_address(address).is_loopback


def _plain(text: str | None) -> str | None:
    try:
        return str(ipaddress.ip_address((text or "").strip().partition("%")[0]))
    except ValueError:
        return None
