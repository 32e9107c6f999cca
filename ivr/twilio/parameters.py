"""What Twilio told us, as values.

Every field is optional in practice (Twilio: "TwiML request parameters", "Call resource: status callbacks",
"Conference: callback events", "Recording status callback"). Reading never raises: what is absent or malformed is
None. Values a person said or keyed, and their numbers, stay out of ``repr``. Only fields that somebody reads are here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

LONGEST_SPEECH = 10_000
"""Characters of recognised speech that are read, half from its beginning and half from its end: an emergency may be
told at the end of a long story.
"""
LONGEST_ADDRESS = 256

Fields = Mapping[str, str]

_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
_DIGITS = re.compile(r"[0-9*#A-Dw]{0,1000}")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FORMATTING = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_NUMBER = re.compile(r"[0-9]{1,10}")
_DECIMAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?(?:[eE]-[0-9]{1,2})?")


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda value: value if pattern.fullmatch(value) else None


_sid, _word, _digits = _matching(_SID), _matching(_WORD), _matching(_DIGITS)


def _instant(value: str) -> datetime | None:
    """An instant as mail writes it (RFC 2822), which Twilio does."""
    try:
        read = parsedate_to_datetime(value)
        return None if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _int(value: str) -> int | None:
    return int(value) if _NUMBER.fullmatch(value) else None


def _share(value: str) -> float | None:
    return float(value) if _DECIMAL.fullmatch(value) and float(value) <= 1 else None


def _bool(value: str) -> bool | None:
    return {"true": True, "false": False}.get(value)


def _clean(value: str) -> str:
    return _FORMATTING.sub("", _CONTROL.sub(" ", value)).strip()


def _address(value: str) -> str | None:
    return _clean(value)[:LONGEST_ADDRESS] or None


def _speech(value: str) -> str | None:
    words, half = _clean(value), LONGEST_SPEECH // 2
    return (words if len(words) <= LONGEST_SPEECH else f"{words[: half - 1]} {words[-half:]}") or None


def _parameter(name: str, read: Callable[[str], Any], *, private: bool = False) -> Any:
    """A field that ``read`` reads from Twilio's ``name``; one that is ``private`` is not in ``repr``."""
    return field(default=None, repr=not private, metadata={"name": name, "read": read})


class _Parameters:
    """Something that Twilio told, a field for each parameter that is read."""

    __slots__ = ()

    @classmethod
    def read(cls, told: Fields) -> Self:
        """From the fields of a checked request."""
        return cls(**{one.name: _value(told, **one.metadata) for one in fields(cls)})  # type: ignore[arg-type]


def _value(told: Fields, name: str, read: Callable[[str], Any]) -> Any:
    return read(told[name]) if name in told else None


@dataclass(frozen=True, slots=True)
class VoiceRequest(_Parameters):
    """Twilio asks what to do next on a call: first request, action, wait, screening or fallback.

    ``digits`` is None where none were sent and "" where the field was empty. Durations are seconds. ``speech`` is at
    most ``LONGEST_SPEECH`` characters.
    """

    call_sid: str | None = _parameter("CallSid", _sid)
    from_: str | None = _parameter("From", _address, private=True)
    to: str | None = _parameter("To", _address, private=True)
    call_status: str | None = _parameter("CallStatus", _word)
    digits: str | None = _parameter("Digits", _digits, private=True)
    speech: str | None = _parameter("SpeechResult", _speech, private=True)
    confidence: float | None = _parameter("Confidence", _share)
    queue_result: str | None = _parameter("QueueResult", _word)
    dial_call_status: str | None = _parameter("DialCallStatus", _word)
    dial_bridged: bool | None = _parameter("DialBridged", _bool)
    dial_seconds: int | None = _parameter("DialCallDuration", _int)
    recording_sid: str | None = _parameter("RecordingSid", _sid)
    recording_duration: int | None = _parameter("RecordingDuration", _int)


@dataclass(frozen=True, slots=True)
class StatusCallback(_Parameters):
    """A call leg changed its state. They arrive late, twice and out of order: go by ``sequence_number``.

    ``call_seconds`` is told at the end of a call; ``at`` is when it happened, and is told of calls that we made.
    """

    call_sid: str | None = _parameter("CallSid", _sid)
    call_status: str | None = _parameter("CallStatus", _word)
    sequence_number: int | None = _parameter("SequenceNumber", _int)
    call_seconds: int | None = _parameter("CallDuration", _int)
    at: datetime | None = _parameter("Timestamp", _instant)  # noqa: RUF009 - it is a field


@dataclass(frozen=True, slots=True)
class ConferenceEvent(_Parameters):
    """Something happened in a conference; ``sequence`` orders the events of one conference."""

    sequence: int | None = _parameter("SequenceNumber", _int)
    event: str | None = _parameter("StatusCallbackEvent", _word)
    conference_sid: str | None = _parameter("ConferenceSid", _sid)
    call_sid: str | None = _parameter("CallSid", _sid)
    at: datetime | None = _parameter("Timestamp", _instant)  # noqa: RUF009 - it is a field


@dataclass(frozen=True, slots=True)
class RecordingCallback(_Parameters):
    """A recording changed its state; ``duration`` is in seconds.

    The address of its media is built from ``recording_sid``, never taken from here.
    """

    recording_sid: str | None = _parameter("RecordingSid", _sid)
    call_sid: str | None = _parameter("CallSid", _sid)
    status: str | None = _parameter("RecordingStatus", _word)
    duration: int | None = _parameter("RecordingDuration", _int)
    channels: int | None = _parameter("RecordingChannels", _int)


@dataclass(frozen=True, slots=True)
class MessageCallback(_Parameters):
    """A text message changed its state (Twilio: "Message status")."""

    message_sid: str | None = _parameter("MessageSid", _sid)
    status: str | None = _parameter("MessageStatus", _word)
    error_code: int | None = _parameter("ErrorCode", _int)
