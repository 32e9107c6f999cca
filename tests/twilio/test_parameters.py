"""Twilio's fields become values; whatever is absent or malformed becomes None and never an exception."""

from __future__ import annotations

import dataclasses
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
CALL, CONFERENCE = "CA" + "1" * 32, "CF" + "2" * 32
RECORDING, MESSAGE = "RE" + "3" * 32, "SM" + "5" * 32


@pytest.mark.parametrize("kind", EVERY)
def test_no_fields_at_all_read_as_nothing(kind: Any) -> None:
    assert kind.read({}) == kind()


_NAMES = sorted({one.metadata["name"] for kind in EVERY for one in dataclasses.fields(kind)})


@given(
    fields=st.dictionaries(st.sampled_from(_NAMES), st.text(st.characters()), max_size=10), kind=st.sampled_from(EVERY)
)
def test_no_text_in_any_field_makes_reading_raise(fields: dict[str, str], kind: Any) -> None:
    kind.read(fields)


def test_a_gather_that_heard_speech() -> None:
    found = VoiceRequest.read(
        {
            "CallSid": CALL,
            "From": "+13125550199",
            "To": "+13125550100",
            "CallStatus": "in-progress",
            "SpeechResult": "my chest hurts",
            "Confidence": "0.9213",
        }
    )
    assert found == VoiceRequest(
        call_sid=CALL,
        from_="+13125550199",
        to="+13125550100",
        call_status="in-progress",
        speech="my chest hurts",
        confidence=0.9213,
    )


@pytest.mark.parametrize(
    ("given_", "digits"),
    [
        ({}, None),
        ({"Digits": ""}, ""),
        ({"Digits": "1*#"}, "1*#"),
        ({"Digits": "hangup"}, None),
        ({"Digits": "1<Dial>"}, None),
    ],
)
def test_no_digits_empty_digits_and_what_is_no_digit_are_told_apart(given_: dict[str, str], digits: str | None) -> None:
    assert VoiceRequest.read(given_).digits == digits


def test_speech_is_cut_at_ten_thousand_characters() -> None:
    story = VoiceRequest.read({"SpeechResult": f"well {'a' * 50_000} I can't breathe"}).speech
    assert story is not None
    assert (len(story), story[:5], story[-16:]) == (10_000, "well ", " I can't breathe")


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
    assert VoiceRequest.read({"QueueResult": "bridged", "QueueTime": "17"}) == VoiceRequest(queue_result="bridged")


def test_a_dial_action() -> None:
    found = VoiceRequest.read({"DialCallStatus": "no-answer", "DialBridged": "false"})
    assert (found.dial_call_status, found.dial_bridged) == ("no-answer", False)


def test_a_record_action() -> None:
    found = VoiceRequest.read({"RecordingSid": RECORDING, "RecordingDuration": "61"})
    assert (found.recording_sid, found.recording_duration) == (RECORDING, 61)


def test_a_status_callback() -> None:
    found = StatusCallback.read({"CallSid": CALL, "CallStatus": "completed", "SequenceNumber": "3"})
    assert found == StatusCallback(call_sid=CALL, call_status="completed", sequence_number=3)


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
            "Timestamp": "Mon, 02 Nov 2026 16:00:05 +0000",
        }
    )
    at = datetime(2026, 11, 2, 16, 0, 5, tzinfo=UTC)
    assert found == ConferenceEvent(
        conference_sid=CONFERENCE, call_sid=CALL, event="participant-leave", sequence=4, at=at
    )


@pytest.mark.parametrize("written", ["", "now", "Mon, 02 Nov 2026 16:00:05", "2026-11-02", "Mon, 99 Nov 2026 16:00 +0"])
def test_an_instant_that_is_none_is_none(written: str) -> None:
    assert ConferenceEvent.read({"Timestamp": written}).at is None


@pytest.mark.parametrize("sid", ["", "CA", "CA" + "1" * 31, "ca" + "1" * 32, "CA" + "1" * 33, "CA" + "g" * 32])
def test_a_sid_that_is_malformed_is_none(sid: str) -> None:
    assert StatusCallback.read({"CallSid": sid}).call_sid is None


def test_a_recording_callback_has_no_address() -> None:
    found = RecordingCallback.read(
        {
            "RecordingSid": RECORDING,
            "CallSid": CALL,
            "RecordingStatus": "completed",
            "RecordingDuration": "61",
            "RecordingChannels": "2",
            "RecordingUrl": "https://evil.example/x",
        }
    )
    assert found == RecordingCallback(
        recording_sid=RECORDING,
        call_sid=CALL,
        status="completed",
        duration=61,
        channels=2,
    )


def test_a_message_callback() -> None:
    found = MessageCallback.read({"MessageSid": MESSAGE, "MessageStatus": "undelivered"})
    assert found == MessageCallback(message_sid=MESSAGE, status="undelivered")


def test_what_a_patient_said_or_keyed_is_not_in_the_repr() -> None:
    fields = {"From": "+13125550199", "To": "+13125550100", "Digits": "03141980", "SpeechResult": "marker"}
    shown = repr(VoiceRequest.read(fields))
    assert "marker" not in shown
    assert "1980" not in shown
    assert "+1312" not in shown
