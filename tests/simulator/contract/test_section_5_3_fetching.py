"""Section 5.3, recording callbacks, media and deletion. Each test quotes the rule it pins."""

from datetime import timedelta
from typing import Any

import pytest

from phonesim import Options, switch_on
from tests.simulator.contract.rooms import ANA, BEN, refused
from tests.simulator.contract.tapes import ended, media, opened, started
from tests.simulator.stage import ACCOUNT, BASE, START, TOKEN, Stage, as_json

CALLBACK = {
    "AccountSid", "CallSid", "RecordingSid", "RecordingUrl", "RecordingStatus", "RecordingDuration",
    "RecordingChannels", "RecordingStartTime", "RecordingSource", "RecordingTrack",
}  # fmt: skip


def test_the_callback_has_the_documented_parameters(stage: Stage) -> None:
    """5.3: "RecordingStatusCallback: AccountSid, CallSid (or ConferenceSid), RecordingSid, RecordingUrl, ..."."""
    line, recording = started(stage)
    ended(stage, line, after=12.5)
    told = stage.one("/rec")
    assert told.params.keys() == CALLBACK
    assert (told["RecordingStatus"], told["RecordingDuration"], told["RecordingChannels"]) == ("completed", "12", "1")
    assert told["RecordingUrl"].endswith(f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording.sid}")
    assert (told["CallSid"], told["RecordingTrack"]) == (line.call_sid, "both")


@pytest.mark.parametrize("events", [["in-progress completed"], ["in-progress", "completed"]])
def test_the_events_asked_for_are_told_and_may_be_one_string(stage: Stage, events: list[str]) -> None:
    """6.2: "Recording event parameters on REST are documented as space-separated"."""
    line, _ = started(stage, recording_status_callback_event=events)
    ended(stage, line)
    told = stage.at("/rec")
    assert [one["RecordingStatus"] for one in told] == ["in-progress", "completed"]
    assert ["RecordingDuration" in one.params for one in told] == [False, True]


def test_the_callback_may_be_a_get(stage: Stage) -> None:
    """6.2: "RecordingStatusCallback(+Method,+Event)"."""
    line, _ = started(stage, recording_status_callback_method="GET")
    ended(stage, line)
    assert stage.one("/rec").method == "GET"


def test_a_recording_too_short_is_absent_with_16101(stage: Stage) -> None:
    """5.3: "error_code explains absent (16101 too short"."""
    line, recording = started(stage, recording_status_callback_event=["completed absent"])
    ended(stage, line, after=0)
    assert stage.one("/rec")["RecordingStatus"] == "absent"
    told = stage.twilio.recordings(recording.sid).fetch()
    assert (told.status, told.error_code, told.duration) == ("absent", 16101, "0")
    assert stage.codes() == [16101]
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 404


@pytest.mark.parametrize(("kept", "status", "code"), [(True, "completed", None), (False, "absent", 16102)])
def test_a_silent_message_is_saved_by_default(kept: bool, status: str, code: int | None) -> None:
    """3.4: "silent recordings are saved by default"; 5.3: "16102 silent"."""
    stage = Stage(Options(silent_recordings_kept=kept))
    stage.page("/vm", "<Hangup/>")
    stage.call('<Record action="/vm"/>')
    stage.net.advance(15)
    (told,) = stage.twilio.recordings.list()
    assert (told.status, told.error_code) == (status, code)


@pytest.mark.parametrize("ending", ["", ".wav"])
def test_the_media_is_a_wav_file_as_long_as_the_talk(stage: Stage, ending: str) -> None:
    """5.3: "GET .../Recordings/{RE} or .wav -> audio/x-wav"."""
    line, recording = started(stage)
    ended(stage, line, after=12.5)
    reply = stage.rest("GET", f"/Recordings/{recording.sid}{ending}")
    assert reply.content_type == "audio/x-wav"
    assert int(reply.headers["Content-Length"]) == len(reply.get_data())
    assert opened(reply.get_data())[:2] == (1, 12.5)


def test_mp3_is_refused_because_nothing_here_encodes_it(stage: Stage) -> None:
    """5.3: ".mp3 -> audio/mpeg": not imitated, and said so."""
    line, recording = started(stage)
    ended(stage, line)
    reply = stage.rest("GET", f"/Recordings/{recording.sid}.mp3")
    assert (reply.status_code, as_json(reply)["code"]) == (400, 20001)


def test_two_channels_hold_different_speakers_and_one_holds_both(stage: Stage) -> None:
    """5.3: "?RequestedChannels=1|2"."""
    line, dual = started(stage, recording_channels="dual")
    ended(stage, line)
    channels, seconds, frames = opened(media(stage, dual.sid, "?RequestedChannels=2"))
    left, right = (b"".join(frames[i : i + 2] for i in range(start, len(frames), 4)) for start in (0, 2))
    assert (channels, seconds, left != right, any(right)) == (2, 2, True, True)
    count, _, mixed = opened(media(stage, dual.sid, "?RequestedChannels=1"))
    assert count == 1
    assert mixed not in (left, right)


def test_two_channels_of_a_mono_recording_are_400_and_one_then_works(stage: Stage) -> None:
    """5.3: "asking 2 when not available -> 400, retry with 1"."""
    line, mono = started(stage)
    ended(stage, line)
    assert stage.rest("GET", f"/Recordings/{mono.sid}?RequestedChannels=2").status_code == 400
    assert opened(media(stage, mono.sid, "?RequestedChannels=1"))[0] == 1


