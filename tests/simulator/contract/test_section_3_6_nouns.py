"""Section 3.6, Number, Client and Sip, and how machines are told. Each test quotes the rule it pins."""

import pytest

from phonesim import Line, Options
from tests.simulator.contract.scenes import DOCTOR, NURSE, dial
from tests.simulator.stage import FOUR_EVENTS, Page, Stage, heard


def test_number_callbacks_name_the_child_and_its_parent(stage: Stage) -> None:
    """3.6: "statusCallbackEvent (space-separated ...)"; 2.3: "CallSid is the child"."""
    line = dial(stage, f'<Number statusCallback="/leg" statusCallbackEvent="{FOUR_EVENTS}">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    far.hang_up()
    stage.net.run_due()
    seen = stage.at("/leg")
    assert [one["CallStatus"] for one in seen] == ["initiated", "ringing", "in-progress", "completed"]
    assert {(one["CallSid"], one["ParentCallSid"]) for one in seen} == {(far.call_sid, line.call_sid)}


def test_send_digits_are_heard_by_the_callee(stage: Stage) -> None:
    """3.6: "sendDigits (0-9 A-D # * w=0.5 s W=1 s)"."""
    dial(stage, f'<Number sendDigits="ww42">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    assert heard(far, "play") == ["digits:ww42"]


def screen(stage: Stage, document: str, accept: str = "") -> Line:
    stage.page("/screen", document)
    stage.page("/accept", accept)
    return dial(stage, f'<Number url="/screen">{DOCTOR}</Number>')


def test_the_screening_document_runs_on_the_callee_before_bridging(stage: Stage) -> None:
    """3.6: "runs on the callee leg after answer, before bridging"; "CallSid there = child, ParentCallSid = caller"."""
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
    """3.6: "When the document ends without Hangup, the parties are bridged"."""
    line = screen(stage, '<Gather numDigits="1" action="/accept" timeout="5"><Say>press one</Say></Gather>')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(7)
    assert line.connected_to == {DOCTOR}


@pytest.mark.parametrize("status", ["completed", "no-answer"])
def test_a_declined_screening_is_known_by_dial_bridged_false(status: str) -> None:
    """3.6: "DialBridged=false; the accompanying DialCallStatus value (no-answer or completed) is unconfirmed"."""
    stage = Stage(Options(screen_declined_status=status))
    line = screen(stage, '<Gather numDigits="1" action="/accept" timeout="5"/><Hangup/>')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(6)
    seen = stage.one("/after")
    assert (seen["DialBridged"], seen["DialCallStatus"]) == ("false", status)
    assert line.state == "in-progress"


def test_the_first_to_answer_cancels_the_others_before_screening(stage: Stage) -> None:
    """3.6: "the first leg to answer cancels the others before screening (unconfirmed, widely reported)"."""
    stage.page("/screen", '<Gather numDigits="1" timeout="5"/><Hangup/>')
    dial(stage, f'<Number url="/screen">{DOCTOR}</Number><Number url="/screen">{NURSE}</Number>')
    stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert not stage.net.phone(NURSE).ringing
    stage.net.advance(6)
    assert stage.one("/after")["DialBridged"] == "false"


def test_dial_in_a_screening_document_is_13201(stage: Stage) -> None:
    """3.6: "Allowed: Play, Say, Gather, Hangup; nothing else, never Dial (13201)"."""
    screen(stage, f"<Dial>{NURSE}</Dial>")
    stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert stage.codes() == [13201]


def test_a_screening_document_that_cannot_be_had_drops_the_callee(stage: Stage) -> None:
    """3.6: the parties are bridged only when the document ends without Hangup."""
    stage.page("/screen", Page(status=500))
    dial(stage, f'<Number url="/screen">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert far.state == "completed"
    assert stage.one("/after")["DialBridged"] == "false"


def test_a_voicemail_answers_after_eighteen_seconds_greets_beeps_and_never_presses(stage: Stage) -> None:
    """11: "voicemail callee scripts (answers, plays greeting, beeps, never presses a key)"."""
    stage.phone(DOCTOR, "voicemail")
    line = dial(stage, attributes="")
    stage.net.advance(30)
    assert [sound.kind for sound in line.heard] == ["ring", "ring", "speech", "beep"]
    stage.net.advance(120)
    assert line.state == "completed"


def test_a_dialled_number_can_report_what_answered(stage: Stage) -> None:
    """3.6: "machineDetection Enable|DetectMessageEnd ..., amdStatusCallback(+Method)"."""
    stage.phone(DOCTOR, "voicemail")
    dial(stage, f'<Number machineDetection="Enable" amdStatusCallback="/amd">{DOCTOR}</Number>')
    stage.net.advance(30)
    assert stage.one("/amd")["AnsweredBy"] == "machine_start"
