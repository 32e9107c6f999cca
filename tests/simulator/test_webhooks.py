"""Webhook transport: requests, redirects, retries, failures and fallback (Twilio: TwiML, Connection overrides)."""

import pytest

from phonesim import Faults
from phonesim.web.applications import environ
from phonesim.web.messages import Request
from phonesim.web.overrides import read_overrides
from tests.simulator.stage import BASE, OURS, Page, Stage, heard

APOLOGY = "We are sorry, an application error has occurred. Goodbye."


def test_a_post_carries_the_parameters_as_a_form(stage: Stage) -> None:
    stage.call("<Hangup/>")
    seen = stage.one("/voice")
    assert seen.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert seen.headers["User-Agent"] == "TwilioProxy/1.1"
    assert "?" not in seen.url


def test_cookies_of_a_call_are_sent_back_and_never_shared_with_another_call(stage: Stage) -> None:
    stage.page("/next", "<Hangup/>")
    first = Page("<Response><Redirect>/next</Redirect></Response>", headers={"Set-Cookie": "step=one; Path=/"})
    stage.page("/voice", first)
    for who in ("+13125550198", "+13125550199"):
        stage.net.phone(who).dial(OURS)
    stage.net.run_due()
    assert [seen.headers.get("Cookie") for seen in stage.at("/next")] == ["step=one", "step=one"]
    assert all("Cookie" not in seen.headers for seen in stage.at("/voice"))


@pytest.mark.parametrize("status", [301, 302])
def test_a_moved_answer_turns_the_post_into_a_get_and_loses_the_form(stage: Stage, status: int) -> None:
    stage.page("/voice", Page(status=status, headers={"Location": "/moved"}))
    stage.page("/moved", "<Hangup/>")
    stage.net.phone("+13125550199").dial(OURS)
    stage.net.run_due()
    seen = stage.one("/moved")
    assert seen.method == "GET"
    assert "CallSid" not in seen.params


def test_ten_redirects_are_followed_and_the_eleventh_is_11215(stage: Stage) -> None:
    stage.page("/voice", Page(status=302, headers={"Location": "/voice"}))
    stage.net.phone("+13125550199").dial(OURS)
    stage.net.run_due()
    assert len(stage.at("/voice")) == 11
    assert 11215 in stage.codes()


def test_a_refused_connection_is_tried_twice_with_the_same_idempotency_token() -> None:
    stage = Stage()
    tokens = refuse(stage, times=2)
    stage.page("/fallback", "<Hangup/>")
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.run_due()
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert stage.one("/fallback")["ErrorUrl"] == f"{BASE}/voice"
    assert line.state == "completed"


def refuse(stage: Stage, times: int) -> list[str]:
    """Let the next connections fail; the tokens that were tried."""
    from phonesim.web.messages import ConnectFailure

    tokens: list[str] = []
    application = stage.net.web.applications[0]
    real = application.send

    def send(request: Request) -> object:
        if len(tokens) < times:
            tokens.append(request.headers["I-Twilio-Idempotency-Token"])
            raise ConnectFailure(11205, "connection refused")
        return real(request)

    application.send = send  # type: ignore[method-assign,assignment]
    return tokens


def test_a_second_try_that_connects_needs_no_fallback(stage: Stage) -> None:
    tokens = refuse(stage, times=1)
    line = stage.call("<Say>welcome to the line</Say>")
    assert len(tokens) == 1
    assert heard(line) == ["welcome to the line"]
    assert stage.codes() == []


def test_an_error_status_is_not_retried_by_default(stage: Stage) -> None:
    stage.page("/voice", Page(status=500))
    stage.page("/fallback", "<Hangup/>")
    stage.net.phone("+13125550199").dial(OURS)
    stage.net.run_due()
    assert stage.paths()[:2] == ["/voice", "/fallback"]


def test_an_override_lets_server_errors_be_retried(stage: Stage) -> None:
    stage.page("/next", Page(status=503), Page(status=503), "<Say>there at last</Say>")
    line = stage.call("<Redirect>/next#rc=3&amp;rp=5xx</Redirect>")
    assert len(stage.at("/next")) == 3
    assert heard(line) == ["there at last"]


def test_overrides_out_of_range_keep_their_defaults() -> None:
    url, overrides = read_overrides("https://h.example/p?q=1#rc=9&rt=99999&ct=200&rp=ct,rt")
    assert url == "https://h.example/p?q=1"
    assert (overrides.retries, overrides.read, overrides.connect) == (1, 15.0, 0.2)
    assert overrides.retry_on("rt")
    assert not overrides.retry_on("5xx")