def test_media_can_be_fetched_only_when_completed(stage: Stage) -> None:
    """5.3: "Only when status is completed and stored at Twilio"."""
    line, recording = started(stage)
    stage.net.advance(4)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 404
    line.hang_up()
    stage.net.advance(1)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 404
    stage.net.advance(5)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 200


@pytest.mark.parametrize(("enforced", "anonymous"), [(True, 401), (False, 200)])
def test_media_is_public_unless_http_auth_is_enforced(enforced: bool, anonymous: int) -> None:
    """5.3: "Media URLs are public by default unless HTTP auth for media is enforced"; "HIPAA customers must"."""
    stage = Stage(Options(media_auth=enforced))
    stage.net.add_api_key("SK" + "1" * 32, "secret")
    line, recording = started(stage)
    ended(stage, line)
    path = f"/Recordings/{recording.sid}"
    assert stage.rest("GET", path, auth=None).status_code == anonymous
    for auth in ((ACCOUNT, TOKEN), ("SK" + "1" * 32, "secret")):
        assert stage.rest("GET", path, auth=auth).status_code == 200
    assert stage.rest("GET", f"{path}.json", auth=None).status_code == 401


def test_media_may_come_late(stage: Stage) -> None:
    """3.4: RecordingUrl "may not be fetchable yet"."""
    switch_on(stage.net, "media-late=30")
    line, recording = started(stage)
    stage.net.advance(2)
    line.hang_up()
    stage.net.advance(30)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 404
    stage.net.advance(2)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 200


def test_deleting_removes_the_media_for_good_and_keeps_the_metadata_forty_days(stage: Stage) -> None:
    """5.3: "DELETE -> 204 [...] metadata kept 40 days (IncludeSoftDeleted=true, status deleted)"."""
    line, recording = started(stage)
    ended(stage, line)
    path = f"/Recordings/{recording.sid}"
    assert stage.rest("DELETE", f"{path}.json").status_code == 204
    assert stage.rest("GET", path).status_code == 404
    assert stage.rest("GET", f"{path}.json").status_code == 404
    soft = as_json(stage.rest("GET", f"{path}.json?IncludeSoftDeleted=true"))
    assert (soft["status"], soft["media_url"], soft["duration"]) == ("deleted", None, None)
    assert stage.twilio.recordings.list() == []
    assert [one.sid for one in stage.twilio.recordings.list(include_soft_deleted=True)] == [recording.sid]
    stage.net.advance(timedelta(days=41).total_seconds())
    assert stage.rest("GET", f"{path}.json?IncludeSoftDeleted=true").status_code == 404


@pytest.mark.parametrize("when", ["running", "processing", "absent"])
def test_only_completed_recordings_can_be_deleted(stage: Stage, when: str) -> None:
    """5.3: "only completed ones"."""
    line, recording = started(stage)
    if when != "running":
        stage.net.advance(2 if when == "processing" else 0)
        line.hang_up()
        stage.net.advance(0 if when == "processing" else 5)
    assert refused(lambda: stage.twilio.recordings(recording.sid).delete()) == (400, 20009)


def test_recordings_of_a_call_a_conference_and_the_account_are_listed(stage: Stage) -> None:
    """OAI: Calls/{CA}/Recordings, Conferences/{CF}/Recordings, Recordings by CallSid, ConferenceSid and DateCreated."""
    line, recording = started(stage)
    stage.member(ANA, noun='record="record-from-start"')
    stage.member(BEN)
    room = stage.conference()
    (of_room,) = room.recordings.list()
    listing: Any = stage.twilio.recordings.list
    assert [one.sid for one in stage.twilio.calls(line.call_sid).recordings.list()] == [recording.sid]
    assert [one.sid for one in listing(call_sid=line.call_sid)] == [recording.sid]
    assert [one.sid for one in listing(conference_sid=room.fetch().sid)] == [of_room.sid]
    assert len(listing(date_created=START.date())) == 2
    assert listing(date_created_after=stage.net.now + timedelta(days=1)) == []
    assert of_room.call_sid is None


def test_a_recording_can_be_fetched_and_deleted_below_its_call(stage: Stage) -> None:
    """OAI: GET and DELETE Calls/{CA}/Recordings/{RE}.json."""
    line, recording = started(stage)
    ended(stage, line)
    below = stage.twilio.calls(line.call_sid).recordings(recording.sid)
    assert below.fetch().source == "StartCallRecordingAPI"
    assert below.delete()
    assert refused(below.fetch) == (404, 20404)


def test_the_same_run_gives_the_same_audio() -> None:
    """The same seed gives the same run, byte for byte."""
    bodies = []
    for _ in range(2):
        stage = Stage()
        line, recording = started(stage)
        ended(stage, line, after=3)
        bodies.append(media(stage, recording.sid))
    assert bodies[0] == bodies[1]


def test_the_address_in_the_callback_is_where_the_media_is(stage: Stage) -> None:
    """5.3: RecordingUrl."""
    line, _ = started(stage)
    ended(stage, line)
    address = stage.one("/rec")["RecordingUrl"]
    assert address.startswith("https://api.twilio.com/")
    path = address.removeprefix(f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}")
    assert stage.rest("GET", path).status_code == 200
    assert BASE not in address
