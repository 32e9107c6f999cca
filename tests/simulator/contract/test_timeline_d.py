"""Section 11.1, timeline D: a warm transfer in a conference, in the order of its six steps."""

import pytest

from phonesim import Options
from tests.simulator.contract.rooms import seen
from tests.simulator.stage import BASE, FOUR_EVENTS, OURS, Stage

CALLER, AGENT, SECOND = "+13125550199", "+13125550171", "+13125550172"
NOUN = 'statusCallback="/events" statusCallbackEvent="start end join leave mute hold modify" waitUrl="/hold"'


@pytest.mark.parametrize("after_hangup", [True, False])
def test_a_warm_transfer_from_the_first_join_to_the_end(after_hangup: bool) -> None:
    """11.1 D, steps 1 to 6; whether /left is asked after the caller hung up is marked unconfirmed."""
    stage = Stage(Options(dial_action_after_hangup=after_hangup))
    stage.page("/hold", "<Say>please hold the line</Say><Pause length='9'/><Redirect method='GET'/>")
    # 1. "T> /hold; T> events participant-join(caller)."
    caller = stage.member(CALLER, noun=NOUN)
    assert stage.one("/hold")["CallSid"] == caller.call_sid
    assert [one["CallSid"] for one in seen(stage, "participant-join")] == [caller.call_sid]
    # 2. "R> Participants create agent1 by room name. T> participant-join(agent1), conference-start."
    room = stage.conference()
    stage.phone(AGENT, "answer")
    first = stage.twilio.conferences("room").participants.create(from_=OURS, to=AGENT)
    stage.net.advance(10)
    assert caller.connected_to == {AGENT}
    # 3. "R> Participants/{caller} Hold=true HoldUrl=/hold: T> participant-hold; T> /hold by GET (HoldMethod default)."
    room.participants(caller.call_sid).update(hold=True, hold_url=f"{BASE}/hold")
    stage.net.run_due()
    assert stage.at("/hold")[-1].method == "GET"
    # 4. "R> Participants create agent2: 201 status queued; T> its call callbacks; on answer T> participant-join."
    stage.phone(SECOND, "answer")
    hook = {"status_callback": f"{BASE}/leg", "status_callback_event": FOUR_EVENTS.split()}
    second = stage.twilio.conferences("room").participants.create(from_=OURS, to=SECOND, **hook)
    assert second.status == "queued"
    stage.net.advance(10)
    assert [one["CallStatus"] for one in stage.at("/leg")] == ["initiated", "ringing", "in-progress"]
    assert stage.net.phone(AGENT).line.connected_to == {SECOND}
    # 5. "Hold=false: T> participant-unhold. R> DELETE Participants/{agent1}: 204; T> participant-leave(agent1)."
    room.participants(caller.call_sid).update(hold=False)
    assert room.participants(first.call_sid).delete()
    stage.net.run_due()
    assert caller.connected_to == {SECOND}
    # 6. "Caller hangs up: T> participant-leave(caller, participant_hung_up), T> /left DialCallStatus=answered".
    caller.hang_up()
    stage.net.run_due()
    left = stage.at("/left")
    assert [one["DialCallStatus"] for one in left] == (["answered"] if after_hangup else [])
    assert all("DialCallSid" not in one.params for one in left)
    # "conference still in-progress with agent2 alone until [...] REST ends it; then conference-end".
    assert room.fetch().status == "in-progress"
    stage.twilio.calls(second.call_sid).update(status="completed")
    stage.net.run_due()
    assert story(stage) == [
        ("participant-join", caller.call_sid, None), ("participant-join", first.call_sid, None),
        ("conference-start", None, None), ("participant-hold", caller.call_sid, None),
        ("participant-join", second.call_sid, None), ("participant-unhold", caller.call_sid, None),
        ("participant-leave", first.call_sid, "participant_updated_via_api"),
        ("participant-leave", caller.call_sid, "participant_hung_up"),
        ("participant-leave", second.call_sid, "participant_hung_up"),
        ("conference-end", None, "last-participant-left"),
    ]  # fmt: skip
    assert [int(one["SequenceNumber"]) for one in seen(stage)] == list(range(10))


def story(stage: Stage) -> list[tuple[str, str | None, str | None]]:
    """Each event with whom it is about and why."""
    return [
        (
            one["StatusCallbackEvent"],
            one.params.get("CallSid"),
            one.params.get("ReasonParticipantLeft") or one.params.get("ReasonConferenceEnded"),
        )
        for one in seen(stage)
    ]


def test_a_participant_on_the_phone_of_agent_two_may_be_ended_by_rest_over_the_conference(stage: Stage) -> None:
    """11.1 D 6: "until endConferenceOnExit or REST ends it; then conference-end ReasonConferenceEnded=..."."""
    stage.member(CALLER, noun=NOUN)
    stage.member(AGENT)
    stage.conference().update(status="completed")
    stage.net.run_due()
    assert seen(stage)[-1]["ReasonConferenceEnded"] == "conference-ended-via-api"
