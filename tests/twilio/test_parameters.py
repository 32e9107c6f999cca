"""Twilio's fields become values; whatever is absent or malformed becomes None and never an exception."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.twilio.parameters import (
    ConferenceEvent,
    MessageCallback,
    RecordingCallback,
    StatusCallback,
    VoiceRequest,
)

EVERY = (VoiceRequest, StatusCallback, ConferenceEvent, RecordingCallback, MessageCallback)
CALL, ACCOUNT, CONFERENCE = "CA" + "1" * 32, "AC" + "0" * 32, "CF" + "2" * 32
RECORDING, QUEUE, MESSAGE = "RE" + "3" * 32, "QU" + "4" * 32, "SM" + "5" * 32
WHEN = "Sun, 01 Nov 2026 07:30:05 +0000"
INSTANT = datetime(2026, 11, 1, 7, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize("kind", EVERY)
def test_no_fields_at_all_read_as_nothing(kind: Any) -> None:
    assert kind.read({}) == kind()


_NAMES = re.findall(
    r"\w+",
    "CallSid AccountSid From To Digits SpeechResult Confidence QueueTime QueuePosition DialBridged Timestamp"
    " RecordingStartTime SequenceNumber CallDuration ErrorCode Muted Hold FriendlyName EncryptionDetails",
)


@given(
    fields=st.dictionaries(st.sampled_from(_NAMES), st.text(st.characters()), max_size=10), kind=st.sampled_from(EVERY)
)
def test_no_text_in_any_field_makes_reading_raise(fields: dict[str, str], kind: Any) -> None:
    kind.read(fields)


@given(text=st.text(st.sampled_from("0123456789:, +-GMTNovSun"), max_size=40))
def test_no_date_makes_reading_raise(text: str) -> None:
    found = StatusCallback.read({"Timestamp": text}).timestamp
    assert found is None or found.tzinfo is UTC


def test_a_gather_that_heard_speech() -> None:
    found = VoiceRequest.read(
        {
            "CallSid": CALL,
            "AccountSid": ACCOUNT,
            "From": "+13125550199",
            "To": "+13125550100",
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "SpeechResult": "my chest hurts",
            "Confidence": "0.9213",
            "StirVerstat": "TN-Validation-Passed-A",
        }
    )
    assert found == VoiceRequest(
        call_sid=CALL,
        account_sid=ACCOUNT,
        from_="+13125550199",
        to="+13125550100",
        call_status="in-progress",
        direction="inbound",
        speech="my chest hurts",
        confidence=0.9213,
        stir="TN-Validation-Passed-A",
    )


@pytest.mark.parametrize(
    ("given_", "digits", "hung_up"),
    [
        ({}, None, False),
        ({"Digits": ""}, "", False),
        ({"Digits": "1*#"}, "1*#", False),
        ({"Digits": "hangup"}, None, True),
        ({"Digits": "1<Dial>"}, None, False),
    ],
)
def test_no_digits_empty_digits_and_a_hang_up_are_told_apart(
    given_: dict[str, str], digits: str | None, hung_up: bool
) -> None:
    found = VoiceRequest.read(given_)
    assert (found.digits, found.hung_up) == (digits, hung_up)


def test_speech_is_cut_at_a_thousand_characters() -> None:
    assert VoiceRequest.read({"SpeechResult": "a" * 5000}).speech == "a" * 1000


def test_speech_loses_control_and_direction_characters() -> None:
    said = "my\r\nchest\x00\x1b hurts \u202eevil\u2028\u200b"
    assert VoiceRequest.read({"SpeechResult": said}).speech == "my chest  hurts evil"


@pytest.mark.parametrize("said", ["", "  ", "\x00", "\u200b"])
def test_speech_without_anything_in_it_is_none(said: str) -> None:
    assert VoiceRequest.read({"SpeechResult": said}).speech is None


@pytest.mark.parametrize("confidence", ["", "nan", "inf", "-1", "1.5", "1e9", "0,9", "high"])
def test_a_confidence_that_is_no_share_is_none(confidence: str) -> None:
    assert VoiceRequest.read({"Confidence": confidence}).confidence is None


def test_a_queue_action() -> None:
    found = VoiceRequest.read({"QueueResult": "bridged", "QueueSid": QUEUE, "QueueTime": "17", "QueuePosition": "2"})
    assert (found.queue_result, found.queue_sid, found.queue_time, found.queue_position) == ("bridged", QUEUE, 17, 2)


def test_a_dial_action() -> None:
    found = VoiceRequest.read(
        {"DialCallStatus": "no-answer", "DialCallSid": CALL, "DialBridged": "false", "DialCallDuration": "0"}
    )
    assert (found.dial_call_status, found.dial_call_sid) == ("no-answer", CALL)
    assert (found.dial_bridged, found.dial_call_duration) == (False, 0)


def test_a_fallback_request_carries_the_error() -> None:
    assert VoiceRequest.read({"ErrorCode": "11200", "ErrorUrl": "https://x"}).error_code == 11200


def test_a_status_callback() -> None:
    found = StatusCallback.read(
        {
            "CallSid": CALL,
            "ParentCallSid": CALL,
            "CallStatus": "completed",
            "Timestamp": WHEN,
            "SequenceNumber": "3",
            "CallDuration": "65",
            "SipResponseCode": "487",
            "AnsweredBy": "machine_end_beep",
        }
    )
    assert found == StatusCallback(
        call_sid=CALL,
        parent_call_sid=CALL,
        call_status="completed",
        timestamp=INSTANT,
        sequence_number=3,
        duration=65,
        sip_response_code=487,
        answered_by="machine_end_beep",
    )


def test_a_time_in_another_zone_is_read_as_utc() -> None:
    assert StatusCallback.read({"Timestamp": "Sun, 01 Nov 2026 01:30:05 -0600"}).timestamp == INSTANT


@pytest.mark.parametrize("number", ["-1", "1.0", "", "one", "٣", "9" * 11, " 1"])
def test_a_sequence_that_is_no_number_is_none(number: str) -> None:
    assert StatusCallback.read({"SequenceNumber": number}).sequence_number is None


def test_a_conference_event() -> None:
    found = ConferenceEvent.read(
        {
            "ConferenceSid": CONFERENCE,
            "CallSid": CALL,
            "StatusCallbackEvent": "participant-leave",
            "SequenceNumber": "4",
            "Timestamp": WHEN,
            "ParticipantLabel": "caller",
            "FriendlyName": "c-9f86d081884c7d65",
            "Muted": "false",
            "Hold": "true",
            "ReasonParticipantLeft": "participant_hung_up",
            "ParticipantCallStatus": "completed",
        }
    )
    assert found == ConferenceEvent(
        conference_sid=CONFERENCE,
        call_sid=CALL,
        event="participant-leave",
        sequence=4,
        timestamp=INSTANT,
        label="caller",
        friendly_name="c-9f86d081884c7d65",
        muted=False,
        hold=True,
        reason="participant_hung_up",
        participant_status="completed",
    )


def test_a_conference_end_says_why_and_by_whom() -> None:
    found = ConferenceEvent.read({"ReasonConferenceEnded": "last-participant-left", "CallSidEndingConference": CALL})
    assert (found.reason, found.ended_by) == ("last-participant-left", CALL)


def test_a_recording_callback_has_no_address() -> None:
    found = RecordingCallback.read(
        {
            "RecordingSid": RECORDING,
            "CallSid": CALL,
            "RecordingStatus": "completed",
            "RecordingDuration": "61",
            "RecordingChannels": "2",
            "RecordingStartTime": WHEN,
            "RecordingSource": "StartCallRecordingAPI",
            "RecordingUrl": "https://evil.example/x",
        }
    )
    assert found == RecordingCallback(
        recording_sid=RECORDING,
        call_sid=CALL,
        status="completed",
        duration=61,
        channels=2,
        started_at=INSTANT,
        source="StartCallRecordingAPI",
    )


def test_a_message_callback() -> None:
    found = MessageCallback.read({"MessageSid": MESSAGE, "MessageStatus": "undelivered", "ErrorCode": "30006"})
    assert found == MessageCallback(message_sid=MESSAGE, status="undelivered", error_code=30006)


def test_what_a_patient_said_or_keyed_is_not_in_the_repr() -> None:
    fields = {"From": "+13125550199", "To": "+13125550100", "Digits": "03141980", "SpeechResult": "marker"}
    shown = repr(VoiceRequest.read(fields))
    assert "marker" not in shown
    assert "1980" not in shown
    assert "+1312" not in shown
