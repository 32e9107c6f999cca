"""Section 6.1, conventions of the REST API. Each test quotes the rule it pins."""

import re
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from phonesim import switch_on
from tests.simulator.contract.rooms import refused
from tests.simulator.stage import ACCOUNT, BASE, OURS, START, TOKEN, Stage, as_json

DOCTOR = "+13125550181"
ORDER = {"To": DOCTOR, "From": OURS, "Url": f"{BASE}/out"}
KEY = ("SK" + "1" * 32, "secret")


@pytest.mark.parametrize(
    "auth", [None, (ACCOUNT, "wrong"), (ACCOUNT, ""), ("SK" + "0" * 32, "x"), (KEY[0], TOKEN), ("", "")]
)
def test_requests_without_valid_credentials_are_401(stage: Stage, auth: tuple[str, str] | None) -> None:
    """6.1: "HTTP Basic (AC:token, or SK:secret)"; 6.6: "20003 401 authentication/permission"."""
    stage.net.add_api_key(*KEY)
    reply = stage.rest("GET", "/Calls.json", auth=auth)
    assert (reply.status_code, as_json(reply)["code"]) == (401, 20003)
    assert reply.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("auth", [(ACCOUNT, TOKEN), KEY])
def test_the_account_and_its_api_keys_may_ask(stage: Stage, auth: tuple[str, str]) -> None:
    """6.1: "HTTP Basic (AC:token, or SK:secret)"."""
    stage.net.add_api_key(*KEY)
    assert stage.rest("GET", "/Calls.json", auth=auth).status_code == 200


def test_another_account_is_not_found(stage: Stage) -> None:
    """6.1: "Base .../Accounts/{AC}": the credentials' own account only."""
    reply = stage.twilio.http_client.client.open(f"/2010-04-01/Accounts/AC{'f' * 32}/Calls.json", auth=(ACCOUNT, TOKEN))
    assert (reply.status_code, as_json(reply)["code"]) == (404, 20404)


def test_keys_are_made_used_and_revoked_over_rest(stage: Stage) -> None:
    """OAI: Keys; only the answer to create tells the secret."""
    made = as_json(stage.rest("POST", "/Keys.json", {"FriendlyName": "worker"}))
    auth = (made["sid"], made["secret"])
    assert "secret" not in as_json(stage.rest("GET", f"/Keys/{made['sid']}.json", auth=auth))
    assert [one.friendly_name for one in stage.twilio.keys.list()] == ["worker"]
    assert stage.rest("DELETE", f"/Keys/{made['sid']}.json").status_code == 204
    assert stage.rest("GET", "/Calls.json", auth=auth).status_code == 401


def test_the_account_can_be_fetched_and_does_not_tell_its_token(stage: Stage) -> None:
    """OAI: Accounts/{Sid}.json."""
    reply = stage.twilio.api.accounts(ACCOUNT).fetch()
    assert (reply.status, reply.auth_token) == ("active", None)


def test_verified_numbers_are_listed(stage: Stage) -> None:
    """OAI: OutgoingCallerIds."""
    stage.net.verify_caller_id("+13125550777")
    assert [one.phone_number for one in stage.twilio.outgoing_caller_ids.list()] == ["+13125550777"]
    assert stage.twilio.outgoing_caller_ids.list(phone_number="+13125550778") == []


