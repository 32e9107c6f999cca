"""Twilio Verify: what leaves for it, to which host, and what its answers are taken for."""

from __future__ import annotations

from typing import Any

import pytest

from ivr.twilio.errors import PartyGone, PermanentFailure
from ivr.twilio.rest_api import RestApi, VerificationState, VerifyServiceState, WsgiTransport
from tests.twilio.conftest import ACCOUNT, SECRET, StandIn, answer, refusal

SERVICE, VERIFICATION = "VA" + "7" * 32, "VE" + "8" * 32
AT = f"/v2/Services/{SERVICE}"


def verification(**more: Any) -> dict[str, Any]:
    """A verification as Twilio shows it."""
    return {"sid": VERIFICATION, "service_sid": SERVICE, "status": "pending", "valid": False, **more}


def test_a_start_texts_the_number_and_asks_for_no_judgement_of_risk(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", f"{AT}/Verifications", answer(201, **verification()))
    assert api.start_verification(SERVICE, "+13125550181", "es") == VerificationState(VERIFICATION, approved=False)
    sent = {"To": "+13125550181", "Channel": "sms", "Locale": "es", "RiskCheck": "disable"}
    assert twilio.last.form.to_dict() == sent
    assert "312" not in twilio.last.url


@pytest.mark.parametrize(
    ("told", "approved"),
    [
        ({"status": "approved", "valid": True}, True),
        ({"status": "approved", "valid": False}, False),
        ({"status": "approved", "valid": "true"}, False),
        ({"status": "pending", "valid": True}, False),
        ({}, False),
    ],
)
def test_a_code_is_right_only_where_both_status_and_valid_say_so(
    api: RestApi, twilio: StandIn, told: dict[str, Any], approved: bool
) -> None:
    twilio.on("POST", f"{AT}/VerificationCheck", answer(201, **verification(**told)))
    assert api.check_verification(SERVICE, VERIFICATION, "402179").approved is approved
    assert twilio.last.form.to_dict() == {"VerificationSid": VERIFICATION, "Code": "402179"}
    assert "402179" not in twilio.last.url


def test_a_verification_is_cancelled_by_its_sid(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", f"{AT}/Verifications/{VERIFICATION}", answer(200, **verification(status="canceled")))
    api.cancel_verification(SERVICE, VERIFICATION)
    assert twilio.last.form.to_dict() == {"Status": "canceled"}


def test_how_a_service_is_set(api: RestApi, twilio: StandIn) -> None:
    told = {"sid": SERVICE, "code_length": 8, "do_not_share_warning_enabled": True}
    twilio.on("GET", AT, answer(200, **told))
    assert api.fetch_verify_service(SERVICE) == VerifyServiceState(SERVICE, 8, warns_against_sharing=True)


@pytest.mark.parametrize(
    ("then", "kind"),
    [
        (refusal(404, 20404), PartyGone),
        (refusal(429, 60202), PermanentFailure),
        (refusal(429, 60203), PermanentFailure),
        (refusal(403, 60410), PermanentFailure),
    ],
)
def test_a_refusal_quotes_nothing(api: RestApi, twilio: StandIn, then: Any, kind: type[Exception]) -> None:
    twilio.on("POST", f"{AT}/Verifications", then)
    with pytest.raises(kind) as refused:
        api.start_verification(SERVICE, "+13125550181", "en")
    assert "+1312" not in str(refused.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda api: api.start_verification("VA1/../x", "+13125550181", "en"),
        lambda api: api.check_verification(SERVICE, "VE1", "402179"),
        lambda api: api.cancel_verification(SERVICE, VERIFICATION + "/x"),
    ],
)
def test_a_malformed_identifier_never_leaves(api: RestApi, twilio: StandIn, ask: Any) -> None:
    with pytest.raises(PermanentFailure):
        ask(api)
    assert twilio.asked == []


def test_verify_is_asked_at_its_own_host_and_a_stand_in_stands_in_for_it(twilio: StandIn) -> None:
    twilio.on("GET", AT, answer(200, sid=SERVICE, code_length=6))
    RestApi(ACCOUNT, (ACCOUNT, SECRET), WsgiTransport(twilio)).fetch_verify_service(SERVICE)
    here = RestApi(ACCOUNT, (ACCOUNT, SECRET), WsgiTransport(twilio), base_url="http://127.0.0.1:9000")
    here.fetch_verify_service(SERVICE)
    assert [request.host for request in twilio.asked] == ["verify.twilio.com", "127.0.0.1:9000"]
