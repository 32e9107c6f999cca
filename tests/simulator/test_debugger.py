"""The debugger: alerts in the log and by webhook, and the request inspector (Twilio: Debugger)."""

import json
import logging
from collections.abc import Iterator

import pytest
from twilio.request_validator import RequestValidator

from phonesim import Options
from tests.simulator.stage import ACCOUNT, BASE, OURS, TOKEN, Page, Stage
from tests.simulator.town import STILL, Town

CALLER = "+13125550199"


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town(STILL)
    yield town
    town.close()


def test_an_alert_says_what_where_and_how_bad(stage: Stage) -> None:
    line = stage.incoming(Page("<Response>\n\n<Say>unfinished"))
    (alert,) = stage.net.alerts
    assert (alert.code, alert.level, alert.title, alert.line) == (12100, "error", "Document parse failure", 3)
    assert (alert.call_sid, alert.url, alert.method, alert.status) == (line.call_sid, f"{BASE}/voice", "POST", 200)
    assert alert.help == "https://www.twilio.com/docs/api/errors/12100"
    assert alert.more_info["line"] == "3"
    assert alert.more_info["httpResponse"] == "200"
    assert alert.sid.startswith("NO")
    trace = next(entry for entry in stage.net.trace if entry.kind == "alert")
    assert (trace.detail["level"], trace.detail["code"]) == ("error", 12100)


@pytest.mark.parametrize(
    "verb",
    [
        "<Say></Say>", "<Play>/none.mp3</Play>", "<Enqueue>" + "q" * 65 + "</Enqueue>",
        "<Dial><Conference coach='CA1'>room</Conference></Dial>",
        "<Start><Recording recordingStatusCallback='/rec'/></Start>",
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_verb_is_said_with_its_line(stage: Stage, verb: str) -> None:
    stage.call(f"<Pause/>\n\n{verb}")
    stage.net.advance(2)
    assert [alert.line for alert in stage.net.alerts] == [3]


def test_alerts_go_to_the_log_by_level_and_name_no_person(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.page("/gone", Page(status=404))
    with caplog.at_level(logging.WARNING, "phonesim"):
        stage.call('<Shout>Ann Lee</Shout><Redirect method="GET">/gone?name=Ann+Lee</Redirect>')
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    assert caplog.messages[1].startswith("11200 HTTP retrieval failure: CA")
    assert caplog.messages[1].endswith(" /gone")
    assert "Ann" not in caplog.text


def test_the_debugger_webhook_tells_of_each_alert(stage: Stage) -> None:
    stage.net.debugger.url = f"{BASE}/debugger"
    line = stage.incoming(Page("Oops", status=500))
    seen = stage.at("/debugger")[0]
    assert (seen["AccountSid"], seen["Level"], seen["PayloadType"]) == (ACCOUNT, "Error", "application/json")
    assert (seen["Sid"], seen["Timestamp"]) == (stage.net.alerts[0].sid, "2026-11-01T06:30:00Z")
    payload = json.loads(seen["Payload"])
    assert (payload["resource_sid"], payload["error_code"]) == (line.call_sid, "11200")
    assert payload["more_info"]["url"] == f"{BASE}/voice"
    asked_for = payload["webhook"]["request"]
    assert (asked_for["url"], asked_for["method"]) == (f"{BASE}/voice", "POST")
    assert asked_for["parameters"]["From"] == CALLER
    assert payload["webhook"]["response"]["status_code"] == 500
    assert payload["webhook"]["response"]["body"] == "Oops"
    assert RequestValidator(TOKEN).validate(seen.url, seen.params, seen.headers["X-Twilio-Signature"])


def test_an_alert_without_an_answer_says_what_failed(stage: Stage) -> None:
    stage.net.debugger.url = f"{BASE}/debugger"
    stage.refuse(times=2)
    stage.call("")
    response = json.loads(stage.at("/debugger")[0]["Payload"])["webhook"]["response"]
    assert (response["status_code"], response["error"]) == (None, "11205: connection refused")


def test_a_failing_debugger_webhook_raises_no_alert_of_its_own(stage: Stage) -> None:
    stage.net.debugger.url = f"{BASE}/debugger"
    stage.page("/debugger", Page(status=500))
    stage.call("<Shout/>")
    assert stage.codes() == [12200]
    assert len(stage.at("/debugger")) == 1


def test_debugger_identifiers_do_not_change_those_of_calls() -> None:
    calm, troubled = Stage(), Stage()
    troubled.call("<Shout/><Hangup/>", CALLER)
    calm.call("<Hangup/>", CALLER)
    sids = [stage.call("<Hangup/>").call_sid for stage in (calm, troubled)]
    assert sids[0] == sids[1]


def test_the_inspector_keeps_the_newest_requests_with_their_answers() -> None:
    stage = Stage(Options(requests_kept=2))
    stage.page("/next", "<Hangup/>")
    line = stage.call("<Redirect>/next</Redirect>")
    kept = stage.net.debugger.about(line.call_sid)
    assert [exchange.hook.url for exchange in kept] == [f"{BASE}/next", f"{BASE}/status"]
    assert stage.net.debugger.about("CA" + "0" * 32) == []


def test_the_control_api_shows_alerts_and_requests(town: Town) -> None:
    town.office.pages = {"/voice": "<Say>hello</Say><Redirect>/menu</Redirect>", "/menu": Page(status=404)}
    call = town.sim.dial(CALLER, OURS)["call_sid"]
    town.sim.advance(10)
    shown = town.sim.alerts()
    (alert,) = shown["alerts"]
    assert (alert["code"], alert["level"], alert["status"], alert["call_sid"]) == (11200, "error", 404, call)
    assert town.sim.alerts(shown["next"])["alerts"] == []
    first, second = town.sim.requests(call)["requests"]
    assert (first["request"]["url"], first["kind"]) == (f"{town.base}/voice", "instructions")
    assert "<Say>hello" in first["response"]["body"]
    assert second["request"]["parameters"]["CallStatus"] == "in-progress"


def test_a_browser_dials_an_app_through_the_control_api(town: Town) -> None:
    with town.net.entered():
        app = town.net.add_app(f"{town.base}/voice")
    town.office.pages = {"/voice": "<Hangup/>"}
    town.sim.dial("client:ana", app.sid, parameters={"Chart": "7"})
    town.sim.advance(1)
    assert town.office.seen[0]["Chart"] == "7"
