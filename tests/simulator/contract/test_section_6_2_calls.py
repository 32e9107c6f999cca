"""Section 6.2, calls over REST. Each test quotes the rule it pins."""

from datetime import timedelta
from typing import Any

import pytest

from phonesim import Options
from tests.simulator.contract.rooms import refused
from tests.simulator.stage import BASE, OURS, START, Page, Stage, heard

DOCTOR, NURSE = "+13125550181", "+13125550182"
LONG = "<Say>hello</Say><Pause length='99'/>"


def test_the_document_is_asked_for_when_the_call_connects(stage: Stage) -> None:
    """2.1: "Url is fetched when the call connects"; "CallStatus=in-progress"."""
    stage.phone(DOCTOR, "answer", 4)
    stage.call_out(DOCTOR, "<Pause length='12'/>", method="GET")
    stage.net.advance(4.9)
    assert stage.at("/out") == []
    stage.net.advance(0.1)
    seen = stage.one("/out")
    assert (seen["CallStatus"], seen["Direction"], seen.method) == ("in-progress", "outbound-api", "GET")


def test_a_finished_call_tells_its_times(stage: Stage) -> None:
    """6.2: Call JSON start_time, end_time, duration."""
    stage.phone(DOCTOR, "answer", 4)
    sid = stage.call_out(DOCTOR, "<Pause length='12'/>")
    stage.net.advance(60)
    call = stage.twilio.calls(sid).fetch()
    assert (call.status, call.duration) == ("completed", "12")
    assert ((call.start_time - START).total_seconds(), (call.end_time - START).total_seconds()) == (5, 17)


def test_inline_twiml_is_performed(stage: Stage) -> None:
    """6.2: "one of Url | Twiml (<=4000 chars; ignored when Url is present) | ApplicationSid"."""
    stage.phone(DOCTOR, "answer")
    stage.twilio.calls.create(to=DOCTOR, from_=OURS, twiml="<Response><Say>by letter</Say></Response>")
    stage.net.advance(5)
    assert heard(stage.net.phone(DOCTOR).history[0]) == ["by letter"]


@pytest.mark.parametrize(("length", "accepted"), [(4000, True), (4001, False)])
def test_inline_twiml_has_at_most_4000_characters(stage: Stage, length: int, accepted: bool) -> None:
    """1.5: "inline Twiml REST parameter <= 4000 characters (32018)"."""
    twiml = f"<Response><Say>{'x' * (length - 32)}</Say></Response>"
    assert len(twiml) == length
    order: Any = {"to": DOCTOR, "from_": OURS, "twiml": twiml}
    if accepted:
        assert stage.twilio.calls.create(**order).status == "queued"
    else:
        assert refused(lambda: stage.twilio.calls.create(**order)) == (400, 32018)


def test_url_wins_over_twiml(stage: Stage) -> None:
    """6.2: Twiml is "ignored when Url is present"."""
    stage.phone(DOCTOR, "answer")
    stage.call_out(DOCTOR, "<Say>from the url</Say>", twiml="<Response><Say>inline</Say></Response>")
    stage.net.advance(5)
    assert heard(stage.net.phone(DOCTOR).history[0]) == ["from the url"]


def test_an_application_brings_its_own_addresses_and_the_requests_are_ignored(stage: Stage) -> None:
    """6.2: "ApplicationSid (then Url/Status* parameters are ignored)"."""
    stage.page("/app", "<Say>from the application</Say>")
    stage.phone(DOCTOR, "answer")
    sid = stage.twilio.applications.create(voice_url=f"{BASE}/app", status_callback=f"{BASE}/app-status").sid
    stage.call_out(DOCTOR, "<Say>from the url</Say>", application_sid=sid, status_callback=f"{BASE}/p")
    stage.net.advance(20)
    assert heard(stage.net.phone(DOCTOR).history[0]) == ["from the application"]
    assert (stage.one("/app-status")["CallStatus"], stage.at("/p"), stage.at("/out")) == ("completed", [], [])


def test_the_fallback_helps_a_call_out(stage: Stage) -> None:
    """6.2: "FallbackUrl/Method"."""
    stage.phone(DOCTOR, "answer")
    stage.page("/spare", "<Say>a person is coming</Say>")
    stage.office.pages["/broken"] = Page(status=500)
    stage.twilio.calls.create(to=DOCTOR, from_=OURS, url=f"{BASE}/broken", fallback_url=f"{BASE}/spare")
    stage.net.advance(5)
    assert heard(stage.net.phone(DOCTOR).history[0]) == ["a person is coming"]
    assert stage.one("/spare")["ErrorUrl"] == f"{BASE}/broken"


