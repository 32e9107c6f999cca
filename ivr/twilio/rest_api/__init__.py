"""Everything Sunline asks of Twilio, one method a wish, one family of errors."""

from ivr.twilio.rest_api.api import RestApi
from ivr.twilio.rest_api.media import Media
from ivr.twilio.rest_api.states import (
    CallState,
    MessageState,
    NumberState,
    ParticipantState,
    RecordingState,
    VerificationState,
    VerifyServiceState,
)
from ivr.twilio.rest_api.transport import NetworkTransport, Transport, WsgiTransport

__all__ = [
    "CallState",
    "Media",
    "MessageState",
    "NetworkTransport",
    "NumberState",
    "ParticipantState",
    "RecordingState",
    "RestApi",
    "Transport",
    "VerificationState",
    "VerifyServiceState",
    "WsgiTransport",
]
