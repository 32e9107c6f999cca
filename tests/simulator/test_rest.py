"""REST conventions, calls, messages and one-time codes, driven by the real client (Twilio: REST API)."""

import re
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim import Options
from tests.simulator.stage import ACCOUNT, BASE, OURS, START, Stage, as_json, heard

DOCTOR, CALLER = "+13125550181", "+13125550199"
SERVICE = "VA" + "0" * 32


def refused(action: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as problem:
        action()
    return problem.value.status, problem.value.code


def test_requests_without_valid_credentials_are_401(stage: Stage) -> None:
    for auth in (None, (ACCOUNT, "wrong"), ("SK" + "0" * 32, "x")):
        reply = stage.rest("GET", "/Calls.json", auth=auth)
        assert (reply.status_code, as_json(reply)["code"]) == (401, 20003)
        assert reply.headers["WWW-Authenticate"].startswith("Basic")


def test_an_api_key_authenticates_too(stage: Stage) -> None:
    key = ("SK" + "1" * 32, "secret")
    stage.net.add_api_key(*key)
    assert stage.rest("GET", "/Calls.json", auth=key).status_code == 200


def test_unknown_resources_are_404_with_the_exact_error_shape(stage: Stage) -> None:
    path = f"/Calls/CA{'0' * 32}.json"
    assert as_json(stage.rest("GET", path)) == {
        "code": 20404,
        "message": f"The requested resource /2010-04-01/Accounts/{ACCOUNT}{path} was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_a_created_call_is_201_queued_with_strings_for_numbers(stage: Stage) -> None:
    reply = stage.rest("POST", "/Calls.json", {"To": DOCTOR, "From": OURS, "Url": f"{BASE}/out"})
    body = as_json(reply)
    assert (reply.status_code, body["status"], body["direction"]) == (201, "queued", "outbound-api")
    assert re.fullmatch("CA[0-9a-f]{32}", body["sid"])
    assert (body["queue_time"], body["duration"], body["to_formatted"]) == ("0", None, "(312) 555-0181")
    assert parsedate_to_datetime(body["date_created"]) == START
    assert body["date_created"] == "Sun, 01 Nov 2026 06:30:00 +0000"


def test_a_finished_call_tells_its_times(stage: Stage) -> None:
    stage.phone(DOCTOR, "answer", 4)
    sid = stage.call_out(DOCTOR, "<Pause length='12'/>")
    stage.net.advance(60)
    call = stage.twilio.calls(sid).fetch()
    assert (call.status, call.duration) == ("completed", "12")
    assert ((call.start_time - START).total_seconds(), (call.end_time - START).total_seconds()) == (5, 17)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": ""}, 21201),
        ({"to": "555"}, 21211),
        ({"from_": ""}, 21213),
        ({"from_": "abc"}, 21212),
        ({"from_": "+13125550777"}, 21210),
        ({"url": "/relative"}, 21205),
        ({"url": "https://my_host.example/x"}, 21205),
        ({"url": ""}, 21205),
        ({"timeout": 601}, 20001),
        ({"method": "PUT"}, 20001),
    ],
)
def test_bad_parameters_of_a_new_call_are_400_with_their_code(stage: Stage, changes: dict[str, Any], code: int) -> None:
    order = {"to": DOCTOR, "from_": OURS, "url": f"{BASE}/out", **changes}
    assert refused(lambda: stage.twilio.calls.create(**order)) == (400, code)


def test_inline_twiml_is_performed_and_limited_to_4000_characters(stage: Stage) -> None:
    stage.phone(DOCTOR, "answer")
    stage.twilio.calls.create(to=DOCTOR, from_=OURS, twiml="<Response><Say>by letter</Say></Response>")
    stage.net.advance(5)
    assert heard(stage.net.phone(DOCTOR).history[0]) == ["by letter"]
    long = f"<Response><Say>{'x' * 4000}</Say></Response>"
    assert refused(lambda: stage.twilio.calls.create(to=DOCTOR, from_=OURS, twiml=long)) == (400, 32018)


def test_url_wins_over_twiml(stage: Stage) -> None:
    stage.phone(DOCTOR, "answer")
    stage.call_out(DOCTOR, "<Say>from the url</Say>", twiml="<Response><Say>inline</Say></Response>")
    stage.net.advance(5)
    assert heard(stage.net.phone(DOCTOR).history[0]) == ["from the url"]


def test_a_verified_number_may_be_shown(stage: Stage) -> None:
    stage.net.verify_caller_id("+13125550777")
    assert stage.twilio.calls.create(to=DOCTOR, from_="+13125550777", url=f"{BASE}/out").status == "queued"


def test_events_in_one_string_are_accepted_and_silence_every_callback(stage: Stage) -> None:
    stage.phone(DOCTOR, "answer")
    stage.call_out(
        DOCTOR, "<Hangup/>", status_callback=f"{BASE}/p", status_callback_event=["initiated ringing completed"]
    )
    stage.net.advance(20)
    assert stage.codes() == [21626]
    assert stage.at("/p") == []


