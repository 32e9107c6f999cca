"""Section 6.5, one-time codes by Verify v2. Each test quotes the rule it pins."""

from typing import Any

import pytest

from phonesim import Options
from tests.simulator.contract.rooms import refused
from tests.simulator.stage import ACCOUNT, TOKEN, Stage, as_json, heard

CALLER = "+13125550199"
SERVICE = "VA" + "0" * 32


def verify(stage: Stage, service: str = SERVICE) -> Any:
    return stage.twilio.verify.v2.services(service)


def start(stage: Stage, **more: Any) -> Any:
    return verify(stage).verifications.create(**{"to": CALLER, "channel": "sms", **more})


def check(stage: Stage, code: str, **more: Any) -> Any:
    return verify(stage).verification_checks.create(code=code, **{"to": CALLER, **more})


def code_sent(stage: Stage) -> str:
    stage.net.advance(2)
    return stage.net.phone(CALLER).messages[-1].body.split()[-1]


def test_starting_is_pending_and_tells_its_attempts(stage: Stage) -> None:
    """6.5: "201 {sid VE.., status pending, valid false, send_code_attempts[...]}"."""
    started = start(stage)
    assert (started.status, started.valid, started.sid[:2]) == ("pending", False, "VE")
    assert [attempt["channel"] for attempt in started.send_code_attempts] == ["SMS"]
    again = start(stage, channel="call")
    assert (again.sid, [one["channel"] for one in again.send_code_attempts]) == (started.sid, ["SMS", "CALL"])


def test_a_wrong_code_is_no_error_and_the_right_one_is_approved_once(stage: Stage) -> None:
    """6.5: "approved/valid true or pending/valid false (wrong code is not an error); 404/20404 once approved"."""
    start(stage)
    code = code_sent(stage)
    wrong = check(stage, "0" if code != "0" else "1")
    assert (wrong.status, wrong.valid) == ("pending", False)
    right = check(stage, code)
    assert (right.status, right.valid) == ("approved", True)
    assert refused(lambda: check(stage, code)) == (404, 20404)


def test_a_code_may_be_checked_by_the_sid_of_its_verification(stage: Stage) -> None:
    """6.5: "Code + (To | VerificationSid)"."""
    started = start(stage)
    code = code_sent(stage)
    checked = verify(stage).verification_checks.create(code=code, verification_sid=started.sid)
    assert checked.status == "approved"


@pytest.mark.parametrize(("seconds", "open_"), [(597, True), (600, False)])
def test_a_code_lives_ten_minutes(stage: Stage, seconds: int, open_: bool) -> None:
    """6.5: "expired (10 min default TTL)"."""
    start(stage)
    code = code_sent(stage)
    stage.net.advance(seconds)
    if open_:
        assert check(stage, code).valid
    else:
        assert refused(lambda: check(stage, code)) == (404, 20404)


def test_five_checks_are_the_most(stage: Stage) -> None:
    """6.5: "5 checks (429, 60202 max check attempts)"."""
    start(stage)
    code = code_sent(stage)
    for _ in range(5):
        check(stage, "wrong")
    assert refused(lambda: check(stage, code)) == (429, 60202)


def test_five_sends_in_ten_minutes_are_the_most(stage: Stage) -> None:
    """6.5: "5 sends per number per 10 min (429, 60203 max send attempts)"."""
    for _ in range(5):
        start(stage)
    assert refused(lambda: start(stage)) == (429, 60203)
    assert start(stage, to="+13125550198").status == "pending"
    stage.net.advance(600)
    assert start(stage).status == "pending"


def test_a_code_can_be_spoken_and_the_channel_is_named_call(stage: Stage) -> None:
    """6.5: "voice is call in the API"."""
    stage.phone(CALLER, "answer")
    start(stage, channel="call", custom_code="4711")
    stage.net.advance(10)
    assert heard(stage.net.phone(CALLER).history[0])[0] == "Your verification code is 4711"
    assert refused(lambda: start(stage, channel="voice")) == (400, 60200)


def test_auto_sends_a_text(stage: Stage) -> None:
    """6.5: "Channel = sms|call|email|whatsapp|sna|auto"."""
    assert start(stage, channel="auto").channel == "sms"
    assert code_sent(stage)


