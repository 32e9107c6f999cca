"""What Twilio says about its resources. Instants are UTC, durations seconds; numbers stay out of ``repr``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CallState:
    """A call leg. Eventually consistent: callbacks know sooner (Twilio: "Call resource")."""

    sid: str
    status: str
    direction: str | None
    to: str | None = field(repr=False)
    from_: str | None = field(repr=False)
    parent_call_sid: str | None
    date_created: datetime | None
    start_time: datetime | None
    end_time: datetime | None
    duration: int | None
    answered_by: str | None

    @property
    def began_at(self) -> datetime | None:
        """When it was answered, or created where it was not."""
        return self.start_time or self.date_created

    @property
    def ended(self) -> bool:
        """True in a state that no call ever leaves."""
        return self.status in ("completed", "busy", "no-answer", "failed", "canceled")


@dataclass(frozen=True, slots=True)
class RecordingState:
    """A recording; its media can be fetched and deleted once it is ``completed``."""

    sid: str
    call_sid: str | None
    conference_sid: str | None
    status: str
    channels: int | None
    duration: int | None
    source: str | None
    date_created: datetime | None
    error_code: int | None
    encryption: dict[str, str] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessageState:
    """A text message."""

    sid: str
    status: str
    to: str | None = field(repr=False)
    from_: str | None = field(repr=False)
    body: str | None = field(repr=False)
    date_created: datetime | None
    error_code: int | None


@dataclass(frozen=True, slots=True)
class ParticipantState:
    """A call leg in a conference."""

    call_sid: str
    label: str | None
    status: str | None
    muted: bool
    hold: bool
    coaching: bool


@dataclass(frozen=True, slots=True)
class NumberState:
    """A telephone number of the account and where it sends its calls."""

    sid: str
    number: str = field(repr=False)
    voice_url: str | None
    voice_fallback_url: str | None
    status_callback: str | None
    date_updated: datetime | None


@dataclass(frozen=True, slots=True)
class VerificationState:
    """A one-time code of Twilio's. ``approved`` only where both of the ways in which Twilio tells it say so."""

    sid: str
    approved: bool


@dataclass(frozen=True, slots=True)
class VerifyServiceState:
    """How a Verify service is set, as far as it matters here."""

    sid: str
    code_length: int | None
    warns_against_sharing: bool
    """Its texts say that nobody of ours ever asks for the code."""


def call_state(found: Any) -> CallState:
    """From the library's call."""
    return CallState(
        sid=str(found.sid),
        status=str(found.status),
        direction=found.direction,
        to=found.to,
        from_=getattr(found, "_from"),  # noqa: B009
        parent_call_sid=found.parent_call_sid,
        date_created=_instant(found.date_created),
        start_time=_instant(found.start_time),
        end_time=_instant(found.end_time),
        duration=_int(found.duration),
        answered_by=found.answered_by,
    )


def recording_state(found: Any) -> RecordingState:
    """From the library's recording."""
    details = found.encryption_details
    return RecordingState(
        sid=str(found.sid),
        call_sid=found.call_sid,
        conference_sid=found.conference_sid,
        status=str(found.status),
        channels=_int(found.channels),
        duration=_int(found.duration),
        source=found.source,
        date_created=_instant(found.date_created),
        error_code=_int(found.error_code),
        encryption=details if isinstance(details, dict) else None,
    )


def message_state(found: Any) -> MessageState:
    """From the library's message."""
    return MessageState(
        sid=str(found.sid),
        status=str(found.status),
        to=found.to,
        from_=found.from_,
        body=found.body,
        date_created=_instant(found.date_created),
        error_code=_int(found.error_code),
    )


def participant_state(found: Any) -> ParticipantState:
    """From the library's participant."""
    return ParticipantState(
        call_sid=str(found.call_sid),
        label=found.label,
        status=found.status,
        muted=bool(found.muted),
        hold=bool(found.hold),
        coaching=bool(found.coaching),
    )


def number_state(found: Any) -> NumberState:
    """From the library's incoming number."""
    return NumberState(
        sid=str(found.sid),
        number=str(found.phone_number),
        voice_url=found.voice_url or None,
        voice_fallback_url=found.voice_fallback_url or None,
        status_callback=found.status_callback or None,
        date_updated=_instant(found.date_updated),
    )


def verification_state(found: Any) -> VerificationState:
    """From the library's verification, or its check."""
    return VerificationState(str(found.sid), found.status == "approved" and found.valid is True)


def verify_service_state(found: Any) -> VerifyServiceState:
    """From the library's service."""
    return VerifyServiceState(str(found.sid), _int(found.code_length), bool(found.do_not_share_warning_enabled))


def _instant(value: object) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


def _int(value: object) -> int | None:
    try:
        return None if value is None else int(str(value))
    except ValueError:
        return None