def test_send_digits_are_dialled_after_the_answer(stage: Stage) -> None:
    """6.2: "SendDigits (<=32"."""
    stage.phone(DOCTOR, "answer")
    stage.call_out(DOCTOR, "<Hangup/>", send_digits="w12")
    stage.net.advance(5)
    assert heard(stage.net.phone(DOCTOR).history[0], "play") == ["digits:w12"]


@pytest.mark.parametrize("digits", ["1" * 33, "12x"])
def test_other_digits_are_refused(stage: Stage, digits: str) -> None:
    """6.2: "SendDigits (<=32"; OAI: 0-9 A-D # * w W."""
    assert refused(lambda: stage.call_out(DOCTOR, send_digits=digits)) == (400, 20001)


def test_digits_switch_machine_detection_off(stage: Stage) -> None:
    """6.2: "SendDigits (<=32; disables MachineDetection)"."""
    stage.phone(DOCTOR, "voicemail")
    stage.call_out(DOCTOR, "<Hangup/>", send_digits="1", machine_detection="Enable")
    stage.net.advance(30)
    assert "AnsweredBy" not in stage.one("/out").params


@pytest.mark.parametrize(("timeout", "buffer", "rings"), [(20, 5.0, 25), (20, 0.0, 20), (None, 5.0, 65)])
def test_the_ring_timer_of_a_call(timeout: int | None, buffer: float, rings: int) -> None:
    """6.2: "Timeout 60 s default, 600 max (some flows +5 s)"."""
    stage = Stage(Options(rest_ring_buffer=buffer))
    sid = stage.call_out(DOCTOR, **({"timeout": timeout} if timeout else {}))
    stage.net.advance(rings + 0.9)
    assert stage.twilio.calls(sid).fetch().status == "ringing"
    stage.net.advance(0.1)
    assert stage.twilio.calls(sid).fetch().status == "no-answer"


def test_a_call_ends_at_its_time_limit(stage: Stage) -> None:
    """6.2: "TimeLimit" on create, and on update from the answer on."""
    for number in (DOCTOR, NURSE):
        stage.phone(number, "answer")
    short = stage.call_out(DOCTOR, LONG, time_limit=10)
    other = stage.call_out(NURSE, LONG)
    stage.net.advance(10)
    stage.twilio.calls(other).update(time_limit=20)
    stage.net.advance(40)
    assert [stage.twilio.calls(sid).fetch().duration for sid in (short, other)] == ["10", "20"]


def test_the_token_of_an_inbound_call_lets_its_caller_be_shown(stage: Stage) -> None:
    """6.2: "CallToken (pass the inbound token and keep the original caller ID"."""
    line = stage.call(LONG, "+13125550199")
    token = stage.one("/voice")["CallToken"]
    order: Any = {"to": DOCTOR, "from_": "+13125550199", "url": f"{BASE}/out"}
    assert refused(lambda: stage.twilio.calls.create(**order)) == (400, 21210)
    assert refused(lambda: stage.twilio.calls.create(call_token="invented", **order)) == (400, 21210)
    assert stage.twilio.calls.create(call_token=token, **order).status == "queued"
    assert line.state == "in-progress"


def test_a_verified_number_may_be_shown(stage: Stage) -> None:
    """6.6: "21210 From not verified"."""
    stage.net.verify_caller_id("+13125550777")
    assert stage.twilio.calls.create(to=DOCTOR, from_="+13125550777", url=f"{BASE}/out").status == "queued"


def test_events_in_one_string_are_accepted_and_silence_every_callback(stage: Stage) -> None:
    """6.2, the trap: "Twilio answers 201, logs 21626 and sends no callbacks at all"."""
    stage.phone(DOCTOR, "answer")
    stage.call_out(
        DOCTOR, "<Hangup/>", status_callback=f"{BASE}/p", status_callback_event=["initiated ringing completed"]
    )
    stage.net.advance(20)
    assert stage.codes() == [21626]
    assert stage.at("/p") == []


# Machine detection


