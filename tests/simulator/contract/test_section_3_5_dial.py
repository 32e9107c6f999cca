"""Section 3.5, Dial. Each test quotes the rule it pins."""

import pytest

from phonesim import Options
from tests.simulator.contract.scenes import CALLER, DOCTOR, NURSE, agent, dial, wait
from tests.simulator.stage import BASE, OURS, Stage, heard


def test_the_called_phone_shows_the_caller_and_answers_into_a_bridge(stage: Stage) -> None:
    """3.5: callerId's default is the "caller's own From"."""
    line = dial(stage)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    assert line.connected_to == {DOCTOR}
    assert far.connected_to == {CALLER}
    line.say("can you hear me")
    stage.net.run_due()
    assert heard(far, "speech") == ["can you hear me"]


def test_the_child_leg_is_outbound_dial_with_its_parents_sid(stage: Stage) -> None:
    """3.6: "CallSid there = child, ParentCallSid = caller"; 2.1: Direction outbound-dial."""
    line = dial(stage)
    (child,) = stage.twilio.calls.list(parent_call_sid=line.call_sid)
    assert (child.direction, child.to, child._from) == ("outbound-dial", DOCTOR, CALLER)


def test_the_ring_timer_is_timeout_plus_five_seconds(stage: Stage) -> None:
    """3.5: "+5 s buffer always added"; CallStatus "in-progress while the caller is still there"."""
    dial(stage, attributes='action="/after" timeout="20"')
    stage.net.advance(23.9)
    assert stage.at("/after") == []
    stage.net.advance(0.2)
    seen = stage.one("/after")
    assert (seen["DialCallStatus"], seen["DialBridged"], seen["CallStatus"]) == ("no-answer", "false", "in-progress")
    assert seen["DialCallSid"].startswith("CA")
    assert "DialCallDuration" not in seen.params


def test_after_a_talk_the_action_learns_its_length(stage: Stage) -> None:
    """3.5: "DialCallStatus, DialCallSid (last/answering child ...), DialCallDuration s ..., DialBridged true/false"."""
    dial(stage)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(12)
    far.hang_up()
    stage.net.run_due()
    seen = stage.one("/after")
    assert (seen["DialCallStatus"], seen["DialCallDuration"], seen["DialBridged"]) == ("completed", "12", "true")
    assert seen["DialCallSid"] == far.call_sid


@pytest.mark.parametrize(("behaviour", "status"), [("busy", "busy"), ("decline", "busy"), ("unreachable", "failed")])
def test_the_action_learns_why_nobody_was_reached(stage: Stage, behaviour: str, status: str) -> None:
    """3.5: "DialCallStatus: completed, answered (Conference only), busy, no-answer, failed, canceled"."""
    stage.phone(DOCTOR, behaviour)
    dial(stage)
    stage.net.advance(10)
    assert stage.one("/after")["DialCallStatus"] == status


def test_without_an_action_the_next_verb_follows(stage: Stage) -> None:
    """3.5: "without action: continue with the next verb, or hang up if none"."""
    stage.phone(DOCTOR, "busy")
    line = dial(stage, attributes="", rest="<Say>nobody there</Say>")
    assert heard(line) == ["nobody there"]


def test_with_an_action_what_follows_is_dead(stage: Stage) -> None:
    """3.5: "Any verb after a Dial with action is unreachable"."""
    stage.phone(DOCTOR, "busy")
    line = dial(stage, rest="<Say>never</Say>")
    stage.net.advance(60)
    assert heard(line) == ["and so it ended"]


def test_several_numbers_ring_at_once_and_the_first_answer_cancels_the_others(stage: Stage) -> None:
    """3.5: "ring at once; first to answer wins, others are cancelled"."""
    line = dial(stage, f"<Number>{DOCTOR}</Number><Number>{NURSE}</Number>")
    assert stage.net.phone(DOCTOR).ringing
    assert stage.net.phone(NURSE).ringing
    stage.net.phone(NURSE).answer()
    stage.net.advance(1)
    assert not stage.net.phone(DOCTOR).ringing
    assert line.connected_to == {NURSE}
    statuses = {call.to: call.status for call in stage.twilio.calls.list(parent_call_sid=line.call_sid)}
    assert statuses == {DOCTOR: "canceled", NURSE: "in-progress"}


