"""Whole calls, step by step, in the documented order of events."""

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim import switch_off_all
from tests.simulator.stage import BASE, FOUR_EVENTS, OURS, Page, Stage, heard

CALLER, AGENT, SECOND = "+13125550199", "+13125550171", "+13125550172"


def test_a_menu_an_agent_who_does_not_answer_and_a_voicemail(stage: Stage) -> None:
    """Prompt, silence, redirect, key, Dial with no answer, Record, caller hangs up."""
    menu = '<Gather numDigits="1" action="/menu"><Say>press two for a person</Say></Gather>'
    stage.page("/menu", lambda seen: menu if "retry" in seen.params else DIAL)
    stage.page("/after", '<Say>leave a message</Say><Record action="/vm" recordingStatusCallback="/rec"/>')
    line = stage.call(f"{menu}<Redirect>/menu?retry=1</Redirect>")
    assert stage.one("/voice")["CallStatus"] == "ringing"
    stage.net.advance(7)
    (retry,) = stage.at("/menu")
    assert (retry["CallStatus"], "Digits" in retry.params) == ("in-progress", False)
    line.press("2")
    stage.net.run_due()
    assert stage.at("/menu")[1]["Digits"] == "2"
    stage.net.advance(27)
    legs = [(seen["CallStatus"], seen["SequenceNumber"]) for seen in stage.at("/leg")]
    assert legs == [("initiated", "0"), ("ringing", "1"), ("no-answer", "2")]
    assert (stage.at("/leg")[2].at - stage.at("/leg")[1].at).total_seconds() == 25
    after = stage.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("no-answer", "false")
    assert after["DialCallSid"] == stage.at("/leg")[0]["CallSid"]
    stage.net.advance(5)
    line.hang_up()
    stage.net.advance(5)
    assert (stage.one("/vm")["Digits"], stage.one("/vm")["CallStatus"]) == ("hangup", "completed")
    assert stage.one("/status")["CallStatus"] == "completed"
    assert stage.one("/rec")["RecordingStatus"] == "completed"


DIAL = (
    f'<Dial timeout="20" action="/after"><Number url="/screen" statusCallback="/leg" '
    f'statusCallbackEvent="{FOUR_EVENTS}">{AGENT}</Number></Dial>'
)


@pytest.mark.parametrize(("ending", "bridged"), [("<Hangup/>", "false"), ("", "true")])
def test_screening_answered_by_a_voicemail_box_is_bridged_unless_it_ends_with_hangup(
    stage: Stage, ending: str, bridged: str
) -> None:
    stage.phone(AGENT, "voicemail")
    stage.page("/screen", f'<Gather numDigits="1" action="/accept" timeout="5"><Say>press one</Say></Gather>{ending}')
    stage.page("/after", "<Hangup/>")
    line = stage.call(f'<Dial action="/after" timeout="30"><Number url="/screen">{AGENT}</Number></Dial>')
    stage.net.advance(28)
    assert stage.one("/screen")["ParentCallSid"] == line.call_sid
    assert (line.connected_to == {AGENT}) is (bridged == "true")
    stage.net.advance(120)
    assert stage.one("/after")["DialBridged"] == bridged


def test_a_queue_from_waiting_to_the_end_of_the_talk(stage: Stage) -> None:
    stage.page("/wait", "<Say>please wait for us</Say><Pause length='9'/>")
    stage.page("/about", "<Say>connecting</Say>")
    stage.page("/q", "<Hangup/>")
    line = stage.call('<Enqueue waitUrl="/wait" action="/q">triage</Enqueue>')
    stage.net.advance(15)
    agent = stage.call('<Dial action="/done"><Queue url="/about">triage</Queue></Dial>', AGENT)
    stage.net.advance(10)
    assert line.connected_to == {AGENT}
    agent.hang_up()
    stage.net.run_due()
    order = [path for path in stage.paths() if path in {"/wait", "/about", "/q", "/done"}]
    assert order[:3] == ["/wait", "/wait", "/about"]
    assert sorted(order[3:]) == ["/done", "/q"]
    assert stage.one("/q")["QueueResult"] == "bridged"