def test_errors_have_their_four_fields(stage: Stage) -> None:
    """6.1: "Errors: {code, message, more_info, status}"."""
    path = f"/Calls/CA{'0' * 32}.json"
    assert as_json(stage.rest("GET", path)) == {
        "code": 20404,
        "message": f"The requested resource /2010-04-01/Accounts/{ACCOUNT}{path} was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_the_error_of_a_late_redirect_is_word_for_word(stage: Stage) -> None:
    """6.1: "Call is not in-progress. Cannot redirect."."""
    line = stage.call("<Hangup/>")
    body = as_json(stage.rest("POST", f"/Calls/{line.call_sid}.json", {"Url": f"{BASE}/x"}))
    assert body == {
        "code": 21220, "message": "Call is not in-progress. Cannot redirect.",
        "more_info": "https://www.twilio.com/docs/errors/21220", "status": 400,
    }  # fmt: skip


def test_create_is_201_fetch_and_update_200_and_delete_204(stage: Stage) -> None:
    """6.1: "DELETE -> 204; create 201, update/fetch 200"."""
    created = stage.rest("POST", "/Queues.json", {"FriendlyName": "triage"})
    path = f"/Queues/{as_json(created)['sid']}.json"
    assert created.status_code == 201
    assert stage.rest("GET", path).status_code == 200
    assert stage.rest("POST", path, {"MaxSize": "7"}).status_code == 200
    deleted = stage.rest("DELETE", path)
    assert (deleted.status_code, deleted.get_data()) == (204, b"")


def test_numbers_in_a_call_are_strings(stage: Stage) -> None:
    """6.1: "Numbers in Call JSON are strings ("duration":"15", "queue_time":"1000" ms, price string or null)"."""
    stage.phone(DOCTOR, "answer")
    first, second = (as_json(stage.rest("POST", "/Calls.json", ORDER)) for _ in range(2))
    assert (first["queue_time"], second["queue_time"], first["duration"], first["price"]) == ("0", "1000", None, None)
    stage.page("/out", "<Pause length='15'/>")
    stage.net.advance(60)
    assert as_json(stage.rest("GET", f"/Calls/{first['sid']}.json"))["duration"] == "15"


def test_dates_are_rfc_2822_in_gmt(stage: Stage) -> None:
    """0: "Dates in v2010 webhooks and JSON are RFC 2822 in GMT, e.g. Fri, 20 Aug 2010 01:13:42 +0000"."""
    body = as_json(stage.rest("POST", "/Calls.json", ORDER))
    assert body["date_created"] == "Sun, 01 Nov 2026 06:30:00 +0000"
    assert parsedate_to_datetime(body["date_updated"]) == START
    assert (body["status"], body["direction"], body["to_formatted"]) == ("queued", "outbound-api", "(312) 555-0181")
    assert re.fullmatch("CA[0-9a-f]{32}", body["sid"])


def test_array_parameters_are_repeated_keys(stage: Stage) -> None:
    """6.1: "array parameters = repeated keys"."""
    stage.phone(DOCTOR, "answer")
    stage.page("/out", "<Hangup/>")
    how = {"StatusCallback": f"{BASE}/p", "StatusCallbackEvent": ["ringing", "answered"]}
    stage.rest("POST", "/Calls.json", {**ORDER, **how})
    stage.net.advance(20)
    assert [seen["CallStatus"] for seen in stage.at("/p")] == ["ringing", "in-progress"]


def test_unknown_parameters_are_ignored(stage: Stage) -> None:
    """6.1: form-encoded POST; what a resource does not know does no harm."""
    assert stage.rest("POST", "/Calls.json", {**ORDER, "Colour": "blue"}).status_code == 201


@pytest.mark.parametrize(
    ("change", "why"),
    [({"Record": "yes"}, "true or false"), ({"Timeout": "soon"}, "whole number"), ({"Method": "PUT"}, "GET or POST")],
)
def test_values_of_the_wrong_kind_are_refused(stage: Stage, change: dict[str, str], why: str) -> None:
    """6.1: "Booleans true/false"."""
    reply = stage.rest("POST", "/Calls.json", {**ORDER, **change})
    assert reply.status_code == 400
    assert why in as_json(reply)["message"]


def walk(stage: Stage, path: str, key: str) -> list[dict[str, Any]]:
    """Every item, page by page along next_page_uri."""
    found: list[dict[str, Any]] = []
    while path:
        body = as_json(stage.rest("GET", path))
        found += body[key]
        path = (body["next_page_uri"] or "").removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}")
    return found


