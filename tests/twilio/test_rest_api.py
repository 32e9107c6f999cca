"""What leaves for Twilio's REST API, and what comes of it, over HTTP and over WSGI."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Response

from ivr.twilio.errors import PartyGone, PermanentFailure, TemporaryFailure
from ivr.twilio.rest_api import RestApi, WsgiTransport
from tests.twilio.conftest import (
    ACCOUNT,
    CALL,
    CONFERENCE,
    MESSAGE,
    NUMBER,
    OTHER,
    RECORDING,
    SECRET,
    STATUS,
    STEP,
    StandIn,
    answer,
    call,
    dial,
    refusal,
)


def test_creating_a_call_posts_everything_and_gives_its_sid(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", "/Calls.json", answer(201, **call()))
    assert dial(api, fallback_url="https://sunline.example/fallback", machine_detection="Enable") == CALL
    assert twilio.last.form.to_dict(flat=False) == {
        "To": ["+13125550181"],
        "From": ["+13125550100"],
        "Url": [STEP],
        "Method": ["POST"],
        "FallbackUrl": ["https://sunline.example/fallback"],
        "FallbackMethod": ["POST"],
        "StatusCallback": [STATUS],
        "StatusCallbackMethod": ["POST"],
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": ["25"],
        "TimeLimit": ["3600"],
        "MachineDetection": ["Enable"],
    }


def test_what_is_not_wished_for_is_not_sent(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", "/Calls.json", answer(201, **call()))
    dial(api)
    assert not {"FallbackUrl", "FallbackMethod", "MachineDetection"} & set(twilio.last.form)


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        (lambda api: api.redirect_call(CALL, STEP), {"Url": STEP, "Method": "POST"}),
        (lambda api: api.end_call(CALL), {"Status": "completed"}),
        (lambda api: api.cancel_call(CALL), {"Status": "canceled"}),
    ],
    ids=["redirect", "end", "cancel"],
)
def test_a_call_is_steered_by_its_sid(api: RestApi, twilio: StandIn, act: Any, sent: dict[str, str]) -> None:
    twilio.on("POST", f"/Calls/{CALL}.json", answer(200, **call()))
    act(api)
    assert twilio.last.form.to_dict() == sent


def test_a_call_is_fetched_with_instants_and_seconds(api: RestApi, twilio: StandIn) -> None:
    ended = call(status="completed", duration="15", start_time="Sun, 01 Nov 2026 07:30:09 +0000", answered_by="human")
    twilio.on("GET", f"/Calls/{CALL}.json", answer(200, **ended))
    found = api.fetch_call(CALL)
    assert found.ended
    assert found.duration == 15
    assert found.date_created == datetime(2026, 11, 1, 7, 30, 5, tzinfo=UTC)
    assert found.start_time == datetime(2026, 11, 1, 7, 30, 9, tzinfo=UTC)
    assert (found.to, found.from_, found.answered_by) == ("+13125550181", "+13125550100", "human")


def test_numbers_stay_out_of_the_repr_of_a_call(api: RestApi, twilio: StandIn) -> None:
    twilio.on("GET", f"/Calls/{CALL}.json", answer(200, **call()))
    assert "+1312" not in repr(api.fetch_call(CALL))


def test_calls_are_listed_by_number_and_by_when_they_were_created(api: RestApi, twilio: StandIn) -> None:
    old = call(OTHER, "Sun, 01 Nov 2026 07:30:04 +0000")
    twilio.on("GET", "/Calls.json", answer(200, calls=[call(), old], next_page_uri=None, page=0))
    since = datetime(2026, 11, 1, 7, 30, 5, 900_000, tzinfo=UTC)
    found = api.list_calls(to="+13125550181", from_="+13125550100", started_after=since)
    assert [state.sid for state in found] == [CALL]
    assert twilio.last.args["To"] == "+13125550181"
    assert twilio.last.args["From"] == "+13125550100"


def test_a_call_still_queued_is_listed_although_it_has_not_started(api: RestApi, twilio: StandIn) -> None:
    twilio.on("GET", "/Calls.json", answer(200, calls=[call()], next_page_uri=None, page=0))
    assert api.list_calls(started_after=datetime(2026, 11, 1, 7, tzinfo=UTC))[0].start_time is None
    assert not any("StartTime" in name for name in twilio.last.args)


def test_a_list_goes_on_to_its_next_page(api: RestApi, twilio: StandIn) -> None:
    following = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json?Page=1&PageToken=PA1"

    def page(request: Any) -> Response:
        second = "PageToken" in request.args
        content = {"calls": [call(OTHER if second else CALL)], "page": int(second)}
        return answer(200, **content, next_page_uri=None if second else following)(request)

    twilio.on("GET", "/Calls.json", page)
    assert [state.sid for state in api.list_calls()] == [CALL, OTHER]


def test_recent_calls_are_asked_for_until_one_is_older(api: RestApi, twilio: StandIn) -> None:
    old = call(OTHER, created="Sun, 01 Nov 2026 06:00:00 +0000")
    following = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json?PageSize=1000&Page=1&PageToken=PT1"
    twilio.on("GET", "/Calls.json", answer(200, calls=[call(), old], next_page_uri=following, page=0))
    assert [state.sid for state in api.list_recent_calls(datetime(2026, 11, 1, 7, tzinfo=UTC))] == [CALL]
    assert "Page" not in twilio.last.args


def test_a_recording_starts_with_a_channel_for_each_side_and_nothing_trimmed(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", f"/Calls/{CALL}/Recordings.json", answer(201, sid=RECORDING, status="in-progress"))
    assert api.start_recording(CALL, STATUS) == RECORDING
    assert twilio.last.form.to_dict(flat=False) == {
        "RecordingChannels": ["dual"],
        "RecordingTrack": ["both"],
        "Trim": ["do-not-trim"],
        "RecordingStatusCallback": [STATUS],
        "RecordingStatusCallbackMethod": ["POST"],
        "RecordingStatusCallbackEvent": ["in-progress completed absent"],
    }


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        (lambda api: api.pause_recording(CALL, RECORDING), {"Status": "paused", "PauseBehavior": "silence"}),
        (lambda api: api.resume_recording(CALL, RECORDING), {"Status": "in-progress"}),
        (lambda api: api.stop_recording(CALL, RECORDING), {"Status": "stopped"}),
    ],
    ids=["pause", "resume", "stop"],
)
def test_a_recording_is_steered_by_its_sid(api: RestApi, twilio: StandIn, act: Any, sent: dict[str, str]) -> None:
    twilio.on("POST", f"/Calls/{CALL}/Recordings/{RECORDING}.json", answer(200, sid=RECORDING, status="paused"))
    act(api)
    assert twilio.last.form.to_dict() == sent


def test_the_recordings_of_a_call_are_listed(api: RestApi, twilio: StandIn) -> None:
    found = {"sid": RECORDING, "call_sid": CALL, "status": "completed", "channels": 2, "duration": "61"}
    twilio.on("GET", "/Recordings.json", answer(200, recordings=[found], next_page_uri=None, page=0))
    state = api.list_recordings(CALL)[0]
    assert (state.sid, state.call_sid, state.channels, state.duration) == (RECORDING, CALL, 2, 61)
    assert twilio.last.args["CallSid"] == CALL


def test_a_recording_is_fetched_and_says_why_it_is_absent(api: RestApi, twilio: StandIn) -> None:
    content = {"sid": RECORDING, "status": "absent", "duration": "-1", "error_code": 16101}
    twilio.on("GET", f"/Recordings/{RECORDING}.json", answer(200, **content))
    state = api.fetch_recording(RECORDING)
    assert (state.status, state.error_code) == ("absent", 16101)


def test_media_comes_as_a_stream_with_its_length(api: RestApi, twilio: StandIn) -> None:
    audio = bytes(range(256)) * 1024
    twilio.on("GET", f"/Recordings/{RECORDING}.wav", lambda _request: Response(audio, mimetype="audio/x-wav"))
    with api.recording_media(RECORDING) as media:
        assert (media.length, media.media_type) == (len(audio), "audio/x-wav")
        assert b"".join(media) == audio


def test_media_that_moved_is_an_error_and_is_not_followed(api: RestApi, twilio: StandIn) -> None:
    there = {"Location": "http://169.254.169.254/latest"}
    twilio.on("GET", f"/Recordings/{RECORDING}.wav", lambda _request: Response("", 307, there))
    with pytest.raises(PermanentFailure, match="307"):
        api.recording_media(RECORDING)
    assert len(twilio.asked) == 1


def test_media_that_is_not_there_yet_is_gone_for_now(api: RestApi) -> None:
    with pytest.raises(PartyGone):
        api.recording_media(RECORDING)


def test_media_cut_short_never_passes_for_whole(twilio: StandIn) -> None:
    def cut(_request: Any) -> Response:
        return Response(iter([b"half"]), 200, {"Content-Length": "8"}, mimetype="audio/x-wav")

    twilio.on("GET", f"/Recordings/{RECORDING}.wav", cut)
    api = RestApi(ACCOUNT, (ACCOUNT, SECRET), WsgiTransport(twilio))
    with api.recording_media(RECORDING) as media, pytest.raises(TemporaryFailure, match="cut short"):
        b"".join(media)


def test_a_recording_is_deleted_and_a_second_time_it_is_gone(api: RestApi, twilio: StandIn) -> None:
    twilio.on("DELETE", f"/Recordings/{RECORDING}.json", lambda _request: Response("", 204))
    api.delete_recording(RECORDING)
    twilio.on("DELETE", f"/Recordings/{RECORDING}.json", refusal(404, 20404))
    with pytest.raises(PartyGone):
        api.delete_recording(RECORDING)


def test_a_text_is_sent(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", "/Messages.json", answer(201, sid=MESSAGE, status="queued"))
    assert api.send_message("+13125550181", "+13125550100", "Please call the line.", STATUS) == MESSAGE
    assert twilio.last.form.to_dict() == {
        "To": "+13125550181",
        "From": "+13125550100",
        "Body": "Please call the line.",
        "StatusCallback": STATUS,
    }


def test_texts_are_listed_by_when_they_were_created(api: RestApi, twilio: StandIn) -> None:
    new = {"sid": MESSAGE, "status": "queued", "body": "x", "date_created": "Sun, 01 Nov 2026 07:30:05 +0000"}
    old = {**new, "sid": "SM" + "7" * 32, "date_created": "Sun, 01 Nov 2026 07:29:00 +0000"}
    twilio.on("GET", "/Messages.json", answer(200, messages=[new, old], next_page_uri=None, page=0))
    since = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert [state.sid for state in api.list_messages(to="+13125550181", since=since)] == [MESSAGE]
    assert twilio.last.args["To"] == "+13125550181"


@pytest.mark.parametrize(
    ("hold", "sent"),
    [(True, {"Hold": "true", "HoldUrl": STEP, "HoldMethod": "POST"}), (False, {"Hold": "false"})],
)
def test_a_participant_is_held_with_a_document_by_post_and_released_without(
    api: RestApi, twilio: StandIn, hold: bool, sent: dict[str, str]
) -> None:
    twilio.on("POST", f"/Conferences/{CONFERENCE}/Participants/{CALL}.json", answer(200, call_sid=CALL))
    api.hold_participant(CONFERENCE, CALL, hold, STEP)
    assert twilio.last.form.to_dict() == sent


def test_words_are_announced_to_a_participant_with_a_document_by_post(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", f"/Conferences/{CONFERENCE}/Participants/{CALL}.json", answer(200, call_sid=CALL))
    api.announce_to_participant(CONFERENCE, CALL, STEP)
    assert twilio.last.form.to_dict() == {"AnnounceUrl": STEP, "AnnounceMethod": "POST"}


def test_a_participant_is_kicked_by_deleting_it(api: RestApi, twilio: StandIn) -> None:
    twilio.on("DELETE", f"/Conferences/{CONFERENCE}/Participants/{CALL}.json", lambda _request: Response("", 204))
    api.kick_participant(CONFERENCE, CALL)
    assert twilio.last.method == "DELETE"


@pytest.mark.parametrize(
    ("states", "found"),
    [(["completed", "init"], 1), (["in-progress", "completed"], 0), (["completed"], None), ([], None)],
)
def test_the_living_conference_of_a_name_is_found(
    api: RestApi, twilio: StandIn, states: list[str], found: int | None
) -> None:
    rooms = [{"sid": f"CF{number:032x}", "status": state} for number, state in enumerate(states)]
    twilio.on("GET", "/Conferences.json", answer(200, conferences=rooms, next_page_uri=None, page=0))
    assert api.find_conference("c-7") == (None if found is None else f"CF{found:032x}")
    assert twilio.last.args["FriendlyName"] == "c-7"


def test_participants_are_listed(api: RestApi, twilio: StandIn) -> None:
    one = {"call_sid": CALL, "label": "caller", "status": "connected", "muted": False, "hold": True, "coaching": False}
    path = f"/Conferences/{CONFERENCE}/Participants.json"
    twilio.on("GET", path, answer(200, participants=[one], next_page_uri=None, page=0))
    state = api.participants(CONFERENCE)[0]
    assert (state.call_sid, state.label, state.hold, state.muted) == (CALL, "caller", True, False)


def test_a_conference_is_ended(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", f"/Conferences/{CONFERENCE}.json", answer(200, sid=CONFERENCE, status="completed"))
    api.end_conference(CONFERENCE)
    assert twilio.last.form.to_dict() == {"Status": "completed"}


def test_a_number_is_found_and_pointed_here(api: RestApi, twilio: StandIn) -> None:
    owned = {"sid": NUMBER, "phone_number": "+13125550100", "voice_url": "", "status_callback": ""}
    path = "/IncomingPhoneNumbers.json"
    twilio.on("GET", path, answer(200, incoming_phone_numbers=[owned], next_page_uri=None, page=0))
    found = api.find_number("+13125550100")
    assert found is not None
    assert (found.sid, found.voice_url) == (NUMBER, None)
    twilio.on("POST", f"/IncomingPhoneNumbers/{NUMBER}.json", answer(200, **{**owned, "voice_url": STEP}))
    pointed = api.point_number(NUMBER, voice_url=STEP, status_callback=STATUS, fallback_url="https://f.example/f")
    assert pointed.voice_url == STEP
    assert twilio.last.form.to_dict() == {
        "VoiceUrl": STEP,
        "VoiceMethod": "POST",
        "VoiceFallbackUrl": "https://f.example/f",
        "VoiceFallbackMethod": "POST",
        "StatusCallback": STATUS,
        "StatusCallbackMethod": "POST",
    }


def test_a_number_of_somebody_else_is_not_found(api: RestApi, twilio: StandIn) -> None:
    similar = {"sid": NUMBER, "phone_number": "+131255501001"}
    path = "/IncomingPhoneNumbers.json"
    twilio.on("GET", path, answer(200, incoming_phone_numbers=[similar], next_page_uri=None, page=0))
    assert api.find_number("+13125550100") is None