def test_a_warm_transfer_in_a_conference(stage: Stage) -> None:
    events = 'statusCallback="/e" statusCallbackEvent="start end join leave mute hold modify" waitUrl="/hold"'
    stage.page("/hold", "<Say>please hold the line</Say><Pause length='9'/><Redirect method='GET'/>")
    caller = stage.member(CALLER, noun=events)
    assert stage.one("/hold")["CallSid"] == caller.call_sid
    room = stage.conference()
    stage.phone(AGENT, "answer")
    first = stage.twilio.conferences("room").participants.create(from_=OURS, to=AGENT)
    stage.net.advance(10)
    assert caller.connected_to == {AGENT}
    room.participants(caller.call_sid).update(hold=True, hold_url=f"{BASE}/hold")
    stage.net.run_due()
    assert stage.at("/hold")[-1].method == "GET"
    stage.phone(SECOND, "answer")
    hook = {"status_callback": f"{BASE}/leg", "status_callback_event": FOUR_EVENTS.split()}
    second = stage.twilio.conferences("room").participants.create(from_=OURS, to=SECOND, **hook)
    assert second.status == "queued"
    stage.net.advance(10)
    assert stage.net.phone(AGENT).line.connected_to == {SECOND}
    room.participants(caller.call_sid).update(hold=False)
    assert room.participants(first.call_sid).delete()
    stage.net.run_due()
    assert caller.connected_to == {SECOND}
    caller.hang_up()
    stage.net.run_due()
    assert stage.one("/left")["DialCallStatus"] == "answered"
    assert room.fetch().status == "in-progress"
    stage.twilio.calls(second.call_sid).update(status="completed")
    stage.net.run_due()
    assert [(seen["StatusCallbackEvent"]) for seen in stage.at("/e")] == [
        "participant-join", "participant-join", "conference-start", "participant-hold", "participant-join",
        "participant-unhold", "participant-leave", "participant-leave", "participant-leave", "conference-end",
    ]  # fmt: skip
    assert [int(seen["SequenceNumber"]) for seen in stage.at("/e")] == list(range(10))
    assert stage.at("/e")[-1]["ReasonConferenceEnded"] == "last-participant-left"


def test_a_rest_redirect_during_dial_asks_the_action_ignores_it_then_plays_the_new_document(stage: Stage) -> None:
    stage.page("/after", "<Hangup/>")
    stage.page("/new", "<Say>something else</Say><Pause length='20'/>")
    line = stage.call(f'<Dial action="/after"><Number statusCallback="/leg">{AGENT}</Number></Dial>')
    stage.net.advance(3)
    far = stage.net.phone(AGENT).answer()
    stage.net.advance(10)
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")
    stage.net.advance(1)
    assert stage.one("/after")["DialCallStatus"] == "completed"
    assert stage.one("/after")["DialCallDuration"] == "10"
    assert stage.paths().index("/after") < stage.paths().index("/new")
    assert stage.one("/leg")["CallStatus"] == "completed"
    assert far.state == "completed"
    assert heard(line) == ["something else"]


def test_a_redirect_that_comes_too_late_is_21220_and_the_participant_is_404(stage: Stage) -> None:
    caller, _ = stage.member(CALLER), stage.member(AGENT)
    room = stage.conference()
    caller.hang_up()
    stage.net.run_due()
    with pytest.raises(TwilioRestException) as call:
        stage.twilio.calls(caller.call_sid).update(url=f"{BASE}/new")
    with pytest.raises(TwilioRestException) as participant:
        room.participants(caller.call_sid).update(hold=False)
    assert (call.value.status, call.value.code) == (400, 21220)
    assert (participant.value.status, participant.value.code) == (404, 20404)


@pytest.mark.parametrize("trouble", ["500", "slow", "refused"])
def test_a_broken_server_is_helped_by_its_fallback(trouble: str) -> None:
    stage = Stage(faults=["webhooks-slow=16"] if trouble == "slow" else [])
    stage.page("/fallback", "<Say>a person is coming</Say><Pause length='60'/>")
    stage.page("/voice", Page(status=500) if trouble == "500" else "<Hangup/>")
    tokens = stage.refuse(times=2) if trouble == "refused" else []
    line = stage.net.phone(CALLER).dial(OURS)
    stage.net.run_due()
    stage.net.advance(15)
    switch_off_all(stage.net)
    stage.net.advance(15)
    seen = stage.at("/fallback")[0]
    assert seen["ErrorUrl"] == f"{BASE}/voice"
    assert seen["ErrorCode"] == ("11200" if trouble == "500" else "11205")
    assert len(tokens) == (2 if trouble == "refused" else 0)
    assert line.call_sid == seen["CallSid"]
