"""Section 5.2, pausing, resuming and stopping. Each test quotes the rule it pins."""

import pytest

from tests.simulator.contract.rooms import ANA, BEN, refused
from tests.simulator.contract.tapes import media, opened, started
from tests.simulator.stage import Stage


@pytest.mark.parametrize(("behaviour", "seconds"), [("silence", 30), ("skip", 20), (None, 30)])
def test_a_pause_is_silent_or_left_out(stage: Stage, behaviour: str | None, seconds: int) -> None:
    """5.2: "PauseBehavior silence (default, keeps length) | skip"."""
    line, recording = started(stage)
    control = stage.twilio.calls(line.call_sid).recordings("Twilio.CURRENT")
    stage.net.advance(10)
    how = {"pause_behavior": behaviour} if behaviour else {}
    assert control.update(status="paused", **how).status == "paused"
    stage.net.advance(10)
    assert control.update(status="in-progress").status == "in-progress"
    stage.net.advance(10)
    assert control.update(status="stopped").status == "stopped"
    stage.net.advance(5)
    _, length, frames = opened(media(stage, recording.sid))
    assert length == seconds
    assert any(frames[16000 * 10 : 16000 * 20]) is (behaviour == "skip")


def test_an_update_shows_stopped_and_a_fetch_processing_then_completed(stage: Stage) -> None:
    """5.2: "Update responses show paused/in-progress/stopped; a plain fetch shows processing or completed"."""
    line, recording = started(stage)
    stage.net.advance(4)
    stage.twilio.calls(line.call_sid).recordings(recording.sid).update(status="stopped")
    assert stage.twilio.recordings(recording.sid).fetch().status == "processing"
    stage.net.advance(5)
    fetched = stage.twilio.recordings(recording.sid).fetch()
    assert (fetched.status, fetched.duration, fetched.call_sid) == ("completed", "4", line.call_sid)
    assert line.state == "in-progress"


def test_current_is_ambiguous_with_several_recordings_and_nothing_without_one(stage: Stage) -> None:
    """5.2: "Twilio.CURRENT errors when several recordings run"."""
    line, first = started(stage)
    recordings = stage.twilio.calls(line.call_sid).recordings
    second = recordings.create()
    assert refused(lambda: recordings("Twilio.CURRENT").update(status="stopped")) == (400, 16108)
    for sid in (first.sid, second.sid):
        recordings(sid).update(status="stopped")
    assert refused(lambda: recordings("Twilio.CURRENT").update(status="stopped")) == (404, 20404)


@pytest.mark.parametrize("change", [{"status": "deleted"}, {"status": "paused", "pause_behavior": "beep"}])
def test_other_words_are_refused(stage: Stage, change: dict[str, str]) -> None:
    """5.2: Status is paused, in-progress or stopped, PauseBehavior silence or skip."""
    line, recording = started(stage)
    assert refused(lambda: stage.twilio.calls(line.call_sid).recordings(recording.sid).update(**change)) == (400, 20001)


def test_a_stopped_recording_cannot_be_resumed(stage: Stage) -> None:
    """5.2: only what runs can be paused, resumed or stopped."""
    line, recording = started(stage)
    control = stage.twilio.calls(line.call_sid).recordings(recording.sid)
    control.update(status="stopped")
    assert refused(lambda: control.update(status="in-progress")) == (400, 21220)


def test_a_conference_recording_can_be_paused_and_resumed_but_not_stopped(stage: Stage) -> None:
    """5.2: "stopped (calls only; not for conferences)"."""
    stage.member(ANA, noun='record="record-from-start"')
    stage.member(BEN)
    control = stage.conference().recordings("Twilio.CURRENT")
    assert control.update(status="paused").status == "paused"
    assert control.update(status="in-progress").status == "in-progress"
    assert refused(lambda: control.update(status="stopped")) == (400, 20001)