def test_at_most_ten_numbers_ring(stage: Stage) -> None:
    """3.5: "Up to ten Number or ten Client nouns ring at once"."""
    line = dial(stage, "".join(f"<Number>+1312555{n:04}</Number>" for n in range(200, 212)))
    assert len(stage.twilio.calls.list(parent_call_sid=line.call_sid)) == 10


def test_sequential_rings_one_after_another(stage: Stage) -> None:
    """3.5: "sequential: dial up to ten targets one after another"."""
    stage.phone(DOCTOR, "busy")
    line = dial(stage, f"<Number>{DOCTOR}</Number><Number>{NURSE}</Number>", 'action="/after" sequential="true"')
    assert stage.net.phone(NURSE).ringing
    stage.net.phone(NURSE).answer()
    stage.net.advance(1)
    assert line.connected_to == {NURSE}


def test_dial_legs_are_not_paced_like_rest_calls(stage: Stage) -> None:
    """3.5: "Dial legs start immediately, are never queued and not CPS-limited"."""
    dial(stage, f"<Number>{DOCTOR}</Number><Number>{NURSE}</Number>")
    rings = {trace.at for trace in stage.net.trace if trace.kind == "ring"}
    assert len(rings) == 1


def test_the_caller_id_must_be_ours_or_the_callers(stage: Stage) -> None:
    """3.5: "13214 warning and failure otherwise"."""
    dial(stage, attributes='action="/after" callerId="+13125550777"')
    assert stage.codes() == [13214]
    assert stage.one("/after")["DialCallStatus"] == "failed"


def test_our_own_number_may_be_shown(stage: Stage) -> None:
    """3.5: callerId may be "any owned number"."""
    dial(stage, attributes=f'callerId="{OURS}"')
    far = stage.net.phone(DOCTOR).answer()
    assert stage.twilio.calls(far.call_sid).fetch()._from == OURS


def test_a_number_that_is_none_is_13223(stage: Stage) -> None:
    """3.5: body is "a bare phone number or nouns"."""
    dial(stage, "the doctor")
    assert stage.codes() == [13223]
    assert stage.one("/after")["DialCallStatus"] == "failed"


def test_hangup_on_star_drops_the_callee_and_goes_on(stage: Stage) -> None:
    """3.5: "caller presses * -> callee dropped, action gets completed"."""
    line = dial(stage, attributes='action="/after" hangupOnStar="true"')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(2)
    line.press("*")
    stage.net.run_due()
    assert far.state == "completed"
    assert stage.one("/after")["DialCallStatus"] == "completed"
    assert line.state == "in-progress"


def test_the_time_limit_ends_the_talk(stage: Stage) -> None:
    """3.5: timeLimit, in seconds."""
    dial(stage, attributes='action="/after" timeLimit="60"')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(60)
    assert stage.one("/after")["DialCallDuration"] == "60"


def test_the_time_limit_ends_a_talk_with_a_queued_caller(stage: Stage) -> None:
    """3.5: timeLimit is the Dial's, whatever it connects: the queued caller stays with the own action."""
    line = wait(stage)
    far = agent(stage, attributes='action="/done" timeLimit="60"')
    stage.net.advance(59)
    assert stage.paths()[-1] == "/voice"
    stage.net.advance(1)
    assert (stage.one("/done")["DialCallStatus"], stage.one("/q")["QueueResult"]) == ("completed", "bridged")
    assert (line.state, far.state) == ("in-progress", "in-progress")


def test_the_time_limit_takes_a_participant_out_of_the_conference(stage: Stage) -> None:
    """3.5: timeLimit is the Dial's, whatever it connects."""
    stage.page("/left", "<Pause length='30'/>")
    limited = stage.member(CALLER, dial='action="/left" timeLimit="60"')
    stage.member(NURSE)
    stage.net.advance(60)
    assert (stage.one("/left")["CallSid"], stage.one("/left")["DialCallStatus"]) == (limited.call_sid, "answered")
    assert limited.call_sid not in {one.call_sid for one in stage.conference().participants.list()}


def test_a_caller_who_hangs_up_takes_the_callee_along_and_the_action_still_learns(stage: Stage) -> None:
    """3: "Dial action after caller hang-up is also commonly seen with CallStatus=completed (unconfirmed)"."""
    line = dial(stage)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(2)
    line.hang_up()
    stage.net.run_due()
    assert far.state == "completed"
    assert stage.one("/after")["CallStatus"] == "completed"