@pytest.mark.parametrize(
    ("behaviour", "mode", "found"),
    [
        ("answer", "Enable", "human"),
        ("voicemail", "Enable", "machine_start"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_synchronous_detection_delays_the_document_and_tells_who_answered(
    stage: Stage, behaviour: str, mode: str, found: str
) -> None:
    """6.2: "synchronous = the Url request is delayed and carries AnsweredBy"."""
    stage.phone(DOCTOR, behaviour)
    sid = stage.call_out(DOCTOR, "<Hangup/>", machine_detection=mode)
    stage.net.advance(40)
    seen = stage.one("/out")
    call = stage.twilio.calls(sid).fetch()
    assert (seen["AnsweredBy"], call.answered_by) == (found, found)
    assert (seen.at - call.start_time).total_seconds() > 1


def test_asynchronous_detection_runs_the_document_at_once(stage: Stage) -> None:
    """6.2: "AsyncAmdStatusCallback gets AccountSid, CallSid, AnsweredBy, MachineDetectionDuration (ms)"."""
    stage.phone(DOCTOR, "answer").answered_by = "fax"
    sid = stage.call_out(
        DOCTOR, "<Pause length='60'/>", machine_detection="Enable", async_amd="true",
        async_amd_status_callback=f"{BASE}/amd",
    )  # fmt: skip
    stage.net.advance(30)
    assert "AnsweredBy" not in stage.one("/out").params
    seen = stage.one("/amd")
    assert seen.params.keys() == {"AccountSid", "CallSid", "AnsweredBy", "MachineDetectionDuration"}
    assert (seen["CallSid"], seen["AnsweredBy"], seen["MachineDetectionDuration"]) == (sid, "fax", "2000")


def test_asynchronous_detection_that_tells_nobody_is_a_warning(stage: Stage) -> None:
    """6.6: "21262 warn [...] AMD without callback"."""
    stage.call_out(DOCTOR, machine_detection="Enable", async_amd="true")
    assert stage.codes() == [21262]


# Updating


def test_a_redirect_replaces_the_document_of_a_call_in_progress(stage: Stage) -> None:
    """6.2: "Redirect requests carry the standard parameters with CallStatus in-progress"."""
    stage.page("/new", "<Say>something new</Say><Pause length='9'/>")
    line = stage.call("<Pause length='1'/><Say>something old and rather long</Say><Pause length='99'/>")
    stage.net.advance(2)
    assert stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new", method="GET").status == "in-progress"
    stage.net.run_due()
    assert heard(line) == ["something old and rather long", "something new"]
    assert line.heard[-2].cut
    seen = stage.one("/new")
    assert (seen["CallStatus"], seen["CallSid"], seen.method) == ("in-progress", line.call_sid, "GET")


def test_inline_twiml_redirects_too(stage: Stage) -> None:
    """6.2: "Url(+Method, FallbackUrl, StatusCallback) | Twiml"."""
    line = stage.call(LONG)
    stage.twilio.calls(line.call_sid).update(twiml="<Response><Say>inline</Say></Response>")
    stage.net.run_due()
    assert heard(line) == ["hello", "inline"]


def test_url_and_twiml_exclude_each_other(stage: Stage) -> None:
    """6.2: "(mutually exclusive)"."""
    line = stage.call(LONG)
    update = stage.twilio.calls(line.call_sid).update
    assert refused(lambda: update(url=f"{BASE}/new", twiml="<Response/>")) == (400, 20001)


def test_a_redirect_takes_effect_after_the_rest_delay() -> None:
    """3.5, measured: the action is asked some hundred milliseconds after REST answered."""
    stage = Stage(Options(rest_delay=0.2))
    stage.page("/new", "<Hangup/>")
    line = stage.call(LONG)
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")
    stage.net.run_due()
    assert stage.at("/new") == []
    stage.net.advance(0.2)
    assert stage.one("/new")


def test_a_redirect_may_change_the_fallback_and_the_status_callback(stage: Stage) -> None:
    """6.2: "Url(+Method, FallbackUrl, StatusCallback)"."""
    line = stage.call(LONG)
    stage.page("/spare", "<Hangup/>")
    hooks = {"fallback_url": f"{BASE}/spare", "status_callback": f"{BASE}/p"}
    stage.twilio.calls(line.call_sid).update(url="https://nowhere.example/new", **hooks)
    stage.net.advance(1)
    assert stage.one("/spare")["ErrorCode"] == "11210"
    assert stage.one("/p")["CallStatus"] == "completed"


def test_a_status_callback_without_a_url_is_ignored(stage: Stage) -> None:
    """6.2: "StatusCallback without Url is ignored"."""
    line = stage.call(LONG)
    stage.twilio.calls(line.call_sid).update(status_callback=f"{BASE}/p", status="completed")
    stage.net.run_due()
    assert stage.at("/p") == []


@pytest.mark.parametrize(
    "change", [{"url": f"{BASE}/new"}, {"twiml": "<Response/>"}, {"status": "completed"}, {"status": "canceled"}]
)
def test_a_call_that_ended_is_21220(stage: Stage, change: dict[str, str]) -> None:
    """6.2: "Not in progress -> 400 code 21220"."""
    line = stage.call("<Hangup/>")
    assert refused(lambda: stage.twilio.calls(line.call_sid).update(**change)) == (400, 21220)


@pytest.mark.parametrize("seconds", [0, 2])
def test_a_queued_or_ringing_call_cannot_be_redirected(stage: Stage, seconds: int) -> None:
    """6.2: "Not in progress -> 400 code 21220"."""
    sid = stage.call_out(DOCTOR)
    stage.net.advance(seconds)
    assert refused(lambda: stage.twilio.calls(sid).update(url=f"{BASE}/new")) == (400, 21220)


def test_just_after_the_answer_rest_may_still_refuse() -> None:
    """6.2: "Just after an answered callback the REST side may still refuse with 21220 for a moment"."""
    stage = Stage(Options(promotion_seconds=0.5))
    stage.page("/new", "<Hangup/>")
    line = stage.call("<Say>hello</Say><Pause length='9'/>")
    assert refused(lambda: stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")) == (400, 21220)
    stage.net.advance(0.5)
    assert stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")


@pytest.mark.parametrize("status", ["canceled", "completed"])
@pytest.mark.parametrize("seconds", [0, 2])
def test_both_words_end_a_queued_or_ringing_call(stage: Stage, status: str, seconds: int) -> None:
    """6.2: "canceled (acts on queued/ringing calls) or completed (also ends in-progress ones"."""
    sid = stage.call_out(DOCTOR, status_callback=f"{BASE}/p")
    stage.net.advance(seconds)
    assert stage.twilio.calls(sid).update(status=status).status == "canceled"
    stage.net.advance(5)
    assert not stage.net.phone(DOCTOR).ringing
    assert [seen["CallStatus"] for seen in stage.at("/p")] == ([] if seconds == 0 else ["canceled"])


def test_completed_hangs_up_a_call_in_progress_and_canceled_does_not(stage: Stage) -> None:
    """6.2: canceled "acts on queued/ringing calls"."""
    line = stage.call(LONG)
    stage.twilio.calls(line.call_sid).update(status="canceled")
    stage.net.run_due()
    assert line.state == "in-progress"
    assert stage.twilio.calls(line.call_sid).update(status="completed").status == "completed"
    assert line.state == "completed"


def test_any_other_status_is_refused(stage: Stage) -> None:
    """6.2: Status is canceled or completed."""
    line = stage.call(LONG)
    assert refused(lambda: stage.twilio.calls(line.call_sid).update(status="busy")) == (400, 20001)


# Lists and deletion


def test_calls_are_found_by_every_filter(stage: Stage) -> None:
    """6.2: "List filters: To, From, ParentCallSid, Status, StartTime(<,>), EndTime(<,>)"."""
    stage.phone(DOCTOR, "answer")
    line = stage.call(f"<Dial>{DOCTOR}</Dial>")
    stage.net.advance(10)
    out = stage.call_out(NURSE)
    child = stage.net.phone(DOCTOR).line.call_sid
    calls: Any = stage.twilio.calls.list
    assert [call.sid for call in calls(to=NURSE)] == [out]
    assert [call.sid for call in calls(from_="+13125550199")] == [child, line.call_sid]
    assert [call.sid for call in calls(from_="+13125550199", to=OURS)] == [line.call_sid]
    assert [call.sid for call in calls(parent_call_sid=line.call_sid)] == [child]
    assert [call.sid for call in calls(status="queued")] == [out]
    assert {call.sid for call in calls(status="in-progress")} == {child, line.call_sid}
    assert calls(status="completed") == calls(to="+13125550999") == []


def test_calls_are_found_by_their_times(stage: Stage) -> None:
    """6.2: "StartTime(<,>), EndTime(<,>)"."""
    first = stage.call("<Hangup/>")
    stage.net.advance(86400)
    second = stage.call("<Hangup/>", "+13125550198")
    calls: Any = stage.twilio.calls.list
    assert [call.sid for call in calls(start_time=START.date())] == [first.call_sid]
    assert [call.sid for call in calls(start_time_after=stage.net.now)] == [second.call_sid]
    assert [call.sid for call in calls(end_time_before=START + timedelta(hours=1))] == [first.call_sid]
    assert stage.rest("GET", "/Calls.json?StartTime=yesterday").status_code == 400


def test_a_call_can_be_deleted_once_it_is_over(stage: Stage) -> None:
    """OAI: DELETE Calls/{CA}.json."""
    line = stage.call(LONG)
    assert refused(lambda: stage.twilio.calls(line.call_sid).delete()) == (400, 20009)
    line.hang_up()
    assert stage.twilio.calls(line.call_sid).delete()
    assert refused(lambda: stage.twilio.calls(line.call_sid).fetch()) == (404, 20404)
    assert stage.twilio.calls.list() == stage.twilio.calls.list(to=OURS) == []
