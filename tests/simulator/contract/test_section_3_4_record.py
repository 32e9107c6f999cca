"""Section 3.4, Record. Each test quotes the rule it pins."""

import pytest

from phonesim import Line
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
