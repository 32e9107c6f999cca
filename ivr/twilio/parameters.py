"""What Twilio told us, as values.

Every field is optional in practice (Twilio: "TwiML request parameters", "Call resource: status callbacks",
"Conference: callback events", "Recording status callback"). Reading never raises: what is absent or malformed is
None. Values a person said or keyed, and their numbers, stay out of ``repr``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

LONGEST_SPEECH = 1000
"""Characters of recognised speech that are kept."""

Fields = Mapping[str, str]

_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
_DIGITS = re.compile(r"[0-9*#A-Dw]{0,1000}")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FORMATTING = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_NUMBER = re.compile(r"[0-9]{1,10}")
_DECIMAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?(?:[eE]-[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class VoiceRequest:
    """Twilio asks what to do next on a call: first request, action, wait, screening or fallback.

    ``digits`` is None where none were sent and "" where the field was empty; ``hung_up`` is true where Twilio put
    the word hangup there. Durations and queue times are seconds. ``speech`` is at most 1000 characters.
    """

    call_sid: str | None = None
    account_sid: str | None = None
    parent_call_sid: str | None = None
    from_: str | None = field(default=None, repr=False)
    to: str | None = field(default=None, repr=False)
    forwarded_from: str | None = field(default=None, repr=False)
    call_status: str | None = None
    direction: str | None = None
    digits: str | None = field(default=None, repr=False)
    hung_up: bool = False
    speech: str | None = field(default=None, repr=False)
    confidence: float | None = None
    queue_result: str | None = None
    queue_sid: str | None = None
    queue_time: int | None = None
    queue_position: int | None = None
    queue_size: int | None = None
    dial_call_status: str | None = None
    dial_call_sid: str | None = None
    dial_call_duration: int | None = None
    dial_bridged: bool | None = None
    recording_sid: str | None = None
    recording_duration: int | None = None
    error_code: int | None = None
    answered_by: str | None = None
    stir: str | None = None

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """From the fields of a checked request."""
        return cls(
            call_sid=_sid(fields, "CallSid"),
            account_sid=_sid(fields, "AccountSid"),
            parent_call_sid=_sid(fields, "ParentCallSid"),
            from_=_text(fields, "From", 256),
            to=_text(fields, "To", 256),
            forwarded_from=_text(fields, "ForwardedFrom", 256),
            call_status=_word(fields, "CallStatus"),
            direction=_word(fields, "Direction"),
            digits=_digits(fields),
            hung_up=fields.get("Digits") == "hangup",
            speech=_text(fields, "SpeechResult", LONGEST_SPEECH),
            confidence=_share(fields, "Confidence"),
            queue_result=_word(fields, "QueueResult"),
            queue_sid=_sid(fields, "QueueSid"),
            queue_time=_int(fields, "QueueTime"),
            queue_position=_int(fields, "QueuePosition"),
            queue_size=_int(fields, "CurrentQueueSize"),
            dial_call_status=_word(fields, "DialCallStatus"),
            dial_call_sid=_sid(fields, "DialCallSid"),
            dial_call_duration=_int(fields, "DialCallDuration"),
            dial_bridged=_bool(fields, "DialBridged"),
            recording_sid=_sid(fields, "RecordingSid"),
            recording_duration=_int(fields, "RecordingDuration"),
            error_code=_int(fields, "ErrorCode"),
            answered_by=_word(fields, "AnsweredBy"),
            stir=_word(fields, "StirVerstat"),
        )


@dataclass(frozen=True, slots=True)
class StatusCallback:
    """A call leg changed its state. They arrive late, twice and out of order: go by ``sequence_number``.

    ``duration`` is in seconds and present at the end only. ``stir`` is the attestation of an outgoing call.
    """

    call_sid: str | None = None
    account_sid: str | None = None
    parent_call_sid: str | None = None
    from_: str | None = field(default=None, repr=False)
    to: str | None = field(default=None, repr=False)
    call_status: str | None = None
    direction: str | None = None
    sequence_number: int | None = None
    timestamp: datetime | None = None
    duration: int | None = None
    answered_by: str | None = None
    sip_response_code: int | None = None
    stir: str | None = None
    error_code: int | None = None

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """From the fields of a checked request."""
        return cls(
            call_sid=_sid(fields, "CallSid"),
            account_sid=_sid(fields, "AccountSid"),
            parent_call_sid=_sid(fields, "ParentCallSid"),
            from_=_text(fields, "From", 256),
            to=_text(fields, "To", 256),
            call_status=_word(fields, "CallStatus"),
            direction=_word(fields, "Direction"),
            sequence_number=_int(fields, "SequenceNumber"),
            timestamp=_instant(fields, "Timestamp"),
            duration=_int(fields, "CallDuration"),
            answered_by=_word(fields, "AnsweredBy"),
            sip_response_code=_int(fields, "SipResponseCode"),
            stir=_word(fields, "StirStatus"),
            error_code=_int(fields, "ErrorCode"),
        )


@dataclass(frozen=True, slots=True)
class ConferenceEvent:
    """Something happened in a conference; ``sequence`` orders the events of one conference."""

    sequence: int | None = None
    event: str | None = None
    conference_sid: str | None = None
    account_sid: str | None = None
    call_sid: str | None = None
    label: str | None = None
    friendly_name: str | None = None
    timestamp: datetime | None = None
    muted: bool | None = None
    hold: bool | None = None
    coaching: bool | None = None
    participant_status: str | None = None
    reason: str | None = None
    ended_by: str | None = None

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """From the fields of a checked request; ``reason`` is why a participant left or the conference ended."""
        return cls(
            sequence=_int(fields, "SequenceNumber"),
            event=_word(fields, "StatusCallbackEvent"),
            conference_sid=_sid(fields, "ConferenceSid"),
            account_sid=_sid(fields, "AccountSid"),
            call_sid=_sid(fields, "CallSid"),
            label=_text(fields, "ParticipantLabel", 128),
            friendly_name=_text(fields, "FriendlyName", 128),
            timestamp=_instant(fields, "Timestamp"),
            muted=_bool(fields, "Muted"),
            hold=_bool(fields, "Hold"),
            coaching=_bool(fields, "Coaching"),
            participant_status=_word(fields, "ParticipantCallStatus"),
            reason=_word(fields, "ReasonParticipantLeft") or _word(fields, "ReasonConferenceEnded"),
            ended_by=_sid(fields, "CallSidEndingConference"),
        )


@dataclass(frozen=True, slots=True)
class RecordingCallback:
    """A recording changed its state. Its media address is built from ``recording_sid``, never taken from here."""

    recording_sid: str | None = None
    account_sid: str | None = None
    call_sid: str | None = None
    conference_sid: str | None = None
    status: str | None = None
    duration: int | None = None
    channels: int | None = None
    source: str | None = None
    track: str | None = None
    started_at: datetime | None = None
    error_code: int | None = None
    encryption: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """From the fields of a checked request; ``duration`` is in seconds, ``encryption`` the JSON as sent."""
        return cls(
            recording_sid=_sid(fields, "RecordingSid"),
            account_sid=_sid(fields, "AccountSid"),
            call_sid=_sid(fields, "CallSid"),
            conference_sid=_sid(fields, "ConferenceSid"),
            status=_word(fields, "RecordingStatus"),
            duration=_int(fields, "RecordingDuration"),
            channels=_int(fields, "RecordingChannels"),
            source=_word(fields, "RecordingSource"),
            track=_word(fields, "RecordingTrack"),
            started_at=_instant(fields, "RecordingStartTime"),
            error_code=_int(fields, "ErrorCode"),
            encryption=_text(fields, "EncryptionDetails", 4096),
        )


@dataclass(frozen=True, slots=True)
class MessageCallback:
    """A text message changed its state (Twilio: "Message status")."""

    message_sid: str | None = None
    account_sid: str | None = None
    status: str | None = None
    error_code: int | None = None
    from_: str | None = field(default=None, repr=False)
    to: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """From the fields of a checked request."""
        return cls(
            message_sid=_sid(fields, "MessageSid"),
            account_sid=_sid(fields, "AccountSid"),
            status=_word(fields, "MessageStatus"),
            error_code=_int(fields, "ErrorCode"),
            from_=_text(fields, "From", 256),
            to=_text(fields, "To", 256),
        )


def _matched(fields: Fields, name: str, pattern: re.Pattern[str]) -> str | None:
    value = fields.get(name, "")
    return value if pattern.fullmatch(value) else None


def _sid(fields: Fields, name: str) -> str | None:
    return _matched(fields, name, _SID)


def _word(fields: Fields, name: str) -> str | None:
    return _matched(fields, name, _WORD)


def _int(fields: Fields, name: str) -> int | None:
    value = _matched(fields, name, _NUMBER)
    return None if value is None else int(value)


def _share(fields: Fields, name: str) -> float | None:
    value = _matched(fields, name, _DECIMAL)
    return float(value) if value is not None and float(value) <= 1 else None


def _bool(fields: Fields, name: str) -> bool | None:
    return {"true": True, "false": False}.get(fields.get(name, ""))


def _digits(fields: Fields) -> str | None:
    return _matched(fields, "Digits", _DIGITS) if "Digits" in fields else None


def _text(fields: Fields, name: str, longest: int) -> str | None:
    clean = _FORMATTING.sub("", _CONTROL.sub(" ", fields.get(name, ""))).strip()
    return clean[:longest] or None


def _instant(fields: Fields, name: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(fields.get(name, ""))
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
