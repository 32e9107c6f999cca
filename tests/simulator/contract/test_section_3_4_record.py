"""Section 3.4, Record. Each test quotes the rule it pins."""

import pytest

from phonesim import Line, Options
from tests.simulator.stage import Stage, heard


def record(stage: Stage, attributes: str = "") -> Line:
    stage.page("/vm", "<Hangup/>")
    return stage.call(f'<Record action="/vm" recordingStatusCallback="/rec" {attributes}/><Say>no message</Say>')


def test_it_beeps_then_ends_after_five_seconds_of_silence(stage: Stage) -> None:
    """3.4: "timeout 5 s silence", "playBeep true"."""
    line = record(stage)
    stage.net.advance(5.5)
    seen = stage.one("/vm")
    assert [sound.kind for sound in line.heard] == ["ring", "beep"]
    assert (seen["RecordingDuration"], seen["Digits"]) == ("5", "")
    assert seen["RecordingUrl"].endswith(seen["RecordingSid"])


def test_speaking_puts_the_silence_off(stage: Stage) -> None:
    """3.4: "timeout 5 s silence"."""
    line = record(stage, 'playBeep="false"')
    stage.net.advance(4)
    line.say("a" * 60)
    stage.net.advance(8.9)
    assert stage.at("/vm") == []
    stage.net.advance(0.1)
    assert stage.one("/vm")["RecordingDuration"] == "13"


def test_timeout_zero_never_ends_it_by_silence_but_the_length_does(stage: Stage) -> None:
    """3.4: "timeout 5 s silence (0 = off)", "maxLength"."""
    record(stage, 'timeout="0" maxLength="30" playBeep="false"')
    stage.net.advance(30)
    assert stage.one("/vm")["RecordingDuration"] == "30"


@pytest.mark.parametrize("key", ["1", "*", "#"])
def test_any_key_ends_it_and_is_reported(stage: Stage, key: str) -> None:
    """3.4: "finishOnKey 1234567890*#"; "Digits (key, or hangup)"."""
    line = record(stage, 'playBeep="false"')
    stage.net.advance(3)
    line.press(key)
    stage.net.run_due()
    assert stage.one("/vm")["Digits"] == key


def test_only_the_named_keys_end_it(stage: Stage) -> None:
    """3.4: "finishOnKey ... (several allowed)"."""
    line = record(stage, 'finishOnKey="#" playBeep="false"')
    line.press("1")
    stage.net.advance(2)
    assert stage.at("/vm") == []
    line.press("#")
    stage.net.run_due()
    assert stage.one("/vm")["Digits"] == "#"


def test_hanging_up_still_sends_the_action_with_digits_hangup(stage: Stage) -> None:
    """3.4: "Digits (key, or hangup)"."""
    line = record(stage)
    stage.net.advance(4)
    line.hang_up()
    stage.net.advance(5)
    seen = stage.one("/vm")
    assert (seen["Digits"], seen["CallStatus"]) == ("hangup", "completed")


def test_the_recording_callback_follows_and_only_then_can_the_media_be_fetched(stage: Stage) -> None:
    """3.4: "RecordingUrl (may not be fetchable yet)"; "RecordingSource=RecordVerb"."""
    line = record(stage)
    stage.net.advance(4)
    line.hang_up()
    stage.net.run_due()
    path = f"/Recordings/{stage.one('/vm')['RecordingSid']}"
    assert stage.rest("GET", path).status_code == 404
    stage.net.advance(5)
    seen = stage.one("/rec")
    assert (seen["RecordingStatus"], seen["RecordingSource"], seen["RecordingDuration"]) == (
        "completed",
        "RecordVerb",
        "4",
    )
    assert stage.rest("GET", path).status_code == 200


def test_an_empty_recording_falls_to_the_next_verb_without_an_action(stage: Stage) -> None:
    """3.4: "Empty recording: falls to the next verb without action (unconfirmed ...)"."""
    line = record(stage, 'playBeep="false"')
    line.press("1")
    stage.net.run_due()
    assert stage.at("/vm") == []
    assert heard(line) == ["no message"]


def test_without_an_action_the_current_document_is_asked_again(stage: Stage) -> None:
    """3.3 and 3.4: action's default is the "current document URL"."""
    stage.call('<Record maxLength="3" playBeep="false"/>')
    stage.net.advance(3)
    assert len(stage.at("/voice")) == 2


