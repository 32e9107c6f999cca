"""Twilio's identifiers, checked before they become part of an address."""

from __future__ import annotations

import re

from ivr.twilio.errors import PermanentFailure

_HEX = re.compile(r"[0-9a-f]{32}")


def is_sid(prefix: str, value: str) -> bool:
    """True for two letters and 32 hex digits."""
    return value.startswith(prefix) and _HEX.fullmatch(value, 2) is not None


def sid(prefix: str, value: str) -> str:
    """``value``, or `PermanentFailure`: a malformed identifier never reaches a URL."""
    if not is_sid(prefix, value):
        raise PermanentFailure(f"malformed {prefix} sid")
    return value