def test_the_ring_timer_of_a_call(stage: Stage) -> None:
    sid = stage.call_out(DOCTOR, timeout=20)
    stage.net.advance(25.9)
    assert stage.twilio.calls(sid).fetch().status == "ringing"
    stage.net.advance(0.1)
    assert stage.twilio.calls(sid).fetch().status == "no-answer"


def test_send_digits_are_dialled_after_the_answer(stage: Stage) -> None:
    stage.phone(DOCTOR, "answer")
    stage.call_out(DOCTOR, "<Hangup/>", send_digits="w12")
    stage.net.advance(5)
    assert heard(stage.net.phone(DOCTOR).history[0], "play") == ["digits:w12"]


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
    stage.phone(DOCTOR, behaviour)
    sid = stage.call_out(DOCTOR, "<Hangup/>", machine_detection=mode)
    stage.net.advance(40)
    seen = stage.one("/out")
    assert seen["AnsweredBy"] == found
    call = stage.twilio.calls(sid).fetch()
    assert call.answered_by == found
    assert (seen.at - call.start_time).total_seconds() > 1


def test_asynchronous_detection_runs_the_document_at_once(stage: Stage) -> None:
    stage.phone(DOCTOR, "answer").answered_by = "fax"
    stage.call_out(
        DOCTOR, "<Pause length='60'/>", machine_detection="Enable", async_amd="true",
        async_amd_status_callback=f"{BASE}/amd",
    )  # fmt: skip
    stage.net.advance(30)
    assert "AnsweredBy" not in stage.one("/out").params
    seen = stage.one("/amd")
    assert (seen["AnsweredBy"], seen["MachineDetectionDuration"]) == ("fax", "2000")


# Updating


def test_a_redirect_replaces_the_document_of_a_call_in_progress(stage: Stage) -> None:
    stage.page("/new", "<Say>something new</Say><Pause length='9'/>")
    line = stage.call("<Pause length='1'/><Say>something old and rather long</Say><Pause length='99'/>")
    stage.net.advance(2)
    assert stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new").status == "in-progress"
    stage.net.run_due()
    assert stage.one("/new")["CallStatus"] == "in-progress"
    assert heard(line)[-1] == "something new"


def test_a_redirect_takes_effect_after_the_rest_delay() -> None:
    stage = Stage(Options(rest_delay=0.2))
    stage.page("/new", "<Hangup/>")
    line = stage.call("<Say>hello</Say><Pause length='99'/>")
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")
    stage.net.run_due()
    assert stage.at("/new") == []
    stage.net.advance(0.2)
    assert stage.one("/new")


def test_a_redirect_may_change_the_fallback_and_the_status_callback(stage: Stage) -> None:
    line = stage.call("<Say>hello</Say><Pause length='99'/>")
    stage.page("/spare", "<Hangup/>")
    hooks = {"fallback_url": f"{BASE}/spare", "status_callback": f"{BASE}/p"}
    stage.twilio.calls(line.call_sid).update(url="https://nowhere.example/new", **hooks)
    stage.net.advance(1)
    assert stage.one("/spare")["ErrorCode"] == "11210"
    assert stage.one("/p")["CallStatus"] == "completed"


def test_inline_twiml_redirects_too(stage: Stage) -> None:
    line = stage.call("<Say>hello</Say><Pause length='99'/>")
    stage.twilio.calls(line.call_sid).update(twiml="<Response><Say>inline</Say></Response>")
    stage.net.run_due()
    assert heard(line) == ["hello", "inline"]


@pytest.mark.parametrize("change", [{"url": f"{BASE}/new"}, {"status": "completed"}])
def test_a_call_that_ended_is_21220(stage: Stage, change: dict[str, str]) -> None:
    line = stage.call("<Hangup/>")
    assert refused(lambda: stage.twilio.calls(line.call_sid).update(**change)) == (400, 21220)


def test_a_ringing_call_cannot_be_redirected(stage: Stage) -> None:
    sid = stage.call_out(DOCTOR)
    stage.net.advance(2)
    assert refused(lambda: stage.twilio.calls(sid).update(url=f"{BASE}/new")) == (400, 21220)


