"""The shapes of Twilio's fields (Twilio: "TwiML request parameters"; identifiers: two letters, 32 hex digits).

A signature covers names and values run together, so the same bytes may be cut into other fields. Three rules
make every other cut fail: known fields have strict shapes, a name is letters, digits, ``_``, ``.`` and ``-``, and
no unknown name may be a known name with the beginning of its value stuck to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,127}")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a whole value looks like, and how one may begin in characters that a name may hold."""

    whole: re.Pattern[str]
    beginning: re.Pattern[str]


def _shape(whole: str, beginning: str) -> Shape:
    return Shape(re.compile(whole), re.compile(beginning))


def _sid(*prefixes: str) -> Shape:
    letters = "|".join(prefixes)
    return _shape(f"(?:{letters})[0-9a-f]{{32}}", f"(?:{letters})[0-9a-f]")


_WORD = _shape(r"[a-z][a-z-]{0,39}", r"[a-z]")
_COUNT = _shape(r"[0-9]{1,10}", r"[0-9]")
_DIGITS = _shape(r"[0-9*#A-Dw]{0,1000}|hangup", r"[0-9A-Dw](?![a-z])|hangup")
_ADDRESS = r"\+[0-9]{1,20}|(?:client|sips?|sim|whatsapp|messenger|rcs):[^\x00-\x20\x7f<>\"]{1,256}"
# Ours, or what we dialled: a number, a short code, an alphanumeric sender, a client or SIP address.
_TO = _shape(rf"{_ADDRESS}|[0-9*#]{{1,20}}|[A-Za-z0-9 ]{{1,11}}|", r"[0-9]")
# A caller ID may be any text of the carrier; a plus sign inside it would be a second number.
_FROM = _shape(rf"{_ADDRESS}|[^\x00-\x1f\x7f+]{{0,256}}", r"[0-9]")

SHAPES: dict[str, Shape] = {
    "AccountSid": _sid("AC"),
    "CallSid": _sid("CA"),
    "ParentCallSid": _sid("CA"),
    "DialCallSid": _sid("CA"),
    "DequeingCallSid": _sid("CA"),
    "DequeuedCallSid": _sid("CA"),
    "CallSidEndingConference": _sid("CA"),
    "ConferenceSid": _sid("CF"),
    "QueueSid": _sid("QU"),
    "RecordingSid": _sid("RE"),
    "MessageSid": _sid("SM", "MM"),
    "SmsSid": _sid("SM", "MM"),
    "ApiVersion": _shape(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]"),
    "CallStatus": _WORD,
    "DialCallStatus": _WORD,
    "Direction": _WORD,
    "DialBridged": _WORD,
    "MessageStatus": _WORD,
    "ErrorCode": _COUNT,
    "RecordingStatus": _WORD,
    "StatusCallbackEvent": _WORD,
    "QueueResult": _WORD,
    "SequenceNumber": _COUNT,
    "Digits": _DIGITS,
    "To": _TO,
    "Called": _TO,
    "From": _FROM,
    "Caller": _FROM,
}


def wrong_field(name: str, value: str) -> str | None:
    """Why this field cannot be Twilio's, as a code that never quotes a value or an unknown name."""
    shape = SHAPES.get(name)
    if shape is None:
        return _wrong_name(name)
    return None if shape.whole.fullmatch(value) else f"bad_field:{name}"


@lru_cache(maxsize=1024)
def _wrong_name(name: str) -> str | None:
    if NAME.fullmatch(name) is None:
        return "bad_name"
    return "swallowing_name" if _SWALLOWING.match(name) else None


_SWALLOWING = re.compile("|".join(f"{name}(?:{shape.beginning.pattern})" for name, shape in SHAPES.items()))


def is_known(name: str) -> bool:
    """Whether the field has a shape, because somebody decides by it."""
    return name in SHAPES


def swallowed_names(odd_name: str) -> set[str]:
    """The known fields whose true values may be part of a name that is none, or not one of Twilio's."""
    return {name for name, pattern in _WITHIN.items() if pattern.search(odd_name)}


_WITHIN = {
    name: re.compile(rf"{name}(?:{shape.beginning.pattern}|[^A-Za-z0-9_.\-]|$)") for name, shape in SHAPES.items()
}
