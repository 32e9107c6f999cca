"""The edge against a whole phone network: every webhook is believed and read, every wish is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from ivr.twilio.errors import PartyGone, PermanentFailure, TemporaryFailure
from ivr.twilio.parameters import ConferenceEvent, RecordingCallback, StatusCallback, VoiceRequest
from ivr.twilio.rest_api import RestApi, WsgiTransport
from ivr.twilio.signature import CheckedRequest, SignatureCheck, check_request
from phonesim import Network, WsgiApplication, switch_on

ACCOUNT, TOKEN, BASE = "AC" + "7" * 32, "a token for this test only", "https://sunline.example"
START = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
OURS, PHONE, OTHER = "+13125550100", "+13125550181", "+13125550182"
ROOM = (
    '<Response><Dial><Conference beep="false" statusCallbackEvent="start end join leave hold"'
    f' statusCallback="{BASE}/room">c-1</Conference></Dial></Response>'
)
ASK = (
    f'<Response><Gather input="dtmf speech" numDigits="1" action="{BASE}/voice/step?leg=1&amp;step=2">'
    "<Say>Hello.</Say></Gather></Response>"
)
DOCUMENTS = {
    "/voice/ask": ASK,
    "/voice/step": "<Response><Say>Thank you.</Say><Pause length='60'/></Response>",
    "/voice/talk": "<Response><Pause length='60'/></Response>",
    "/voice/room": ROOM,
    "/voice/hold": "<Response><Pause length='60'/></Response>",
}


class Server:
    """Checks every webhook and answers with a document."""

    def __init__(self) -> None:
        self.check = SignatureCheck((TOKEN,), BASE)
        self.seen: list[tuple[str, CheckedRequest]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        call_only = () if environ["PATH_INFO"] == "/room" else ("CallSid",)
        checked = check_request(environ, signature=self.check, account_sid=ACCOUNT, required=call_only)
        path = Request(environ).path
        self.seen.append((path, checked))
        document = DOCUMENTS.get(path)
        answer = Response(document, 200, mimetype="text/xml") if document else Response(status=204)
        return answer(environ, start_response)

    def read(self, path: str, as_what: Callable[[Any], Any]) -> list[Any]:
        """What came to ``path``, as values."""
        return [as_what(checked.fields) for seen, checked in self.seen if seen == path]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def network(server: Server) -> Network:
    made = Network(ACCOUNT, TOKEN, WsgiApplication(server, base_url=BASE), start=START)
    made.add_number(OURS, voice_url=f"{BASE}/voice/ask", status_callback=f"{BASE}/status")
    return made


@pytest.fixture
def api(network: Network) -> RestApi:
    return RestApi(ACCOUNT, (ACCOUNT, TOKEN), WsgiTransport(network.rest_app))


def ring(api: RestApi, network: Network, to: str = PHONE, document: str = "/voice/talk") -> str:
    network.phone(to).behaviour = "answer"
    sid = api.create_call(
        to=to,
        from_=OURS,
        url=BASE + document,
        status_callback=f"{BASE}/status",
        events=("initiated", "ringing", "answered", "completed"),
        timeout=20,
        time_limit=600,
    )
    network.advance(10)
    return sid


def test_every_webhook_of_a_call_is_believed_and_read(network: Network, server: Server) -> None:
    line = network.phone(PHONE).dial(OURS)
    network.advance(3)
    line.press("1")
    network.advance(5)
    line.hang_up()
    network.advance(5)
    assert [checked.problems for _, checked in server.seen] == [()] * len(server.seen)
    first, step = server.read("/voice/ask", VoiceRequest.read)[0], server.read("/voice/step", VoiceRequest.read)[0]
    assert (first.from_, first.to, first.call_status) == (PHONE, OURS, "ringing")
    assert (step.call_sid, step.digits, step.call_status) == (first.call_sid, "1", "in-progress")
    ended = server.read("/status", StatusCallback.read)[-1]
    assert (ended.call_sid, ended.call_status) == (first.call_sid, "completed")


def test_speech_arrives_with_its_confidence(network: Network, server: Server) -> None:
    line = network.phone(PHONE).dial(OURS)
    network.advance(3)
    line.say("my chest hurts", confidence=0.9)
    network.advance(8)
    heard = server.read("/voice/step", VoiceRequest.read)[0]
    assert (heard.speech, heard.confidence) == ("my chest hurts", 0.9)


@pytest.mark.parametrize("shown", ["anonymous", "+266696687", "client:ana"])
def test_a_caller_who_shows_no_number_is_believed(network: Network, server: Server, shown: str) -> None:
    network.options = replace(network.options, numeric_placeholders=False)
    network.phone(PHONE).dial(OURS, from_=shown)
    network.advance(3)
    assert [checked.problems for _, checked in server.seen] == [()]
    assert server.read("/voice/ask", VoiceRequest.read)[0].from_ == shown


def test_a_network_with_another_token_is_not_believed(server: Server) -> None:
    other = Network(ACCOUNT, "another token", WsgiApplication(server, base_url=BASE), start=START)
    other.add_number(OURS, voice_url=f"{BASE}/voice/ask")
    other.phone(PHONE).dial(OURS)
    other.advance(3)
    assert {checked.problems for _, checked in server.seen} == {("signature",)}


def test_a_call_we_make_reports_each_of_its_states_in_order(api: RestApi, network: Network, server: Server) -> None:
    sid = ring(api, network)
    assert api.fetch_call(sid).status == "in-progress"
    api.end_call(sid)
    network.advance(5)
    told = sorted(server.read("/status", StatusCallback.read), key=lambda state: state.sequence_number)
    assert [state.call_status for state in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [state.call_sid for state in told] == [sid] * 4
    assert api.fetch_call(sid).ended


def test_a_call_is_redirected_while_it_lives_and_gone_afterwards(
    api: RestApi, network: Network, server: Server
) -> None:
    sid = ring(api, network)
    api.redirect_call(sid, f"{BASE}/voice/step?leg=1&step=3")
    network.advance(1)
    assert len(server.read("/voice/step", VoiceRequest.read)) == 1
    api.end_call(sid)
    network.advance(1)
    with pytest.raises(PartyGone) as gone:
        api.redirect_call(sid, f"{BASE}/voice/step")
    assert gone.value.code == 21220


def test_a_ringing_call_is_cancelled(api: RestApi, network: Network) -> None:
    network.phone(PHONE).behaviour = "ignore"
    sid = api.create_call(
        to=PHONE, from_=OURS, url=f"{BASE}/voice/talk", status_callback=f"{BASE}/status", events=("completed",),
        timeout=20, time_limit=600,
    )  # fmt: skip
    network.advance(5)
    api.cancel_call(sid)
    network.advance(1)
    assert api.fetch_call(sid).status == "canceled"


def test_a_call_whose_answer_was_lost_is_found_by_listing(api: RestApi, network: Network) -> None:
    switch_on(network, "rest-lost-answer on POST /Calls.json 1 time")
    with pytest.raises(TemporaryFailure) as lost:
        ring(api, network)
    assert lost.value.may_have_happened
    assert [state.to for state in api.list_calls(to=PHONE, from_=OURS, started_after=START)] == [PHONE]


@pytest.mark.parametrize(
    ("fault", "unsure"), [("rest-busy", False), ("rest-failing=500", True), ("rest-failing", True)]
)
def test_a_failing_api_says_whether_it_may_have_happened(
    api: RestApi, network: Network, fault: str, unsure: bool
) -> None:
    switch_on(network, f"{fault} on POST /Calls.json 1 time")
    with pytest.raises(TemporaryFailure) as failed:
        ring(api, network)
    assert failed.value.may_have_happened is unsure


def test_a_bad_number_is_refused_for_good_and_not_quoted(api: RestApi, network: Network) -> None:
    with pytest.raises(PermanentFailure) as refused:
        ring(api, network, to="+1312-not-a-number")
    assert "1312" not in str(refused.value)


def test_a_recording_is_made_paused_resumed_brought_home_and_destroyed(
    api: RestApi, network: Network, server: Server
) -> None:
    call = ring(api, network)
    recording = api.start_recording(call, f"{BASE}/recorded")
    network.advance(4)
    api.pause_recording(call, recording)
    network.advance(2)
    api.resume_recording(call, recording)
    network.advance(4)
    api.stop_recording(call, recording)
    network.advance(30)
    told = server.read("/recorded", RecordingCallback.read)
    assert told[-1].recording_sid == recording
    assert told[-1].status == "completed"
    state = api.fetch_recording(recording)
    assert (state.status, state.channels, state.call_sid) == ("completed", 2, call)
    assert [one.sid for one in api.list_recordings(call)] == [recording]
    with api.recording_media(recording) as media:
        audio = b"".join(media)
    assert audio.startswith(b"RIFF")
    assert len(audio) == media.length
    api.delete_recording(recording)
    with pytest.raises(PartyGone):
        api.recording_media(recording)


def test_two_people_meet_in_a_conference_one_is_held_and_one_is_taken_out(
    api: RestApi, network: Network, server: Server
) -> None:
    caller, clinician = ring(api, network, PHONE, "/voice/room"), ring(api, network, OTHER, "/voice/room")
    room = api.find_conference("c-1")
    assert room is not None
    assert {one.call_sid for one in api.participants(room)} == {caller, clinician}
    api.hold_participant(room, caller, True, f"{BASE}/voice/hold")
    network.advance(2)
    assert {one.call_sid for one in api.participants(room) if one.hold} == {caller}
    api.hold_participant(room, caller, False, f"{BASE}/voice/hold")
    network.advance(2)
    api.kick_participant(room, clinician)
    network.advance(2)
    assert {one.call_sid for one in api.participants(room)} == {caller}
    api.end_conference(room)
    network.advance(2)
    assert api.find_conference("c-1") is None
    told = sorted(server.read("/room", ConferenceEvent.read), key=lambda event: event.sequence)
    events = [event.event for event in told]
    assert {"participant-join", "participant-hold", "participant-unhold", "participant-leave"} <= set(events)
    assert events[-1] == "conference-end"
    assert {event.conference_sid for event in told} == {room}
    assert [checked.problems for _, checked in server.seen] == [()] * len(server.seen)


def test_a_text_is_sent_once_and_found_again(api: RestApi, network: Network) -> None:
    sid = api.send_message(PHONE, OURS, "Please call the line.", f"{BASE}/texted")
    network.advance(5)
    assert [text.body for text in network.phone(PHONE).messages] == ["Please call the line."]
    assert [one.sid for one in api.list_messages(to=PHONE, since=START)] == [sid]
