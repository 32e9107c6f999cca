"""Recordings: start, pause, stop, media, deletion, encryption (Twilio: Recordings, Voice recording encryption)."""

import io
import json
import wave
from base64 import b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from twilio.base.exceptions import TwilioRestException

from phonesim import Line, Options, RecordingKey, switch_on
from tests.simulator.stage import BASE, Stage, as_json

LONG = "<Say>hello</Say><Pause length='600'/>"


def started(stage: Stage, **how: Any) -> tuple[Line, Any]:
    line = stage.call(LONG)
    return line, stage.twilio.calls(line.call_sid).recordings.create(recording_status_callback=f"{BASE}/rec", **how)


def opened(body: bytes) -> tuple[int, float, bytes]:
    with wave.open(io.BytesIO(body)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
        return file.getnchannels(), file.getnframes() / 8000, file.readframes(file.getnframes())


def media(stage: Stage, sid: str, ending: str = "") -> bytes:
    reply = stage.rest("GET", f"/Recordings/{sid}{ending}")
    assert reply.status_code == 200
    return bytes(reply.get_data())


def test_a_call_in_progress_can_be_recorded_and_the_file_is_as_long_as_the_talk(stage: Stage) -> None:
    line, recording = started(stage)
    assert (recording.status, recording.source, recording.channels) == ("in-progress", "StartCallRecordingAPI", 1)
    stage.net.advance(12.5)
    line.hang_up()
    stage.net.advance(5)
    assert opened(media(stage, recording.sid, ".wav"))[:2] == (1, 12.5)
    assert stage.one("/rec")["RecordingDuration"] == "12"


def test_a_call_that_is_not_in_progress_cannot_be_recorded(stage: Stage) -> None:
    line = stage.call("<Hangup/>")
    with pytest.raises(TwilioRestException) as problem:
        stage.twilio.calls(line.call_sid).recordings.create()
    assert (problem.value.status, problem.value.code) == (400, 21220)


def test_two_channels_hold_different_speakers(stage: Stage) -> None:
    line, recording = started(stage, recording_channels="dual")
    stage.net.advance(2)
    line.hang_up()
    stage.net.advance(5)
    channels, seconds, frames = opened(media(stage, recording.sid))
    left, right = frames[0::4] + frames[1::4], frames[2::4] + frames[3::4]
    assert (channels, seconds) == (2, 2)
    assert left != right
    assert any(right)


def test_one_channel_of_two_may_be_asked_for_but_not_two_of_one(stage: Stage) -> None:
    line, dual = started(stage, recording_channels="dual")
    mono = stage.twilio.calls(line.call_sid).recordings.create()
    stage.net.advance(2)
    line.hang_up()
    stage.net.advance(5)
    assert opened(media(stage, dual.sid, "?RequestedChannels=1"))[0] == 1
    assert stage.rest("GET", f"/Recordings/{mono.sid}?RequestedChannels=2").status_code == 400


def test_the_same_run_gives_the_same_audio() -> None:
    bodies = []
    for _ in range(2):
        stage = Stage()
        line, recording = started(stage)
        stage.net.advance(3)
        line.hang_up()
        stage.net.advance(5)
        bodies.append(media(stage, recording.sid))
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(("behaviour", "seconds"), [("silence", 30), ("skip", 20)])
def test_a_pause_is_silent_or_left_out(stage: Stage, behaviour: str, seconds: int) -> None:
    line, recording = started(stage)
    control = stage.twilio.calls(line.call_sid).recordings("Twilio.CURRENT")
    stage.net.advance(10)
    assert control.update(status="paused", pause_behavior=behaviour).status == "paused"
    stage.net.advance(10)
    assert control.update(status="in-progress").status == "in-progress"
    stage.net.advance(10)
    assert control.update(status="stopped").status == "stopped"
    stage.net.advance(5)
    _, length, frames = opened(media(stage, recording.sid))
    assert length == seconds
    assert any(frames[16000 * 10 : 16000 * 20]) is (behaviour == "skip")


def test_a_stopped_recording_shows_processing_then_completed(stage: Stage) -> None:
    line, recording = started(stage)
    stage.net.advance(4)
    stage.twilio.calls(line.call_sid).recordings(recording.sid).update(status="stopped")
    assert stage.twilio.recordings(recording.sid).fetch().status == "processing"
    stage.net.advance(5)
    fetched = stage.twilio.recordings(recording.sid).fetch()
    assert (fetched.status, fetched.duration, fetched.call_sid) == ("completed", "4", line.call_sid)
    assert line.state == "in-progress"


def test_current_is_ambiguous_with_several_recordings(stage: Stage) -> None:
    line, _ = started(stage)
    stage.twilio.calls(line.call_sid).recordings.create()
    with pytest.raises(TwilioRestException, match="several recordings"):
        stage.twilio.calls(line.call_sid).recordings("Twilio.CURRENT").update(status="stopped")


def test_media_can_be_fetched_only_when_completed(stage: Stage) -> None:
    line, recording = started(stage)
    stage.net.advance(4)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 404
    line.hang_up()
    stage.net.advance(5)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 200


def test_media_needs_credentials_unless_that_is_switched_off() -> None:
    for enforced, status in ((True, 401), (False, 200)):
        stage = Stage(Options(media_auth=enforced))
        line, recording = started(stage)
        stage.net.advance(2)
        line.hang_up()
        stage.net.advance(5)
        assert stage.rest("GET", f"/Recordings/{recording.sid}", auth=None).status_code == status


def test_media_may_be_missing_for_a_while(stage: Stage) -> None:
    line, recording = started(stage)
    line.hang_up()
    stage.net.advance(5)
    line, recording = started(stage)
    stage.net.advance(2)
    line.hang_up()
    switch_on(stage.net, "media-late=30")
    stage.net.advance(30)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 404
    stage.net.advance(2)
    assert stage.rest("GET", f"/Recordings/{recording.sid}").status_code == 200


def test_deleting_removes_the_media_and_keeps_the_metadata(stage: Stage) -> None:
    line, recording = started(stage)
    stage.net.advance(2)
    path = f"/Recordings/{recording.sid}"
    assert stage.rest("DELETE", f"{path}.json").status_code == 400
    line.hang_up()
    stage.net.advance(5)
    assert stage.twilio.recordings(recording.sid).delete()
    assert stage.rest("GET", path).status_code == 404
    assert stage.rest("GET", f"{path}.json").status_code == 404
    soft = as_json(stage.rest("GET", f"{path}.json?IncludeSoftDeleted=true"))
    assert (soft["status"], soft["media_url"]) == ("deleted", None)


def test_a_recording_without_length_is_absent(stage: Stage) -> None:
    line = stage.call(LONG)
    recording = stage.twilio.calls(line.call_sid).recordings.create(
        recording_status_callback=f"{BASE}/rec", recording_status_callback_event=["completed absent"]
    )
    line.hang_up()
    stage.net.advance(5)
    assert stage.one("/rec")["RecordingStatus"] == "absent"
    assert stage.twilio.recordings(recording.sid).fetch().error_code == 16101


def test_the_in_progress_event_is_sent_when_subscribed(stage: Stage) -> None:
    line, _ = started(stage, recording_status_callback_event=["in-progress completed"])
    stage.net.advance(3)
    line.hang_up()
    stage.net.advance(5)
    assert [seen["RecordingStatus"] for seen in stage.at("/rec")] == ["in-progress", "completed"]


def test_recordings_of_a_call_and_of_the_account_are_listed(stage: Stage) -> None:
    line, recording = started(stage)
    assert [one.sid for one in stage.twilio.calls(line.call_sid).recordings.list()] == [recording.sid]
    assert [one.sid for one in stage.twilio.recordings.list(call_sid=line.call_sid)] == [recording.sid]


def test_a_created_call_can_be_recorded_whole_and_its_end_names_the_recording(stage: Stage) -> None:
    stage.phone("+13125550181", "answer")
    hooks = {"status_callback": f"{BASE}/progress", "recording_status_callback": f"{BASE}/rec"}
    stage.call_out("+13125550181", "<Pause length='8'/>", record=True, recording_channels="dual", **hooks)
    stage.net.advance(30)
    assert stage.one("/progress")["RecordingSid"] == stage.one("/rec")["RecordingSid"]
    assert (stage.one("/rec")["RecordingSource"], stage.one("/rec")["RecordingDuration"]) == ("OutboundAPI", "8")


def test_start_recording_goes_on_across_documents_and_stop_ends_it(stage: Stage) -> None:
    recording = f'<Recording recordingStatusCallback="{BASE}/rec" channels="dual"/>'
    stage.page("/next", f"<Pause length='6'/><Stop>{recording}</Stop><Pause length='60'/>")
    stage.call(f"<Start>{recording}</Start><Pause length='4'/><Redirect>/next</Redirect>")
    stage.net.advance(20)
    seen = stage.one("/rec")
    assert (seen["RecordingDuration"], seen["RecordingChannels"]) == ("10", "2")


def test_start_recording_needs_an_absolute_callback(stage: Stage) -> None:
    stage.call('<Start><Recording recordingStatusCallback="/rec"/></Start><Pause length="5"/>')
    assert stage.codes() == [11200]


def test_an_encrypted_recording_opens_with_the_private_key_and_its_tag_is_at_the_end() -> None:
    private = rsa.generate_private_key(65537, 2048)
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    stage = Stage(Options(recording_key=RecordingKey("CR" + "1" * 32, pem)))
    line, recording = started(stage)
    stage.net.advance(3)
    line.hang_up()
    stage.net.advance(5)
    details = json.loads(stage.one("/rec")["EncryptionDetails"])
    assert details == stage.twilio.recordings(recording.sid).fetch().encryption_details
    padding = OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None)
    cek = private.decrypt(b64decode(details["encrypted_cek"]), padding)
    plain = AESGCM(cek).decrypt(b64decode(details["iv"]), media(stage, recording.sid), None)
    assert (len(cek), len(b64decode(details["iv"]))) == (32, 12)
    assert opened(plain)[1] == 3
    reply = stage.rest("GET", f"/Recordings/{recording.sid}.mp3")
    assert as_json(reply)["code"] == 16109
