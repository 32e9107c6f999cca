"""A log line may carry codes, counts and opaque ids. Everything else is dropped, not masked.

What passes is decided by the name *and* the shape of a value, so that neither a careless name nor a
careless value is enough to put a patient into a log (OWASP ASVS 16.2.5, 16.4.1).
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import MutableMapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any

LIMIT = 10**9
"""Numbers from here on are dropped: a telephone number or a record number may hide in them."""

_CODE = re.compile(r"/?[a-z][a-z0-9]*(?:[._:/@-]+[a-z0-9]+)*")
_DIGITS = re.compile(r"\d{5}")
_OPAQUE = re.compile(
    r"[A-Z]{2}[0-9a-f]{32}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?:[a-z]{1,12}[-_])?(?=[0-9]*[a-f])[0-9a-f]{12,64}"
    r"|(?:[a-z]{1,12}[-_])?(?=[0-9]*[A-Z])(?=[A-Z]*[0-9])[0-9A-HJKMNP-TV-Z]{26}"
)
_NAME = re.compile(r"[a-z_]{1,40}")
_KIND = re.compile(r"[A-Z][A-Za-z]{0,40}[A-Z][A-Za-z]{1,40}")
# A code, and the name of one of Twilio's fields where it is about one.
_PROBLEM = re.compile(r"[a-z_]{1,40}(?::[A-Z][A-Za-z]{1,40})?")
_CODE_NAMES = re.compile(
    "action|agent|alert|call|code|component|direction|document|effect|endpoint|error_code|event|flow|job|key|kind|language|leg"
    "|level|lifecycle|logger|method|mode|offer|outcome|page|path|person|pool|practice|problem|promise|purpose|queue"
    "|reason|recording|role|rota|route|rule|service|severity|site|skill|source|state|status|step|timer|transition"
    "|type|urgency|verb|version|what|worker|[a-z_]+_(?:id|sid)"
)
_COUNT_NAMES = re.compile(
    "attempts?|bytes|code|count|delay|depth|duration|error_code|failures|http_status|leg|line|pid|port|position"
    "|priority|problems|remaining|rows|sequence|size|status|step|total|tries|waiting"
)
_COUNT_ENDINGS = ("_ms", "_us", "_seconds", "_count", "_bytes", "_total", "_id")
_STRICTLY_OPAQUE = frozenset({"patient_id", "caller_id", "representative_id"})


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: keep what is safe, say how many values were withheld."""
    trouble = event.pop("exc_info", None)
    trouble = sys.exc_info() if trouble is True else trouble
    safe = {name: kept for name, value in event.items() if (kept := _kept(name, value)) is not None}
    withheld = sum(1 for value in event.values() if value is not None) - len(safe)
    if "event" not in safe:
        safe["event"] = "withheld"
    if withheld:
        safe["withheld"] = withheld
    return {**safe, **describe(trouble)}


def describe(trouble: object) -> dict[str, Any]:
    """Kinds and places of an exception and its causes; never its text, which may quote what was said."""
    error = trouble[1] if isinstance(trouble, tuple) and len(trouble) == 3 else trouble
    if not isinstance(error, BaseException):
        return {}
    chain = _chain(error)
    return {"error": [_kind(link) for link in chain], "place": _places(chain[-1].__traceback__)}


def _kept(name: str, value: object) -> object:
    if _NAME.fullmatch(name) is None:
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat() if _is_moment(name) else None
    if isinstance(value, int | float):
        return value if _counts(name) and abs(value) < LIMIT else None
    if isinstance(value, list | tuple):
        return _kept_items(name, value)
    return value if isinstance(value, str) and _may_say(name, value) else None


def _kept_items(name: str, items: Sequence[object]) -> list[str] | None:
    if name == "problems":
        return [item for item in items if isinstance(item, str) and _PROBLEM.fullmatch(item)]
    if name.endswith(("_ids", "_sids")):
        return [item for item in items if isinstance(item, str) and _is_name(item)]
    return None


def _counts(name: str) -> bool:
    if name in _STRICTLY_OPAQUE:
        return False
    return _COUNT_NAMES.fullmatch(name) is not None or name.endswith(_COUNT_ENDINGS)


def _is_moment(name: str) -> bool:
    return name in ("at", "timestamp") or name.endswith("_at")


def _may_say(name: str, text: str) -> bool:
    if name == "error":
        return _KIND.fullmatch(text) is not None
    if name in _STRICTLY_OPAQUE:
        return _OPAQUE.fullmatch(text) is not None
    return _CODE_NAMES.fullmatch(name) is not None and _is_name(text)


def _is_name(text: str) -> bool:
    return _is_code(text) or _OPAQUE.fullmatch(text) is not None


def _is_code(text: str) -> bool:
    return len(text) <= 64 and _CODE.fullmatch(text) is not None and not _DIGITS.search(text)


def _chain(error: BaseException) -> list[BaseException]:
    links = [error]
    while len(links) < 5 and (before := links[-1].__cause__ or links[-1].__context__) is not None:
        links.append(before)
    return links


def _kind(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}"


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-8:]
    return [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in frames]