def test_the_action_after_a_caller_hang_up_can_be_switched_off() -> None:
    """13.2: "Whether the Dial action is requested after the caller hangs up" is unconfirmed."""
    stage = Stage(Options(dial_action_after_hangup=False))
    dial(stage).hang_up()
    stage.net.run_due()
    assert stage.at("/after") == []


def test_a_caller_who_gives_up_cancels_the_ringing(stage: Stage) -> None:
    """2.2: canceled; 13.1: "after caller hang-up mid-ring"."""
    line = dial(stage)
    line.hang_up()
    stage.net.run_due()
    assert not stage.net.phone(DOCTOR).ringing
    (child,) = stage.twilio.calls.list(parent_call_sid=line.call_sid)
    assert child.status == "canceled"


def test_dial_can_record_in_two_channels_on_the_parents_call(stage: Stage) -> None:
    """3.5: "dual: parent in channel 1, child in 2"; 5.1: "CallSid on Dial recordings is the parent leg"."""
    line = dial(stage, attributes='action="/after" record="record-from-answer-dual" recordingStatusCallback="/rec"')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(9)
    far.hang_up()
    stage.net.advance(5)
    seen = stage.one("/rec")
    assert (seen["CallSid"], seen["RecordingChannels"], seen["RecordingSource"]) == (line.call_sid, "2", "DialVerb")
    assert stage.one("/after")["RecordingUrl"] == seen["RecordingUrl"]


# REST while dialling


def test_redirecting_the_child_ends_the_dial_for_the_parent(stage: Stage) -> None:
    """3.5: "Redirecting the child ends the Dial for the parent, which continues at action / next verb"."""
    line = dial(stage)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(2)
    stage.page("/elsewhere", "<Say>somewhere else now</Say><Pause length='20'/>")
    stage.twilio.calls(far.call_sid).update(url=f"{BASE}/elsewhere")
    stage.net.advance(1)
    assert far.state == "in-progress"
    assert heard(far) == ["somewhere else now"]
    assert stage.one("/after")["DialBridged"] == "true"
    assert line.connected_to == set()


def test_a_redirect_that_follows_a_dial_without_action_is_asked_too(stage: Stage) -> None:
    """3.5: "With no action, and the next verb being <Redirect>, Twilio still requests that URL"."""
    line = dial(stage, attributes="", rest="<Redirect>/following</Redirect>")
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    stage.page("/new", "<Say>new</Say><Pause length='20'/>")
    stage.page("/following", "<Say>never spoken</Say>")
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")
    stage.net.advance(1)
    assert stage.paths()[-2:] == ["/following", "/new"]
    assert heard(line) == ["new"]


AGENT_SIP = "sip:desk@example.com"


@pytest.mark.parametrize(
    ("shown", "noun", "allowed"),
    [
        (CALLER, DOCTOR, True),
        (OURS, DOCTOR, True),
        ("+13125550150", DOCTOR, True),
        ("+13125550777", DOCTOR, False),
        ("client:ana", DOCTOR, False),
        ("client:ana", "<Client>joy</Client>", True),
        ("+13125550777", "<Client>joy</Client>", False),
        ("front desk", f"<Sip>{AGENT_SIP}</Sip>", True),
        ("front desk", DOCTOR, False),
    ],
)
def test_who_may_be_shown_depends_on_who_is_called(stage: Stage, shown: str, noun: str, allowed: bool) -> None:
    """3.5: "the inbound To or From, any owned number, ...; client:x for Client; free text for Sip"."""
    stage.net.verify_caller_id("+13125550150")
    dial(stage, noun, f'action="/after" callerId="{shown}"')
    assert stage.codes() == ([] if allowed else [13214])


@pytest.mark.parametrize(("caller_id", "codes"), [("", [13214]), (f'callerId="{OURS}"', [])])
@pytest.mark.parametrize("who", ["client:ana", "sip:desk@example.com"])
def test_a_caller_without_a_number_of_his_own_cannot_be_shown_to_a_number(
    stage: Stage, who: str, caller_id: str, codes: list[int]
) -> None:
    """3.5: "for SIP inbound legs only owned/verified"; "client:x for Client"."""
    stage.call(f'<Dial action="/after" {caller_id}>{DOCTOR}</Dial>', who)
    stage.net.advance(2)
    assert stage.codes() == codes
    assert stage.net.phone(DOCTOR).ringing is (codes == [])