def test_just_after_the_answer_rest_may_still_refuse() -> None:
    stage = Stage(Options(promotion_seconds=0.5))
    stage.page("/new", "<Hangup/>")
    line = stage.call("<Say>hello</Say><Pause length='9'/>")
    assert refused(lambda: stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")) == (400, 21220)
    stage.net.advance(0.5)
    assert stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")


def test_completed_hangs_up_a_call_in_progress(stage: Stage) -> None:
    line = stage.call("<Say>hello</Say><Pause length='99'/>")
    assert stage.twilio.calls(line.call_sid).update(status="completed").status == "completed"
    assert line.state == "completed"


def test_canceled_does_nothing_to_a_call_in_progress(stage: Stage) -> None:
    line = stage.call("<Say>hello</Say><Pause length='99'/>")
    stage.twilio.calls(line.call_sid).update(status="canceled")
    stage.net.run_due()
    assert line.state == "in-progress"


# Lists


def test_lists_filter_and_page(stage: Stage) -> None:
    for number in range(200, 260):
        stage.call_out(f"+1312555{number:04}")
    assert len(stage.twilio.calls.list(to="+13125550205")) == 1
    assert len(stage.twilio.calls.list(status="queued", page_size=7)) == 60
    first = as_json(stage.rest("GET", "/Calls.json"))
    assert (first["page"], first["page_size"], first["start"], first["end"], len(first["calls"])) == (0, 50, 0, 49, 50)
    assert (first["previous_page_uri"], bool(first["next_page_uri"])) == (None, True)
    assert as_json(stage.rest("GET", "/Calls.json?PageSize=5000"))["page_size"] == 1000


def test_calls_are_found_by_their_start_time(stage: Stage) -> None:
    first = stage.call("<Hangup/>")
    stage.net.advance(86400)
    second = stage.call("<Hangup/>", "+13125550198")
    assert [call.sid for call in stage.twilio.calls.list(start_time=START.date())] == [first.call_sid]
    assert [call.sid for call in stage.twilio.calls.list(start_time_after=stage.net.now)] == [second.call_sid]


# Messages


def test_a_text_is_queued_then_sent_then_delivered(stage: Stage) -> None:
    message = stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="please call in", status_callback=f"{BASE}/sms")
    assert (message.status, message.num_segments) == ("queued", "1")
    stage.net.advance(5)
    (text,) = stage.net.phone(DOCTOR).messages
    assert (text.from_, text.body) == (OURS, "please call in")
    assert [seen["MessageStatus"] for seen in stage.at("/sms")] == ["sent", "delivered"]
    assert stage.at("/sms")[0]["MessageSid"] == message.sid
    assert stage.twilio.messages(message.sid).fetch().status == "delivered"
    assert [one.sid for one in stage.twilio.messages.list(to=DOCTOR)] == [message.sid]


def test_a_switched_off_phone_gets_no_text(stage: Stage) -> None:
    stage.phone(DOCTOR, "switched-off")
    stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello", status_callback=f"{BASE}/sms")
    stage.net.advance(5)
    seen = stage.at("/sms")[-1]
    assert (seen["MessageStatus"], seen["ErrorCode"]) == ("undelivered", "30003")


def test_a_landline_gets_no_text(stage: Stage) -> None:
    stage.phone(DOCTOR).accepts_texts = False
    message = stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello")
    stage.net.advance(5)
    assert stage.twilio.messages(message.sid).fetch().error_code == 30006


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"to": "555"}, 21211), ({"from_": "+13125550777"}, 21606), ({"body": "x" * 1601}, 21617)],
)
def test_bad_parameters_of_a_text(stage: Stage, changes: dict[str, str], code: int) -> None:
    order = {"to": DOCTOR, "from_": OURS, "body": "hello", **changes}
    assert refused(lambda: stage.twilio.messages.create(**order)) == (400, code)


# One-time codes


def code_sent(stage: Stage) -> str:
    stage.net.advance(2)
    return stage.net.phone(CALLER).messages[-1].body.split()[-1]


def test_a_code_sent_by_text_is_approved_once(stage: Stage) -> None:
    verify = stage.twilio.verify.v2.services(SERVICE)
    assert verify.verifications.create(to=CALLER, channel="sms").status == "pending"
    code = code_sent(stage)
    wrong = verify.verification_checks.create(to=CALLER, code="0" if code != "0" else "1")
    assert (wrong.status, wrong.valid) == ("pending", False)
    right = verify.verification_checks.create(to=CALLER, code=code)
    assert (right.status, right.valid) == ("approved", True)
    assert refused(lambda: verify.verification_checks.create(to=CALLER, code=code)) == (404, 20404)


def test_a_code_expires_after_ten_minutes(stage: Stage) -> None:
    verify = stage.twilio.verify.v2.services(SERVICE)
    verify.verifications.create(to=CALLER, channel="sms")
    code = code_sent(stage)
    stage.net.advance(600)
    assert refused(lambda: verify.verification_checks.create(to=CALLER, code=code)) == (404, 20404)


def test_five_checks_and_five_sends_are_the_most(stage: Stage) -> None:
    verify = stage.twilio.verify.v2.services(SERVICE)
    for _ in range(5):
        verify.verifications.create(to=CALLER, channel="sms")
    assert refused(lambda: verify.verifications.create(to=CALLER, channel="sms")) == (429, 60203)
    for _ in range(5):
        verify.verification_checks.create(to=CALLER, code="wrong")
    assert refused(lambda: verify.verification_checks.create(to=CALLER, code="wrong")) == (429, 60202)


def test_a_code_can_be_spoken_in_a_call(stage: Stage) -> None:
    stage.phone(CALLER, "answer")
    stage.twilio.verify.v2.services(SERVICE).verifications.create(to=CALLER, channel="call", custom_code="4711")
    stage.net.advance(10)
    assert heard(stage.net.phone(CALLER).history[0])[0] == "Your verification code is 4711"


def test_the_voice_channel_is_named_call(stage: Stage) -> None:
    verify = stage.twilio.verify.v2.services(SERVICE)
    assert refused(lambda: verify.verifications.create(to=CALLER, channel="voice")) == (400, 60200)