@pytest.mark.parametrize("channel", ["email", "whatsapp", "sna"])
def test_channels_that_are_not_imitated_are_disabled(stage: Stage, channel: str) -> None:
    """6.5: the other channels; error dictionary 60223 "Delivery channel disabled"."""
    assert refused(lambda: start(stage, channel=channel)) == (403, 60223)


@pytest.mark.parametrize(
    "wrong", [{"to": "555"}, {"channel": "pigeon"}, {"custom_code": "123"}, {"custom_code": "12345678901"}]
)
def test_bad_parameters_are_60200(stage: Stage, wrong: dict[str, str]) -> None:
    """6.5: "60200 invalid parameter"; "CustomCode 4-10"."""
    assert refused(lambda: start(stage, **wrong)) == (400, 60200)


def test_a_check_without_code_is_60200(stage: Stage) -> None:
    """6.5: "60200 invalid parameter"."""
    start(stage)
    path = f"/v2/Services/{SERVICE}/VerificationCheck"
    reply = stage.twilio.http_client.client.open(path, method="POST", data={"To": CALLER}, auth=(ACCOUNT, TOKEN))
    assert (reply.status_code, as_json(reply)["code"]) == (400, 60200)


def test_a_blocked_destination_is_60410(stage: Stage) -> None:
    """6.5: "60410 blocked"."""
    start(stage)
    stage.net.verifications[SERVICE].blocked.add("+1312")
    assert refused(lambda: start(stage)) == (403, 60410)


@pytest.mark.parametrize("status", ["canceled", "approved"])
def test_a_verification_can_be_ended_by_its_owner(stage: Stage, status: str) -> None:
    """6.5: "Update Status=canceled|approved"."""
    started = start(stage)
    code = code_sent(stage)
    one = verify(stage).verifications(started.sid)
    assert one.fetch().status == "pending"
    ended = one.update(status=status)
    assert (ended.status, ended.valid) == (status, status == "approved")
    assert refused(lambda: check(stage, code)) == (404, 20404)
    assert refused(one.fetch) == (404, 20404)


def test_a_new_start_after_the_end_has_a_new_code(stage: Stage) -> None:
    """6.5: 404 "once approved": the next start is another verification."""
    first = start(stage)
    code = code_sent(stage)
    check(stage, code)
    second = start(stage)
    assert second.sid != first.sid
    assert code_sent(stage) != code


def test_services_have_a_code_length_of_their_own(stage: Stage) -> None:
    """6.5: Services; OAI: CodeLength 4 to 10."""
    made = stage.twilio.verify.v2.services.create(friendly_name="Sunline", code_length=8)
    made.verifications.create(to=CALLER, channel="sms")
    assert len(code_sent(stage)) == 8
    assert made.update(code_length=4).code_length == 4
    assert refused(lambda: made.update(code_length=11)) == (400, 20001)
    assert made.delete()


def test_a_service_may_forbid_custom_codes(stage: Stage) -> None:
    """OAI: CustomCodeEnabled."""
    made = stage.twilio.verify.v2.services.create(friendly_name="Sunline", custom_code_enabled=False)
    send = made.verifications.create
    assert refused(lambda: send(to=CALLER, channel="sms", custom_code="4711")) == (400, 60200)


@pytest.mark.parametrize("strict", [False, True])
def test_a_service_nobody_made_works_unless_that_is_switched_off(strict: bool) -> None:
    """6.5: "POST Services/{VA}/Verifications"; a service is usually made by hand, outside the application."""
    stage = Stage(Options(verify_services_must_exist=strict))
    if strict:
        assert refused(lambda: start(stage)) == (404, 20404)
    else:
        assert start(stage).status == "pending"


def test_dates_are_iso_8601(stage: Stage) -> None:
    """0: "v1/v2 APIs (Verify, TaskRouter) use ISO 8601 2015-07-30T20:00:00Z"."""
    path = f"/v2/Services/{SERVICE}/Verifications"
    data = {"To": CALLER, "Channel": "sms"}
    reply = stage.twilio.http_client.client.open(path, method="POST", data=data, auth=(ACCOUNT, TOKEN))
    assert as_json(reply)["date_created"] == "2026-11-01T06:30:00Z"
