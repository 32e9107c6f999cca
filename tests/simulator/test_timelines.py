"""Whole calls, step by step, in the documented order of events."""

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim import switch_off_all
from tests.simulator.stage import BASE, FOUR_EVENTS, OURS, Page, Stage

CALLER, AGENT, SECOND = "+13125550199", "+13125550171", "+13125550172"


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