@pytest.mark.parametrize("asked", [True, False])
def test_whether_an_empty_recording_asks_the_action_is_a_switch(asked: bool) -> None:
    """3.4: "Empty recording: falls to the next verb without action (unconfirmed ...)"."""
    stage = Stage(Options(empty_record_action=asked))
    line = record(stage, 'playBeep="false"')
    line.press("1")
    stage.net.run_due()
    assert len(stage.at("/vm")) == asked


def test_what_follows_is_unreachable_once_a_recording_exists(stage: Stage) -> None:
    """3.4: "Verbs after Record are unreachable once a recording exists"."""
    line = record(stage)
    stage.net.advance(20)
    assert heard(line) == []


def test_a_browser_call_records_at_most_ten_minutes_by_default(stage: Stage) -> None:
    """3.4: maxLength "600 for Voice SDK calls"."""
    stage.page("/vm", "<Hangup/>")
    stage.call('<Record action="/vm" timeout="0" playBeep="false"/>', "client:ana")
    stage.net.advance(600)
    assert stage.one("/vm")["RecordingDuration"] == "600"


@pytest.mark.parametrize(("length", "codes"), [("", []), ('maxLength="300"', [13615])])
def test_a_message_to_be_transcribed_lasts_two_minutes(stage: Stage, length: str, codes: list[int]) -> None:
    """3.4: maxLength "120 if transcribing"."""
    record(stage, f'transcribe="true" timeout="0" playBeep="false" {length}')
    stage.net.advance(120)
    assert (stage.one("/vm")["RecordingDuration"], stage.codes()) == ("120", codes)


def test_a_transcription_comes_later_with_what_was_said(stage: Stage) -> None:
    """3.4: "transcribe false, transcribeCallback"."""
    line = record(stage, 'transcribe="true" transcribeCallback="/text"')
    stage.net.advance(1)
    line.say("please call me back")
    stage.net.advance(4)
    line.hang_up()
    stage.net.run_due()
    assert stage.at("/text") == []
    stage.net.advance(10)
    seen = stage.one("/text")
    assert (seen["TranscriptionText"], seen["TranscriptionStatus"]) == ("please call me back", "completed")
    assert seen["RecordingSid"] == stage.one("/vm")["RecordingSid"]


def test_a_message_nobody_spoke_cannot_be_transcribed(stage: Stage) -> None:
    """3.4: "transcribe false, transcribeCallback"."""
    record(stage, 'transcribe="true" transcribeCallback="/text"')
    stage.net.advance(20)
    assert stage.one("/text")["TranscriptionStatus"] == "failed"


def test_recording_duration_is_that_before_trimming(stage: Stage) -> None:
    """3.4: "trim trim-silence"; "RecordingDuration s (before trimming)"."""
    line = record(stage, 'playBeep="false"')
    stage.net.advance(2)
    line.say("a" * 45)
    stage.net.advance(20)
    assert (stage.one("/vm")["RecordingDuration"], stage.one("/rec")["RecordingDuration"]) == ("10", "3")


def test_a_call_redirected_to_a_record_without_action_has_no_document_to_return_to(stage: Stage) -> None:
    """3.4: "Redirecting a live call to a Record without action gives 11100"."""
    line = stage.call("<Say>hello</Say><Pause length='60'/>")
    stage.twilio.calls(line.call_sid).update(twiml="<Response><Record playBeep='false'/></Response>")
    stage.net.advance(6)
    assert stage.codes() == [11100]


def test_only_the_caller_is_recorded(stage: Stage) -> None:
    """3.4: "It records one party (voicemail)"."""
    record(stage)
    stage.net.advance(10)
    assert (stage.one("/rec")["RecordingTrack"], stage.one("/rec")["RecordingChannels"]) == ("inbound", "1")


def test_events_of_the_recording_callback_may_be_chosen(stage: Stage) -> None:
    """3.4: "recordingStatusCallback(+Method POST, +Event default completed; in-progress/completed/absent)"."""
    record(stage, 'recordingStatusCallbackEvent="in-progress completed" recordingStatusCallbackMethod="GET"')
    stage.net.advance(10)
    assert [(seen.method, seen["RecordingStatus"]) for seen in stage.at("/rec")] == [
        ("GET", "in-progress"), ("GET", "completed"),
    ]  # fmt: skip