def test_a_webhook_slower_than_15_seconds_falls_to_the_fallback_with_11205() -> None:
    stage = Stage(faults=Faults(webhook_latency=20))
    stage.page("/fallback", "<Hangup/>")
    line = stage.call("<Say>too late</Say>")
    stage.net.advance(15)
    assert stage.one("/fallback")["ErrorCode"] == "11205"
    assert (stage.at("/fallback")[0].at - stage.at("/voice")[0].at).total_seconds() == 15
    assert heard(line) == []


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Page(status=404), 11200),
        (Page(status=500), 11200),
        (Page(status=429), 11200),
        (Page("<Response/>", content_type=None), 12300),
        (Page("{}", content_type="application/json"), 12300),
        (Page("<Response><Say>unfinished"), 12100),
        (Page("<Other/>"), 12100),
        (Page('<Response version="2.0"/>'), 12101),
        (Page(f"<Response><Say>{'x' * 65536}</Say></Response>"), 11750),
    ],
)
def test_an_unusable_answer_asks_the_fallback_with_its_code(stage: Stage, page: Page, code: int) -> None:
    stage.page("/voice", page)
    stage.page("/fallback", "<Say>a person will take your call</Say>")
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.run_due()
    seen = stage.one("/fallback")
    assert (seen["ErrorCode"], seen["ErrorUrl"]) == (str(code), f"{BASE}/voice")
    assert seen["CallSid"] == line.call_sid
    assert heard(line) == ["a person will take your call"]


def test_without_a_working_fallback_the_caller_hears_an_application_error_and_the_call_ends(stage: Stage) -> None:
    stage.page("/voice", Page(status=500))
    stage.page("/fallback", Page(status=500))
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.advance(10)
    assert heard(line) == [APOLOGY]
    assert line.state == "completed"


def test_an_underscore_in_a_host_name_is_refused(stage: Stage) -> None:
    stage.call("<Redirect>https://my_host.example/x</Redirect>")
    assert stage.codes()[0] == 11100


def test_schema_problems_are_warnings_and_the_call_goes_on(stage: Stage) -> None:
    line = stage.call("<say>lower case</say><Shout/><Say>still here</Say><Number>+13125550181</Number>")
    assert heard(line) == ["still here"]
    assert stage.codes() == [12200, 12200, 12200]


@pytest.mark.parametrize("media", ["text/xml", "application/xml", "text/html", "text/xml; charset=utf-8"])
def test_xml_types_are_parsed_as_twiml(stage: Stage, media: str) -> None:
    stage.page("/voice", Page("<Response><Say>hello there</Say></Response>", content_type=media))
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.run_due()
    assert heard(line) == ["hello there"]


def test_an_audio_answer_is_played_then_the_call_ends(stage: Stage) -> None:
    stage.page("/voice", Page(b"ID3", content_type="audio/mpeg"))
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.advance(3)
    assert [sound.kind for sound in line.heard] == ["ring", "play"]
    assert line.state == "completed"


def test_plain_text_that_is_no_twiml_is_read_aloud_then_the_call_ends(stage: Stage) -> None:
    stage.page("/voice", Page("We are closed today", content_type="text/plain"))
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.advance(5)
    assert heard(line) == ["We are closed today"]
    assert line.state == "completed"


def test_plain_text_that_is_twiml_is_performed(stage: Stage) -> None:
    stage.page("/voice", Page("<Response><Say>by the book</Say></Response>", content_type="text/plain"))
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.run_due()
    assert heard(line) == ["by the book"]


def test_an_empty_200_to_a_status_callback_only_leaves_12300_in_the_debugger(stage: Stage) -> None:
    stage.page("/status", Page("", content_type=None))
    stage.call("<Hangup/>")
    stage.net.advance(1)
    assert stage.codes() == [12300]


def test_a_failing_status_callback_never_influences_the_call(stage: Stage) -> None:
    stage.page("/status", Page(status=500))
    line = stage.call("<Say>all is well</Say>")
    stage.net.advance(5)
    assert line.state == "completed"
    assert heard(line) == ["all is well"]
    assert stage.codes() == [15003]


def test_credentials_in_a_webhook_url_arrive_as_basic_authorization(stage: Stage) -> None:
    stage.page("/guarded", "<Hangup/>")
    stage.call("<Redirect>https://ann:s3cret@sunline.example/guarded</Redirect>")
    assert stage.one("/guarded").headers["Authorization"] == "Basic YW5uOnMzY3JldA=="


def test_relative_urls_resolve_against_the_document_they_stand_in(stage: Stage) -> None:
    stage.page("/a/b/first", "<Redirect>second</Redirect>")
    stage.page("/a/b/second", "<Hangup/>")
    stage.call("<Redirect>/a/b/first</Redirect>")
    assert stage.paths()[:3] == ["/voice", "/a/b/first", "/a/b/second"]


def test_a_document_that_leads_to_itself_forever_does_not_stop_time(stage: Stage) -> None:
    line = stage.call("<Redirect>/voice</Redirect>")
    stage.net.advance(5)
    assert line.state == "ringing"
    assert stage.elapsed() == 5


def test_the_query_string_and_path_reach_the_application_exactly_as_written() -> None:
    built = environ(Request("GET", "https://h.example/a%20b/c?x=%2B1&y=", {}))
    assert (built["RAW_URI"], built["QUERY_STRING"]) == ("/a%20b/c?x=%2B1&y=", "x=%2B1&y=")
    assert built["PATH_INFO"] == "/a b/c"
