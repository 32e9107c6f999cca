"""Section 6.5, one-time codes by Verify v2, with the real library over HTTP. Each test quotes the rule it pins."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from twilio.rest import Client

from phonesim import switch_on
from tests.simulator.contract.rooms import refused
from tests.simulator.stage import ACCOUNT, TOKEN, heard
from tests.simulator.town import GIVE_UP, STILL, Redirecting, Town

CALLER, OTHER = "+13125550199", "+13125550198"
SERVICE, STRANGE = "VA" + "0" * 32, "VA" + "1" * 32


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town(STILL)
    town.net.add_verify_service(SERVICE, "Sunline")
    yield town
    town.close()


def verify(town: Town, service: str = SERVICE) -> Any:
    return town.twilio.verify.v2.services(service)


def start(town: Town, service: str = SERVICE, **more: Any) -> Any:
    return verify(town, service).verifications.create(**{"to": CALLER, "channel": "sms", **more})


def check(town: Town, code: str, **more: Any) -> Any:
    return verify(town).verification_checks.create(code=code, **(more or {"to": CALLER}))


def texts(town: Town, number: str = CALLER) -> list[str]:
    """What a handset shows a little later."""
    town.sim.advance(2)
    return [text["body"] for text in town.sim.state()["phones"].get(number, {"messages": []})["messages"]]


def code_sent(town: Town) -> str:
    return texts(town)[-1].split()[-1]


def wrong(code: str) -> str:
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def post(town: Town, path: str, auth: tuple[str, str] | None = (ACCOUNT, TOKEN), **data: str) -> requests.Response:
    return requests.post(f"{town.server.url}/v2/Services/{SERVICE}{path}", data, auth=auth, timeout=GIVE_UP)


# Starting


def test_starting_is_pending_and_tells_its_attempts(town: Town) -> None:
    """6.5: "201 {sid VE.., status pending, valid false, send_code_attempts[...]}"."""
    started = start(town)
    assert (started.status, started.valid, started.to, started.channel) == ("pending", False, CALLER, "sms")
    assert re.fullmatch("VE[0-9a-f]{32}", started.sid)
    (attempt,) = started.send_code_attempts
    assert (attempt["channel"], attempt["attempt_sid"][:2]) == ("SMS", "VL")
    assert verify(town).verifications(started.sid).fetch().send_code_attempts == [attempt]


def test_a_handset_shows_the_code_with_the_name_of_the_service(town: Town) -> None:
    """OAI: "Your AppName verification code is: 1234"; CodeLength is six by default."""
    start(town)
    (text,) = texts(town)
    assert re.fullmatch("Your Sunline verification code is: [0-9]{6}", text)


def test_a_service_without_a_name_says_none(town: Town) -> None:
    """OAI: FriendlyName "appears in the body of your verification messages"."""
    with town.net.entered():
        town.net.add_verify_service(STRANGE)
    start(town, STRANGE)
    assert re.fullmatch("Your verification code is: [0-9]{6}", texts(town)[0])


def test_the_text_is_none_of_the_messages_of_the_account(town: Town) -> None:
    """Verify sends from numbers of its own; what it sent is listed as attempts, not as Messages."""
    start(town)
    assert texts(town)
    assert town.twilio.messages.list() == []


def test_starting_again_sends_the_same_code_of_the_same_verification(town: Town) -> None:
    """Verify, code validity: "The token remains the same during its validity period"."""
    first = start(town)
    again = start(town, channel="call")
    third = start(town)
    assert {first.sid, again.sid, third.sid} == {first.sid}
    assert [one["channel"] for one in third.send_code_attempts] == ["SMS", "CALL", "SMS"]
    assert len({one["attempt_sid"] for one in third.send_code_attempts}) == 3
    first_text, last_text = texts(town)
    assert first_text == last_text


def test_each_number_has_a_verification_of_its_own(town: Town) -> None:
    """6.5: "To"."""
    assert start(town).sid != start(town, to=OTHER).sid
    code = code_sent(town)
    assert check(town, code, to=OTHER).status == "pending"
    assert check(town, code, to=CALLER).status == "approved"


def test_dates_are_iso_8601(town: Town) -> None:
    """0: "v1/v2 APIs (Verify, TaskRouter) use ISO 8601 2015-07-30T20:00:00Z"."""
    reply = post(town, "/Verifications", To=CALLER, Channel="sms")
    assert reply.status_code == 201
    assert reply.json()["date_created"] == reply.json()["send_code_attempts"][0]["time"] == "2026-11-01T06:30:00Z"


@pytest.mark.parametrize(("locale", "begins"), [("es", "Su código de verificación de Sunline es: "), ("fr", "Your ")])
def test_a_text_is_in_the_language_asked_for_where_phonesim_knows_it(town: Town, locale: str, begins: str) -> None:
    """6.5: "Locale"; OAI: "It will fallback to English"."""
    start(town, locale=locale)
    assert texts(town)[0].startswith(begins)
    assert check(town, code_sent(town)).valid


def test_a_language_that_verify_does_not_know_is_404(town: Town) -> None:
    """Verify, supported languages: "If an unsupported override locale is given, a 404 error will be returned"."""
    assert refused(lambda: start(town, locale="xx")) == (404, 60229)
    assert texts(town) == []


# Channels


def test_a_code_can_be_spoken_and_the_channel_is_named_call(town: Town) -> None:
    """6.5: "voice is call in the API"; the code is read out digit by digit, twice."""
    town.sim.behave(CALLER, "answer")
    assert start(town, channel="call").channel == "call"
    town.sim.advance(30)
    said = heard(town.net.phone(CALLER).history[0])
    found = re.fullmatch("Your Sunline verification code is: ([0-9](?:, [0-9]){5})", said[0])
    assert found
    assert said == [said[0]] * 2
    assert check(town, found[1].replace(", ", "")).valid


def test_voice_is_no_channel(town: Town) -> None:
    """6.5: "voice is call in the API; AI-VERIFY's table says voice"."""
    assert refused(lambda: start(town, channel="voice")) == (400, 60200)


def test_auto_sends_a_text(town: Town) -> None:
    """6.5: "Channel = sms|call|email|whatsapp|sna|auto"."""
    assert start(town, channel="auto").channel == "sms"
    assert code_sent(town)


@pytest.mark.parametrize("channel", ["email", "whatsapp", "sna"])
def test_channels_that_are_not_imitated_are_disabled(town: Town, channel: str) -> None:
    """6.5: the other channels; error dictionary 60223 "Delivery channel disabled", HTTP status 400."""
    assert refused(lambda: start(town, channel=channel)) == (400, 60223)


# Numbers that no text or call reaches


def test_a_text_to_a_landline_is_tried_and_does_not_arrive(town: Town) -> None:
    """6.4: "30006 landline"; Verify tells nobody, because it has no callback: the verification stays pending."""
    town.net.phone(CALLER).accepts_texts = False
    started = start(town)
    assert texts(town) == []
    assert verify(town).verifications(started.sid).fetch().status == "pending"


def test_a_service_may_refuse_landlines(town: Town) -> None:
    """OAI: SkipSmsToLandlines, which "requires lookup_enabled"; error dictionary 60205, HTTP status 403."""
    town.net.phone(CALLER).accepts_texts = False
    verify(town).update(skip_sms_to_landlines=True)
    assert start(town).lookup == {}
    verify(town).update(lookup_enabled=True)
    assert refused(lambda: start(town)) == (403, 60205)
    assert start(town, channel="call").lookup["carrier"]["type"] == "landline"
    assert start(town, to=OTHER).lookup["carrier"]["type"] == "mobile"


@pytest.mark.parametrize("how", ["switched off", "filtered", "carrier"])
def test_a_text_that_a_carrier_does_not_deliver_leaves_the_verification_pending(town: Town, how: str) -> None:
    """6.4: "30003 unreachable [...] 30007 filtered"; they are texts like any other."""
    if how == "switched off":
        town.sim.behave(CALLER, "switched-off")
    elif how == "filtered":
        town.net.phone(CALLER).text_error = 30007
    else:
        town.sim.switch_on("texts-failing")
    started = start(town)
    assert texts(town) == []
    assert verify(town).verifications(started.sid).fetch().status == "pending"


@pytest.mark.parametrize("how", ["busy", "carrier"])
def test_a_call_that_does_not_come_through_leaves_the_verification_pending(town: Town, how: str) -> None:
    """6.5: Channel call; it is a call like any other."""
    town.sim.behave(CALLER, "busy" if how == "busy" else "answer")
    if how == "carrier":
        town.sim.switch_on("carrier-failing")
    started = start(town, channel="call")
    town.sim.advance(30)
    assert [heard(line) for line in town.net.phone(CALLER).history] in ([], [[]])
    assert verify(town).verifications(started.sid).fetch().status == "pending"


def test_a_blocked_destination_is_60410(town: Town) -> None:
    """6.5: "60410 blocked"."""
    start(town)
    town.net.verifications[SERVICE].blocked.add("+1312")
    assert refused(lambda: start(town)) == (403, 60410)


def test_a_number_that_may_not_be_called_gets_no_code_by_call(town: Town) -> None:
    """6.6: "21215 geo permission; 21216 blocklist" of calls are 60410 here; texts are not concerned."""
    town.net.account.refused["+1312"] = 21216
    assert refused(lambda: start(town, channel="call")) == (403, 60410)
    assert start(town).status == "pending"


# Checking


def test_a_wrong_code_is_no_error_and_the_right_one_is_approved_once(town: Town) -> None:
    """6.5: "approved/valid true or pending/valid false (wrong code is not an error); 404/20404 once approved"."""
    start(town)
    code = code_sent(town)
    tried = check(town, wrong(code))
    assert (tried.status, tried.valid) == ("pending", False)
    right = check(town, code)
    assert (right.status, right.valid, right.to) == ("approved", True, CALLER)
    assert refused(lambda: check(town, code)) == (404, 20404)


def test_a_code_may_be_checked_by_the_sid_of_its_verification(town: Town) -> None:
    """6.5: "Code + (To | VerificationSid)"."""
    started = start(town)
    checked = check(town, code_sent(town), verification_sid=started.sid)
    assert (checked.status, checked.sid) == ("approved", started.sid)


def test_a_sid_and_a_number_must_belong_together(town: Town) -> None:
    """6.5: "To | VerificationSid": where both are given neither is ignored."""
    started = start(town)
    start(town, to=OTHER)
    code = code_sent(town)
    assert refused(lambda: check(town, code, verification_sid=started.sid, to=OTHER)) == (404, 20404)
    assert refused(lambda: check(town, code, verification_sid="VE" + "0" * 32, to=CALLER)) == (404, 20404)
    assert check(town, code, verification_sid=started.sid, to=CALLER).valid


def test_what_was_never_started_is_404(town: Town) -> None:
    """6.6: "20404 404 resource not found"."""
    assert refused(lambda: check(town, "123456")) == (404, 20404)
    assert refused(lambda: check(town, "123456", verification_sid="VE" + "0" * 32)) == (404, 20404)
    assert refused(verify(town).verifications("VE" + "0" * 32).fetch) == (404, 20404)


@pytest.mark.parametrize(("seconds", "open_"), [(597, True), (600, False)])
def test_a_code_lives_ten_minutes(town: Town, seconds: int, open_: bool) -> None:
    """6.5: "expired (10 min default TTL)"."""
    started = start(town)
    code = code_sent(town)
    town.sim.advance(seconds)
    if open_:
        assert verify(town).verifications(started.sid).fetch().status == "pending"
        assert check(town, code).valid
    else:
        assert refused(lambda: check(town, code)) == (404, 20404)
        assert refused(verify(town).verifications(started.sid).fetch) == (404, 20404)


def test_sending_again_does_not_make_a_code_live_longer(town: Town) -> None:
    """Verify, code validity: "valid for a default period of 10 minutes once generated"."""
    started = start(town)
    town.sim.advance(590)
    again = start(town)
    code = code_sent(town)
    town.sim.advance(8)
    assert refused(lambda: check(town, code)) == (404, 20404)
    assert again.sid == started.sid
    assert start(town).sid != started.sid


def test_five_checks_are_the_most(town: Town) -> None:
    """6.5: "5 checks (429, 60202 max check attempts)", even with the right code; "404/20404 once [...] exhausted"."""
    started = start(town)
    code = code_sent(town)
    assert [check(town, wrong(code)).status for _ in range(5)] == ["pending"] * 5
    assert refused(lambda: check(town, code)) == (429, 60202)
    assert refused(lambda: check(town, code)) == (404, 20404)
    assert refused(verify(town).verifications(started.sid).fetch) == (404, 20404)


def test_the_fifth_check_may_be_the_right_one(town: Town) -> None:
    """6.5: "5 checks"."""
    start(town)
    code = code_sent(town)
    for _ in range(4):
        check(town, wrong(code))
    assert check(town, code).valid
    assert start(town).status == "pending"


@pytest.mark.parametrize("checks", [5, 6])
def test_after_five_checks_a_new_verification_waits_for_the_end_of_the_old_one(town: Town, checks: int) -> None:
    """Error dictionary 60202: "you will need to wait until the current verification expires (10 minutes)"."""
    first = start(town)
    code = code_sent(town)
    for _ in range(5):
        check(town, wrong(code))
    if checks == 6:
        refused(lambda: check(town, code))
    assert refused(lambda: start(town)) == (429, 60202)
    assert len(texts(town)) == 1
    town.sim.advance(600)
    assert start(town).sid != first.sid


def test_five_sends_in_ten_minutes_are_the_most(town: Town) -> None:
    """6.5: "5 sends per number per 10 min (429, 60203 max send attempts)"."""
    for channel in ("sms", "call", "sms", "sms", "sms"):
        start(town, channel=channel)
    assert refused(lambda: start(town)) == (429, 60203)
    assert refused(lambda: start(town, channel="call")) == (429, 60203)
    assert start(town, to=OTHER).status == "pending"
    assert check(town, code_sent(town)).valid
    assert len(texts(town)) == 4


def test_the_ten_minutes_of_sends_outlast_those_of_a_code(town: Town) -> None:
    """6.5: "5 sends per number per 10 min": those that are younger still count for the next verification."""
    first = start(town)
    town.sim.advance(300)
    for _ in range(4):
        start(town)
    assert refused(lambda: start(town)) == (429, 60203)
    town.sim.advance(300)
    second = start(town)
    assert (second.sid != first.sid, len(second.send_code_attempts)) == (True, 1)
    assert refused(lambda: start(town)) == (429, 60203)
    town.sim.advance(300)
    assert start(town).sid == second.sid


@pytest.mark.parametrize("how", ["checked", "canceled", "approved"])
def test_sends_of_a_verification_that_came_to_its_end_do_not_count(town: Town, how: str) -> None:
    """Error dictionary 60203: "Complete a verification lifecycle", or "approve or cancel the verification"."""
    for _ in range(5):
        started = start(town)
    if how == "checked":
        check(town, code_sent(town))
    else:
        verify(town).verifications(started.sid).update(status=how)
    again = start(town)
    assert (again.sid != started.sid, len(again.send_code_attempts)) == (True, 1)


# Ending by its owner


@pytest.mark.parametrize("by", ["sid", "number"])
@pytest.mark.parametrize("status", ["canceled", "approved"])
def test_a_verification_can_be_ended_by_its_owner(town: Town, status: str, by: str) -> None:
    """6.5: "Update Status=canceled|approved"; a sid or a number is its key."""
    started = start(town)
    code = code_sent(town)
    one = verify(town).verifications(started.sid if by == "sid" else CALLER)
    assert one.fetch().status == "pending"
    ended = one.update(status=status)
    assert (ended.sid, ended.status, ended.valid) == (started.sid, status, status == "approved")
    assert refused(lambda: check(town, code)) == (404, 20404)
    assert refused(one.fetch) == (404, 20404)
    assert refused(lambda: one.update(status=status)) == (404, 20404)


def test_no_other_status_can_be_given(town: Town) -> None:
    """6.5: "Update Status=canceled|approved"."""
    started = start(town)
    assert refused(lambda: verify(town).verifications(started.sid).update(status="expired")) == (400, 60200)


def test_a_new_start_after_the_end_has_a_new_code(town: Town) -> None:
    """6.5: 404 "once approved": the next start is another verification."""
    first = start(town)
    code = code_sent(town)
    check(town, code)
    second = start(town)
    assert second.sid != first.sid
    assert code_sent(town) != code
    assert refused(verify(town).verifications(first.sid).fetch) == (404, 20404)


def test_what_is_over_is_not_kept_for_ever(town: Town) -> None:
    """A simulation may run for long: the newest verification of a number takes the place of the one before."""
    for _ in range(3):
        newest = start(town)
        verify(town).verifications(CALLER).update(status="canceled")
    assert list(town.net.verifications[SERVICE].by_sid) == [newest.sid]


# Requests that are refused


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        ({"To": "3125550199"}, "To"), ({"To": "+1"}, "To"), ({"To": "sam@example.org"}, "To"), ({"To": ""}, "To"),
        ({"Channel": "pigeon"}, "Channel"), ({"Channel": ""}, "Channel"), ({"CustomCode": "123"}, "CustomCode"),
        ({"CustomCode": "12345678901"}, "CustomCode"),
    ],
)  # fmt: skip
def test_bad_parameters_are_60200_and_named(town: Town, bad: dict[str, str], name: str) -> None:
    """6.5: "60200 invalid parameter"; 6.1: the error JSON; error dictionary: it names the parameter alone."""
    reply = post(town, "/Verifications", **{"To": CALLER, "Channel": "sms", **bad})
    more = "https://www.twilio.com/docs/errors/60200"
    assert reply.json() == {"code": 60200, "message": f"Invalid parameter: {name}", "more_info": more, "status": 400}
    assert reply.status_code == 400


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"To": CALLER}, 60200), ({"To": CALLER, "Code": "123"}, 60200), ({"To": CALLER, "Code": "12345678901"}, 60200),
        ({"To": "5550199", "Code": "123456"}, 60200), ({"Code": "123456"}, 60221),
    ],
)  # fmt: skip
def test_a_check_that_cannot_be_made_is_refused_and_does_not_count(
    town: Town, given: dict[str, str], code: int
) -> None:
    """Error dictionary 60200: "Code parameter is not between 4-10 numbers long"; 60221: neither To nor sid."""
    start(town)
    for _ in range(6):
        reply = post(town, "/VerificationCheck", **given)
        assert (reply.status_code, reply.json()["code"]) == (400, code)
    assert check(town, code_sent(town)).valid


@pytest.mark.parametrize(
    "ask",
    [
        lambda one: one.fetch(),
        lambda one: one.verifications.create(to=CALLER, channel="sms"),
        lambda one: one.verification_checks.create(to=CALLER, code="123456"),
        lambda one: one.verifications(CALLER).fetch(),
        lambda one: one.verifications(CALLER).update(status="canceled"),
    ],
)
def test_a_service_nobody_made_is_404(town: Town, ask: Callable[[Any], Any]) -> None:
    """6.6: "20404 404 resource not found"."""
    start(town)
    assert refused(lambda: ask(verify(town, STRANGE))) == (404, 20404)


def test_a_service_knows_no_verification_of_another(town: Town) -> None:
    """6.5: "Services/{VA}/Verifications"."""
    with town.net.entered():
        town.net.add_verify_service(STRANGE)
    started = start(town)
    other = verify(town, STRANGE)
    for key in (started.sid, CALLER):
        assert refused(other.verifications(key).fetch) == (404, 20404)
    code = code_sent(town)
    check_there = other.verification_checks.create
    assert refused(lambda: check_there(verification_sid=started.sid, code=code)) == (404, 20404)


def test_only_the_account_and_its_keys_get_in(town: Town) -> None:
    """6.1: "HTTP Basic (AC:token, or SK:secret)"; 11: "401 without credentials"."""
    data = {"To": CALLER, "Channel": "sms"}
    for auth in (None, (ACCOUNT, "wrong"), ("SK" + "0" * 32, TOKEN)):
        reply = post(town, "/Verifications", auth, **data)
        assert (reply.status_code, reply.json()["code"]) == (401, 20003)
        assert reply.headers["WWW-Authenticate"].startswith("Basic")
    assert texts(town) == []
    with town.net.entered():
        town.net.add_api_key("SK" + "1" * 32, "secret")
    client = Client("SK" + "1" * 32, "secret", ACCOUNT, http_client=Redirecting(town.server.url))
    assert client.verify.v2.services(SERVICE).verifications.create(to=CALLER, channel="sms").status == "pending"
    client.http_client.session.close()


# Services


@pytest.mark.parametrize("length", [4, 10])
def test_services_have_a_code_length_of_their_own(town: Town, length: int) -> None:
    """OAI: CodeLength "between 4 and 10, inclusive"."""
    made = town.twilio.verify.v2.services.create(friendly_name="Sunline", code_length=length)
    made.verifications.create(to=CALLER, channel="sms")
    code = code_sent(town)
    assert (len(code), made.code_length) == (length, length)
    assert made.verification_checks.create(to=CALLER, code=code).valid
    assert made.update(code_length=5).code_length == 5
    assert made.delete()
    assert refused(made.fetch) == (404, 20404)


@pytest.mark.parametrize("bad", [{"code_length": 3}, {"code_length": 11}, {"friendly_name": "x" * 31}])
def test_a_bad_setting_is_60200_and_makes_no_service(town: Town, bad: dict[str, Any]) -> None:
    """6.5: "60200 invalid parameter"; error dictionary: "FriendlyName is too long (max 30 characters)"."""
    services = town.twilio.verify.v2.services
    assert refused(lambda: services.create(**{"friendly_name": "Sunline", **bad})) == (400, 60200)
    assert refused(lambda: verify(town).update(**bad)) == (400, 60200)
    assert [one.sid for one in services.list()] == [SERVICE]
    assert (verify(town).fetch().code_length, verify(town).fetch().friendly_name) == (6, "Sunline")


def test_a_code_of_ones_own_is_for_services_that_have_it_on(town: Town) -> None:
    """OAI: CustomCodeEnabled, CustomCode; error dictionary 60204, HTTP status 403."""
    assert refused(lambda: start(town, custom_code="4711")) == (403, 60204)
    assert verify(town).update(custom_code_enabled=True).custom_code_enabled
    start(town, custom_code="47Eleven11")
    assert code_sent(town) == "47Eleven11"
    assert check(town, "47Eleven11").valid


# Faults


@pytest.mark.parametrize(
    ("fault", "answer"),
    [("rest-busy", (429, 20429)), ("rest-failing=500", (500, 20500)), ("rest-failing", (503, 20503))],
)
def test_a_refused_request_has_no_effect(town: Town, fault: str, answer: tuple[int, int]) -> None:
    """6.1: 429/20429 "never processed"; 6.6: 20500, 20503."""
    town.sim.switch_on(f"{fault} on POST Verification 2 times")
    assert refused(lambda: start(town)) == answer
    assert texts(town) == []
    assert refused(lambda: check(town, "123456")) == answer
    assert len(start(town).send_code_attempts) == 1


def test_a_start_whose_answer_is_lost_has_sent_a_code_and_the_next_sends_the_same(town: Town) -> None:
    """6.1: "a POST that timed out may have succeeded"."""
    town.sim.switch_on("rest-lost-answer on POST /Verifications 1 time")
    with pytest.raises(requests.ConnectionError):
        start(town)
    assert len(start(town).send_code_attempts) == 2
    assert len(set(texts(town))) == 1


def test_a_check_whose_answer_is_lost_has_approved(town: Town) -> None:
    """6.1: "a POST that timed out may have succeeded"; 6.5: "404/20404 once approved"."""
    start(town)
    code = code_sent(town)
    town.sim.switch_on("rest-lost-answer on VerificationCheck 1 time")
    with pytest.raises(requests.ConnectionError):
        check(town, code)
    assert refused(lambda: check(town, code)) == (404, 20404)


def test_a_slow_start_is_answered_by_the_clock_of_the_network(town: Town) -> None:
    """11: "fault injection: [...] slow"."""
    asked = threading.Event()
    with town.net.entered():
        switch_on(town.net, "rest-slow=3600 on POST /Verifications")
        town.net.listeners.append(lambda trace: asked.set() if trace.kind == "rest" else None)
    statuses: list[str] = []
    client = threading.Thread(target=lambda: statuses.append(start(town).status))
    client.start()
    assert asked.wait(GIVE_UP)
    assert statuses == []
    town.sim.advance(3600)
    client.join(GIVE_UP)
    assert statuses == ["pending"]
