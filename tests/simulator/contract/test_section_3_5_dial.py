"""Dial, Number, Client and screening (Twilio: Dial, Number, Client)."""

import pytest

from phonesim import Line, Options
from tests.simulator.stage import BASE, FOUR_EVENTS, OURS, Page, Stage, heard

CALLER, DOCTOR, NURSE = "+13125550199", "+13125550181", "+13125550182"


def dial(stage: Stage, inside: str = DOCTOR, attributes: str = 'action="/after"', rest: str = "") -> Line:
    stage.page("/after", "<Say>and so it ended</Say><Pause length='30'/>")
    line = stage.call(f"<Dial {attributes}>{inside}</Dial>{rest}")
    stage.net.advance(2)
    return line


def test_the_called_phone_shows_the_caller_and_answers_into_a_bridge(stage: Stage) -> None:
    line = dial(stage)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    assert line.connected_to == {DOCTOR}
    assert far.connected_to == {CALLER}
    line.say("can you hear me")
    stage.net.run_due()
    assert heard(far, "speech") == ["can you hear me"]


def test_the_child_leg_is_outbound_dial_with_its_parents_sid(stage: Stage) -> None:
    line = dial(stage)
    (child,) = stage.twilio.calls.list(parent_call_sid=line.call_sid)
    assert (child.direction, child.to, child._from) == ("outbound-dial", DOCTOR, CALLER)


def test_the_ring_timer_is_timeout_plus_five_seconds(stage: Stage) -> None:
    dial(stage, attributes='action="/after" timeout="20"')
    stage.net.advance(23.9)
    assert stage.at("/after") == []
    stage.net.advance(0.2)
    seen = stage.one("/after")
    assert (seen["DialCallStatus"], seen["DialBridged"], seen["CallStatus"]) == ("no-answer", "false", "in-progress")
    assert seen["DialCallSid"].startswith("CA")
    assert "DialCallDuration" not in seen.params


def test_after_a_talk_the_action_learns_its_length(stage: Stage) -> None:
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
    stage.phone(DOCTOR, behaviour)
    dial(stage)
    stage.net.advance(10)
    assert stage.one("/after")["DialCallStatus"] == status


def test_without_an_action_the_next_verb_follows(stage: Stage) -> None:
    stage.phone(DOCTOR, "busy")
    line = dial(stage, attributes="", rest="<Say>nobody there</Say>")
    assert heard(line) == ["nobody there"]


def test_with_an_action_what_follows_is_dead(stage: Stage) -> None:
    stage.phone(DOCTOR, "busy")
    line = dial(stage, rest="<Say>never</Say>")
    stage.net.advance(60)
    assert heard(line) == ["and so it ended"]


def test_several_numbers_ring_at_once_and_the_first_answer_cancels_the_others(stage: Stage) -> None:
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
    line = dial(stage, "".join(f"<Number>+1312555{n:04}</Number>" for n in range(200, 212)))
    assert len(stage.twilio.calls.list(parent_call_sid=line.call_sid)) == 10


def test_sequential_rings_one_after_another(stage: Stage) -> None:
    stage.phone(DOCTOR, "busy")
    line = dial(stage, f"<Number>{DOCTOR}</Number><Number>{NURSE}</Number>", 'action="/after" sequential="true"')
    assert stage.net.phone(NURSE).ringing
    stage.net.phone(NURSE).answer()
    stage.net.advance(1)
    assert line.connected_to == {NURSE}


def test_dial_legs_are_not_paced_like_rest_calls(stage: Stage) -> None:
    dial(stage, f"<Number>{DOCTOR}</Number><Number>{NURSE}</Number>")
    rings = {trace.at for trace in stage.net.trace if trace.kind == "ring"}
    assert len(rings) == 1