def test_lists_come_in_pages_that_lead_to_each_other(stage: Stage) -> None:
    """6.1: "PageSize 50 default, 1000 max, then Page/PageToken via next_page_uri"."""
    for number in range(120):
        stage.call_out(f"+1312555{number:04}")
    first = as_json(stage.rest("GET", "/Calls.json"))
    assert (first["page"], first["page_size"], first["start"], first["end"], len(first["calls"])) == (0, 50, 0, 49, 50)
    assert (first["previous_page_uri"], first["uri"]) == (None, first["first_page_uri"])
    second = as_json(stage.rest("GET", first["next_page_uri"].removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}")))
    assert (second["start"], second["end"], bool(second["previous_page_uri"])) == (50, 99, True)
    assert as_json(stage.rest("GET", "/Calls.json?PageSize=5000"))["page_size"] == 1000
    assert len({call["sid"] for call in walk(stage, "/Calls.json?PageSize=7", "calls")}) == 120
    assert len(stage.twilio.calls.list(page_size=11)) == 120


def test_pages_keep_the_filters(stage: Stage) -> None:
    """6.1: next_page_uri goes on with the same list."""
    for _ in range(5):
        stage.call_out(DOCTOR)
        stage.call_out("+13125550182")
    found = walk(stage, f"/Calls.json?PageSize=2&To=%2B{DOCTOR[1:]}", "calls")
    assert [call["to"] for call in found] == [DOCTOR] * 5


def test_an_empty_list_has_its_shape_too(stage: Stage) -> None:
    """6.1: "{<plural>:[...], page, page_size, start, end, uri, ..."."""
    body = as_json(stage.rest("GET", "/Messages.json"))
    assert (body["messages"], body["next_page_uri"], body["start"], body["end"]) == ([], None, 0, 0)


def test_lists_of_the_newer_services_carry_meta(stage: Stage) -> None:
    """6.1: "v1/v2 lists carry meta{page,page_size,first_page_url,next_page_url,previous_page_url,url,key}"."""
    services = stage.twilio.verify.v2.services
    for name in ("one", "two", "three"):
        services.create(friendly_name=name)
    reply = stage.twilio.http_client.client.open("/v2/Services?PageSize=2", auth=(ACCOUNT, TOKEN))
    body = as_json(reply)
    assert len(body["services"]) == 2
    assert body["meta"].keys() == {
        "page", "page_size", "first_page_url", "next_page_url", "previous_page_url", "url", "key",
    }  # fmt: skip
    assert [one.friendly_name for one in services.list(page_size=2)] == ["one", "two", "three"]


def test_a_post_that_timed_out_may_have_succeeded(stage: Stage) -> None:
    """6.1: "a POST that timed out may have succeeded"; "reconcile by listing calls"."""
    switch_on(stage.net, "rest-lost-answer on POST /Calls 1 time")
    with pytest.raises(TimeoutError):
        stage.rest("POST", "/Calls.json", ORDER)
    assert [call.to for call in stage.twilio.calls.list(to=DOCTOR)] == [DOCTOR]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("rest-busy", 429, 20429), ("rest-failing=500", 500, 20500), ("rest-failing=503", 503, 20503)],
)
def test_a_busy_or_failing_platform_did_nothing(stage: Stage, fault: str, status: int, code: int) -> None:
    """6.1: "429/20429: never processed, always safe to retry"; 6.6: "20500 / 20503 500 / 503 server side"."""
    switch_on(stage.net, f"{fault} 1 time")
    assert refused(lambda: stage.call_out(DOCTOR)) == (status, code)
    assert stage.twilio.calls.list() == []


def test_alerts_of_the_debugger_can_be_listed_and_fetched(stage: Stage) -> None:
    """1.4 and Monitor v1: Alerts, newest first, by level."""
    stage.call("<Say/>")
    stage.rest("POST", "/Calls.json", {**ORDER, "StatusCallback": f"{BASE}/p", "StatusCallbackEvent": "a b"})
    alerts = stage.twilio.monitor.v1.alerts
    assert [(one.error_code, one.log_level) for one in alerts.list()] == [("21626", "error"), ("13520", "warning")]
    (warning,) = alerts.list(log_level="warning")
    assert alerts(warning.sid).fetch().resource_sid.startswith("CA")
    assert refused(alerts("NO" + "0" * 32).fetch) == (404, 20404)
