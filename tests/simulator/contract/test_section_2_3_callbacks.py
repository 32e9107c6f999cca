"""Sections 2.2 and 2.3, call status and status callbacks. Each test quotes the rule it pins."""

from email.utils import parsedate_to_datetime

import pytest

from tests.simulator.stage import BASE, FOUR_EVENTS, START, Stage

CALLER = "+13125550199"


def test_the_number_is_told_once_when_an_inbound_call_has_ended(stage: Stage) -> None:
    """2.3: "one asynchronous request when the call has ended: standard parameters + CallDuration"."""
    line = stage.call("<Pause length='60'/>")
    stage.net.advance(61)
    assert line.state == "completed"
    seen = stage.one("/status")
    assert seen["CallStatus"] == "completed"
    assert seen["CallDuration"] == "0"


def test_the_duration_counts_from_the_answer(stage: Stage) -> None:
    """2.3: "CallDuration seconds"."""
    line = stage.call("<Say>hello</Say><Pause length='59'/>")
    stage.net.advance(75)
    assert stage.one("/status")["CallDuration"] == "60"
    assert line.state == "completed"


def test_status_callbacks_carry_a_sequence_number_per_leg_from_zero(stage: Stage) -> None:
    """2.3: the parameters; "SequenceNumber (from 0)"; "use SequenceNumber (per call leg)"."""
    stage.phone("+13125550181", "answer")
    hook = {"status_callback": f"{BASE}/progress", "status_callback_event": FOUR_EVENTS.split()}
    stage.call_out("+13125550181", "<Say>hi</Say>", **hook)
    stage.net.advance(30)
    progress = stage.at("/progress")
    assert [(seen["CallStatus"], seen["SequenceNumber"]) for seen in progress] == [
        ("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3"),
    ]  # fmt: skip
    assert all(seen["CallbackSource"] == "call-progress-events" for seen in progress)
    assert parsedate_to_datetime(progress[0]["Timestamp"]) == START
    assert progress[1]["StirStatus"] == "A"
    assert (progress[3]["CallDuration"], progress[3]["Duration"], progress[3]["SipResponseCode"]) == ("1", "1", "200")


def test_without_named_events_only_completed_is_delivered(stage: Stage) -> None:
    """2.3: "Default event = completed only"; "any terminal status"."""
    stage.phone("+13125550181", "busy")
    stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.net.advance(30)
    assert stage.one("/progress")["CallStatus"] == "busy"


@pytest.mark.parametrize(
    ("behaviour", "status", "sip"),
    [
        ("busy", "busy", "486"),
        ("decline", "busy", "603"),
        ("ignore", "no-answer", "487"),
        ("unreachable", "failed", "404"),
        ("switched-off", "no-answer", "480"),
    ],
)
def test_each_way_of_not_answering_has_its_terminal_status(stage: Stage, behaviour: str, status: str, sip: str) -> None:
    """2.2: the terminal statuses; 2.3: "SipResponseCode (terminal; 404 unreachable, 487 timed out)"."""
    stage.phone("+13125550181", behaviour)
    stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.net.advance(80)
    seen = stage.one("/progress")
    assert (seen["CallStatus"], seen["SipResponseCode"]) == (status, sip)
    assert "Duration" not in seen.params
    assert stage.at("/out") == []


def test_a_call_cancelled_while_queued_fires_no_status_callback(stage: Stage) -> None:
    """2.2: "Call canceled while still queued: no status callbacks fire"."""
    stage.call_out("+13125550180")
    sid = stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.twilio.calls(sid).update(status="canceled")
    stage.net.advance(10)
    assert stage.twilio.calls(sid).fetch().status == "canceled"
    assert stage.at("/progress") == []
    assert not stage.net.phone("+13125550181").ringing


def test_a_call_cancelled_while_ringing_is_reported(stage: Stage) -> None:
    """2.2: "canceled (cancelled by REST while queued/ringing)"."""
    sid = stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.net.advance(5)
    assert stage.net.phone("+13125550181").ringing
    stage.twilio.calls(sid).update(status="canceled")
    stage.net.run_due()
    assert stage.one("/progress")["CallStatus"] == "canceled"
    assert not stage.net.phone("+13125550181").ringing


def test_rest_created_calls_leave_one_a_second(stage: Stage) -> None:
    """6.7: "REST-created outbound calls leave the account queue at 1 call/s default"."""
    for number in ("+13125550181", "+13125550182", "+13125550183"):
        stage.call_out(number)
    queued = [call.queue_time for call in reversed(stage.twilio.calls.list())]
    stage.net.advance(30)
    rings = [(trace.at - START).total_seconds() for trace in stage.net.trace if trace.kind == "ring"]
    assert rings == [1, 2, 3]
    assert queued == ["0", "1000", "2000"]


@pytest.mark.parametrize(
    ("events", "delivered"),
    [
        (["initiated"], ["initiated"]),
        (["ringing"], ["ringing"]),
        (["answered"], ["in-progress"]),
        (["completed"], ["completed"]),
        (["ringing", "completed"], ["ringing", "completed"]),
    ],
)
def test_each_subscribed_event_brings_its_call_status(stage: Stage, events: list[str], delivered: list[str]) -> None:
    """2.3: "Subscribed event | CallStatus delivered"."""
    stage.phone("+13125550181", "answer")
    stage.call_out("+13125550181", "<Hangup/>", status_callback=f"{BASE}/p", status_callback_event=events)
    stage.net.advance(10)
    assert [seen["CallStatus"] for seen in stage.at("/p")] == delivered


def test_the_rest_resource_never_shows_initiated(stage: Stage) -> None:
    """2.2: "The REST Call resource never shows initiated"."""
    sid = stage.call_out("+13125550181")
    shown = set()
    for _ in range(40):
        stage.net.advance(0.1)
        shown.add(stage.twilio.calls(sid).fetch().status)
    assert shown == {"queued", "ringing"}


def test_a_recorded_call_tells_of_its_recording_at_the_end(stage: Stage) -> None:
    """2.3: "RecordingUrl/RecordingSid/RecordingDuration (only with REST Record=true, completed event)"."""
    stage.phone("+13125550181", "answer")
    hook = {"status_callback": f"{BASE}/p", "status_callback_event": FOUR_EVENTS.split()}
    stage.call_out("+13125550181", "<Pause length='3'/>", record=True, **hook)
    stage.net.advance(30)
    *earlier, last = stage.at("/p")
    assert all("RecordingUrl" not in seen.params for seen in earlier)
    assert last["RecordingSid"] in last["RecordingUrl"]
    assert last["RecordingDuration"] == "3"


def test_minutes_are_rounded_up(stage: Stage) -> None:
    """2.3: "Duration minutes rounded up (completed only)"."""
    stage.phone("+13125550181", "answer")
    stage.call_out("+13125550181", "<Pause length='61'/>", status_callback=f"{BASE}/p")
    stage.net.advance(90)
    assert (stage.one("/p")["CallDuration"], stage.one("/p")["Duration"]) == ("61", "2")