def test_number_callbacks_name_the_child_and_its_parent(stage: Stage) -> None:
    line = dial(stage, f'<Number statusCallback="/leg" statusCallbackEvent="{FOUR_EVENTS}">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    far.hang_up()
    stage.net.run_due()
    seen = stage.at("/leg")
    assert [one["CallStatus"] for one in seen] == ["initiated", "ringing", "in-progress", "completed"]
    assert {(one["CallSid"], one["ParentCallSid"]) for one in seen} == {(far.call_sid, line.call_sid)}


def test_the_caller_id_must_be_ours_or_the_callers(stage: Stage) -> None:
    dial(stage, attributes='action="/after" callerId="+13125550777"')
    assert stage.codes() == [13214]
    assert stage.one("/after")["DialCallStatus"] == "failed"


def test_our_own_number_may_be_shown(stage: Stage) -> None:
    dial(stage, attributes=f'callerId="{OURS}"')
    far = stage.net.phone(DOCTOR).answer()
    assert stage.twilio.calls(far.call_sid).fetch()._from == OURS


def test_a_number_that_is_none_is_13223(stage: Stage) -> None:
    dial(stage, "the doctor")
    assert stage.codes() == [13223]
    assert stage.one("/after")["DialCallStatus"] == "failed"


def test_hangup_on_star_drops_the_callee_and_goes_on(stage: Stage) -> None:
    line = dial(stage, attributes='action="/after" hangupOnStar="true"')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(2)
    line.press("*")
    stage.net.run_due()
    assert far.state == "completed"
    assert stage.one("/after")["DialCallStatus"] == "completed"
    assert line.state == "in-progress"


def test_the_time_limit_ends_the_talk(stage: Stage) -> None:
    dial(stage, attributes='action="/after" timeLimit="60"')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(60)
    assert stage.one("/after")["DialCallDuration"] == "60"


def test_a_caller_who_hangs_up_takes_the_callee_along_and_the_action_still_learns(stage: Stage) -> None:
    line = dial(stage)
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(2)
    line.hang_up()
    stage.net.run_due()
    assert far.state == "completed"
    assert stage.one("/after")["CallStatus"] == "completed"


def test_the_action_after_a_caller_hang_up_can_be_switched_off() -> None:
    stage = Stage(Options(dial_action_after_hangup=False))
    dial(stage).hang_up()
    stage.net.run_due()
    assert stage.at("/after") == []


def test_a_caller_who_gives_up_cancels_the_ringing(stage: Stage) -> None:
    line = dial(stage)
    line.hang_up()
    stage.net.run_due()
    assert not stage.net.phone(DOCTOR).ringing
    (child,) = stage.twilio.calls.list(parent_call_sid=line.call_sid)
    assert child.status == "canceled"


def test_send_digits_are_heard_by_the_callee(stage: Stage) -> None:
    dial(stage, f'<Number sendDigits="ww42">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    assert heard(far, "play") == ["digits:ww42"]


def test_dial_can_record_in_two_channels_on_the_parents_call(stage: Stage) -> None:
    line = dial(stage, attributes='action="/after" record="record-from-answer-dual" recordingStatusCallback="/rec"')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(9)
    far.hang_up()
    stage.net.advance(5)
    seen = stage.one("/rec")
    assert (seen["CallSid"], seen["RecordingChannels"], seen["RecordingSource"]) == (line.call_sid, "2", "DialVerb")
    assert stage.one("/after")["RecordingUrl"] == seen["RecordingUrl"]


# Screening


def screen(stage: Stage, document: str, accept: str = "") -> Line:
    stage.page("/screen", document)
    stage.page("/accept", accept)
    return dial(stage, f'<Number url="/screen">{DOCTOR}</Number>')


def test_the_screening_document_runs_on_the_callee_before_bridging(stage: Stage) -> None:
    line = screen(stage, '<Gather numDigits="1" action="/accept"><Say>press one</Say></Gather><Hangup/>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    seen = stage.one("/screen")
    assert (seen["CallSid"], seen["ParentCallSid"], seen["CallStatus"]) == (far.call_sid, line.call_sid, "in-progress")
    assert line.connected_to == set()
    far.press("1")
    stage.net.run_due()
    assert line.connected_to == {DOCTOR}


def test_a_screening_document_that_ends_without_hangup_bridges(stage: Stage) -> None:
    line = screen(stage, '<Gather numDigits="1" action="/accept" timeout="5"><Say>press one</Say></Gather>')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(7)
    assert line.connected_to == {DOCTOR}


@pytest.mark.parametrize("status", ["completed", "no-answer"])
def test_a_declined_screening_is_known_by_dial_bridged_false(status: str) -> None:
    stage = Stage(Options(screen_declined_status=status))
    line = screen(stage, '<Gather numDigits="1" action="/accept" timeout="5"/><Hangup/>')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(6)
    seen = stage.one("/after")
    assert (seen["DialBridged"], seen["DialCallStatus"]) == ("false", status)
    assert line.state == "in-progress"


def test_the_first_to_answer_cancels_the_others_before_screening(stage: Stage) -> None:
    stage.page("/screen", '<Gather numDigits="1" timeout="5"/><Hangup/>')
    dial(stage, f'<Number url="/screen">{DOCTOR}</Number><Number url="/screen">{NURSE}</Number>')
    stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert not stage.net.phone(NURSE).ringing
    stage.net.advance(6)
    assert stage.one("/after")["DialBridged"] == "false"


def test_dial_in_a_screening_document_is_13201(stage: Stage) -> None:
    screen(stage, f"<Dial>{NURSE}</Dial>")
    stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert stage.codes() == [13201]


def test_a_screening_document_that_cannot_be_had_drops_the_callee(stage: Stage) -> None:
    stage.page("/screen", Page(status=500))
    dial(stage, f'<Number url="/screen">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert far.state == "completed"
    assert stage.one("/after")["DialBridged"] == "false"


# REST while dialling


def test_redirecting_the_child_ends_the_dial_for_the_parent(stage: Stage) -> None:
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
    line = dial(stage, attributes="", rest="<Redirect>/following</Redirect>")
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    stage.page("/new", "<Say>new</Say><Pause length='20'/>")
    stage.page("/following", "<Say>never spoken</Say>")
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")
    stage.net.advance(1)
    assert stage.paths()[-2:] == ["/following", "/new"]
    assert heard(line) == ["new"]


# Answering machines


def test_a_voicemail_answers_after_eighteen_seconds_greets_beeps_and_never_presses(stage: Stage) -> None:
    stage.phone(DOCTOR, "voicemail")
    line = dial(stage, attributes="")
    stage.net.advance(30)
    assert [sound.kind for sound in line.heard] == ["ring", "ring", "speech", "beep"]
    stage.net.advance(120)
    assert line.state == "completed"


def test_a_dialled_number_can_report_what_answered(stage: Stage) -> None:
    stage.phone(DOCTOR, "voicemail")
    dial(stage, f'<Number machineDetection="Enable" amdStatusCallback="/amd">{DOCTOR}</Number>')
    stage.net.advance(30)
    assert stage.one("/amd")["AnsweredBy"] == "machine_start"