def test_an_anonymous_caller_stays_anonymous(stage: Stage) -> None:
    """3.5: callerId's default is the "caller's own From"."""
    line = stage.call(f"<Dial>{DOCTOR}</Dial>", from_="anonymous")
    stage.net.advance(2)
    assert stage.net.phone(DOCTOR).waiting()[0].from_ == line.leg.from_ != CALLER


def test_sequential_stops_at_ten_and_tells_of_the_last(stage: Stage) -> None:
    """3.5: "dial up to ten targets one after another"."""
    numbers = [f"+1312555{n:04}" for n in range(200, 212)]
    for number in numbers:
        stage.phone(number, "busy")
    dial(stage, "".join(f"<Number>{number}</Number>" for number in numbers), 'action="/after" sequential="true"')
    stage.net.advance(30)
    seen = stage.one("/after")
    assert (seen["DialCallStatus"], stage.net.legs[seen["DialCallSid"]].to) == ("busy", numbers[9])


@pytest.mark.parametrize("limit", ["5", "30", "600"])
def test_the_timeout_is_in_its_range(stage: Stage, limit: str) -> None:
    """3.5: "timeout 30 s (5-600)", "+5 s buffer always added"."""
    dial(stage, attributes=f'action="/after" timeout="{limit}"')
    stage.net.advance(700)
    assert (stage.one("/after").at - stage.net.start).total_seconds() == int(limit) + 5 + 1


def test_a_dial_without_action_and_without_a_next_verb_hangs_up(stage: Stage) -> None:
    """3.5: "without action: continue with the next verb, or hang up if none"."""
    stage.phone(DOCTOR, "busy")
    assert dial(stage, attributes="").state == "completed"


@pytest.mark.parametrize(
    ("record", "seconds"), [("record-from-answer", "9"), ("true", "9"), ("record-from-ringing", "14")]
)
def test_a_recording_starts_at_ringing_or_at_the_answer(stage: Stage, record: str, seconds: str) -> None:
    """3.5: "record-from-answer, record-from-ringing, each with -dual; true = record-from-answer"."""
    dial(stage, attributes=f'action="/after" record="{record}"')
    stage.net.advance(3)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(9)
    far.hang_up()
    stage.net.run_due()
    assert stage.one("/after")["RecordingDuration"] == seconds


@pytest.mark.parametrize("record", ["", 'record="do-not-record"', 'record="false"'])
def test_nothing_is_recorded_by_default(stage: Stage, record: str) -> None:
    """3.5: "record: do-not-record"; "RecordingUrl if record was set on the Dial"."""
    dial(stage, attributes=f'action="/after" {record}')
    stage.net.phone(DOCTOR).answer().hang_up()
    stage.net.run_due()
    assert "RecordingUrl" not in stage.one("/after").params


def test_a_recording_may_keep_one_side(stage: Stage) -> None:
    """3.5: "recordingTrack both"."""
    hook = 'record="true" recordingTrack="outbound" recordingStatusCallback="/rec"'
    dial(stage, attributes=hook)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(5)
    far.hang_up()
    stage.net.advance(5)
    assert stage.one("/rec")["RecordingTrack"] == "outbound"


def test_star_does_nothing_unless_asked(stage: Stage) -> None:
    """3.5: "hangupOnStar false"."""
    line = dial(stage)
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    line.press("*")
    stage.net.run_due()
    assert line.connected_to == {DOCTOR}


def test_star_leaves_a_conference_with_answered(stage: Stage) -> None:
    """3.5: "action gets completed (answered for conference)"; "answered (Conference only)"."""
    line = dial(stage, "<Conference>room</Conference>", 'action="/after" hangupOnStar="true"')
    line.press("*")
    stage.net.run_due()
    seen = stage.one("/after")
    assert (seen["DialCallStatus"], {"DialCallSid", "DialCallDuration"} & seen.params.keys()) == ("answered", set())


def test_answer_on_bridge_answers_when_the_callee_does(stage: Stage) -> None:
    """3.6: "With answerOnBridge the caller hears ringing meanwhile"."""
    stage.page("/screen", "<Say>a call for you</Say>")
    line = dial(stage, f'<Number url="/screen">{DOCTOR}</Number>', 'answerOnBridge="true"')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(0.5)
    assert (line.state, line.heard[-1].kind, line.heard[-1].until) == ("ringing", "ring", None)
    stage.net.advance(1)
    assert (line.state, line.connected_to) == ("in-progress", {DOCTOR})


def test_the_ring_tone_of_a_country_is_heard(stage: Stage) -> None:
    """3.5: "ringTone, callReason (<=50 chars), referUrl/referMethod"."""
    line = dial(stage, attributes='ringTone="fr" callReason="your appointment"')
    assert (line.heard[-1].kind, line.heard[-1].text, stage.codes()) == ("ring", "fr", [])


@pytest.mark.parametrize("status", ["no-answer", "canceled"])
def test_what_the_action_learns_when_the_caller_gives_up_is_a_switch(status: str) -> None:
    """13.1: "Exact DialCallStatus after ... caller hang-up mid-ring" is unconfirmed."""
    stage = Stage(Options(dial_status_caller_gone=status))
    dial(stage).hang_up()
    stage.net.run_due()
    assert (stage.one("/after")["DialCallStatus"], stage.one("/after")["CallStatus"]) == (status, "completed")


def test_a_child_redirected_away_leaves_no_duration(stage: Stage) -> None:
    """3.5: "DialCallDuration s (not for Conference, nor if the child was redirected away first)"."""
    dial(stage)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(2)
    stage.page("/elsewhere", "<Pause length='20'/>")
    stage.twilio.calls(far.call_sid).update(url=f"{BASE}/elsewhere")
    stage.net.run_due()
    assert "DialCallDuration" not in stage.one("/after").params


def test_a_child_redirected_out_of_its_screening_ends_the_dial_unbridged(stage: Stage) -> None:
    """3.5: "Redirecting the child ends the Dial for the parent"; then no DialCallDuration."""
    stage.page("/screen", "<Play loop='0' digits='1'/>")
    stage.page("/elsewhere", "<Pause length='20'/>")
    dial(stage, f'<Number url="/screen">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(2)
    stage.twilio.calls(far.call_sid).update(url=f"{BASE}/elsewhere")
    stage.net.run_due()
    seen = stage.one("/after")
    assert (seen["DialBridged"], "DialCallDuration" in seen.params, far.state) == ("false", False, "in-progress")


def test_one_recording_from_ringing_covers_all_who_are_dialled_in_sequence(stage: Stage) -> None:
    """3.5: "record-from-ringing"; "dial up to ten targets one after another"."""
    stage.phone(DOCTOR, "decline")
    both = f"<Number>{DOCTOR}</Number><Number>{NURSE}</Number>"
    dial(stage, both, 'action="/after" sequential="true" record="record-from-ringing"')
    stage.net.advance(3)
    far = stage.net.phone(NURSE).answer()
    stage.net.advance(9)
    far.hang_up()
    stage.net.run_due()
    assert (len(stage.net.recordings), stage.one("/after")["RecordingDuration"]) == (1, "14")


def test_a_parent_redirected_while_it_rings_cancels_the_child(stage: Stage) -> None:
    """3.5: "Redirecting the parent call by REST while in Dial: Twilio requests the Dial action anyway"."""
    line = dial(stage)
    stage.page("/new", "<Pause length='20'/>")
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")
    stage.net.run_due()
    assert [path for path in stage.paths() if path in {"/after", "/new"}] == ["/after", "/new"]
    assert not stage.net.phone(DOCTOR).ringing


def test_a_refer_of_the_called_device_leads_to_the_refer_url(stage: Stage) -> None:
    """3.5: "REFER adds ReferTransferTarget"."""
    stage.page("/refer", "<Say>we transfer you</Say><Pause length='9'/>")
    line = dial(stage, f"<Sip>{AGENT_SIP}</Sip>", 'referUrl="/refer" referMethod="GET"')
    far = stage.net.phone(AGENT_SIP).answer()
    stage.net.advance(1)
    far.refer("sip:other@example.com")
    stage.net.run_due()
    seen = stage.one("/refer")
    assert (seen.method, seen["ReferTransferTarget"], seen["CallSid"]) == (
        "GET",
        "sip:other@example.com",
        line.call_sid,
    )
    assert (far.state, heard(line)) == ("completed", ["we transfer you"])


def test_a_refer_without_refer_url_is_13802_and_they_talk_on(stage: Stage) -> None:
    """3.5: "referUrl/referMethod"."""
    line = dial(stage, f"<Sip>{AGENT_SIP}</Sip>")
    far = stage.net.phone(AGENT_SIP).answer()
    stage.net.advance(1)
    far.refer("sip:other@example.com")
    stage.net.run_due()
    assert (stage.codes(), line.connected_to) == ([13802], {AGENT_SIP})
