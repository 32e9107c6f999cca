"""What comes of a refusal, a lost answer and unsafe settings, over HTTP and over WSGI."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from werkzeug.wrappers import Response

from ivr.twilio.errors import Misconfigured, PartyGone, PermanentFailure, TemporaryFailure, TwilioError
from ivr.twilio.rest_api import NetworkTransport, RestApi, WsgiTransport
from tests.twilio.conftest import (
    ACCOUNT,
    CALL,
    CONFERENCE,
    RECORDING,
    SECRET,
    STEP,
    StandIn,
    answer,
    call,
    dial,
    refusal,
)


@pytest.mark.parametrize(
    ("then", "kind"),
    [
        (refusal(400, 21220), PartyGone),
        (refusal(404, 20404), PartyGone),
        (refusal(400, 21211), PermanentFailure),
        (refusal(401, 20003), Misconfigured),
        (refusal(503, 20503), TemporaryFailure),
        (lambda _request: Response("<html>+13125550199", 502), TemporaryFailure),
        (lambda _request: Response("[]", 400), PermanentFailure),
        (lambda _request: Response("", 302, {"Location": "https://evil.example"}), PermanentFailure),
    ],
)
def test_a_refusal_becomes_an_error_of_ours_that_quotes_nothing(
    api: RestApi, twilio: StandIn, then: Any, kind: type[TwilioError]
) -> None:
    twilio.on("POST", f"/Calls/{CALL}.json", then)
    with pytest.raises(TwilioError) as refused:
        api.redirect_call(CALL, STEP)
    assert type(refused.value) is kind
    assert "+1312" not in str(refused.value)
    assert len(twilio.asked) == 1, "nothing is retried here"


def test_too_many_requests_never_happened_and_say_when_to_return(api: RestApi, twilio: StandIn) -> None:
    twilio.on("POST", "/Calls.json", refusal(429, 20429, **{"Retry-After": "3"}))
    with pytest.raises(TemporaryFailure) as refused:
        dial(api)
    assert refused.value.retry_after == 3
    assert not refused.value.may_have_happened


@pytest.mark.parametrize("text", ["", "null", "[]", "<Response/>", '{"sid": '])
def test_an_unreadable_success_may_have_happened(api: RestApi, twilio: StandIn, text: str) -> None:
    twilio.on("POST", "/Calls.json", lambda _request: Response(text, 201))
    with pytest.raises(TemporaryFailure, match="unreadable") as refused:
        dial(api)
    assert refused.value.may_have_happened


def test_a_list_that_fails_is_the_same_kind_of_error(api: RestApi, twilio: StandIn) -> None:
    twilio.on("GET", "/Calls.json", refusal(500, 20500))
    with pytest.raises(TemporaryFailure) as refused:
        api.list_calls()
    assert not refused.value.may_have_happened


@pytest.mark.parametrize(
    "sid", ["", "CA1", CALL + "/Recordings", "../" + CALL, CALL[:-1] + "G", RECORDING, CALL + "\n"]
)
def test_a_malformed_sid_never_leaves(api: RestApi, twilio: StandIn, sid: str) -> None:
    for act in (api.fetch_call, api.end_call, api.list_recordings, lambda bad: api.kick_participant(CONFERENCE, bad)):
        with pytest.raises(PermanentFailure, match="malformed CA sid"):
            act(sid)
    assert twilio.asked == []


def test_wrong_credentials_name_the_setting(twilio: StandIn) -> None:
    api = RestApi(ACCOUNT, (ACCOUNT, "wrong"), WsgiTransport(twilio))
    with pytest.raises(Misconfigured, match="TWILIO_ACCOUNT_SID"):
        api.fetch_call(CALL)


@pytest.mark.parametrize(
    "arguments",
    [
        {"account_sid": "AC1"},
        {"credentials": (ACCOUNT, "")},
        {"credentials": ("", SECRET)},
        {"base_url": "http://api.example"},
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": "https://api.twilio.com@evil.example"},
        {"base_url": "https://evil.example/?x="},
        {"base_url": "api.twilio.com"},
    ],
)
def test_settings_that_cannot_work_or_are_not_safe_stop_the_start(twilio: StandIn, arguments: dict[str, Any]) -> None:
    good = {"account_sid": ACCOUNT, "credentials": (ACCOUNT, SECRET), "transport": WsgiTransport(twilio)}
    with pytest.raises(Misconfigured):
        RestApi(**{**good, **arguments})


def test_the_environment_of_the_process_does_not_move_the_host(
    twilio: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    twilio.on("GET", f"/Calls/{CALL}.json", answer(200, **call()))
    RestApi(ACCOUNT, (ACCOUNT, SECRET), WsgiTransport(twilio)).fetch_call(CALL)
    assert twilio.last.host == "api.twilio.com"


def test_a_next_page_at_another_place_keeps_to_our_host(api: RestApi, twilio: StandIn) -> None:
    twilio.on("GET", "/Calls.json", answer(200, calls=[call()], next_page_uri="https://evil.example/steal", page=0))
    with pytest.raises(TwilioError):
        api.list_calls()
    assert all(request.host.split(":")[0] in ("api.twilio.com", "127.0.0.1") for request in twilio.asked)


def test_a_password_file_of_the_user_does_not_replace_our_credentials(
    twilio: StandIn, address: str, session: requests.Session, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    twilio.on("GET", f"/Calls/{CALL}.json", answer(200, **call()))
    api = RestApi(ACCOUNT, (ACCOUNT, SECRET), NetworkTransport(session), base_url=address)
    assert api.fetch_call(CALL).sid == CALL


def local_api(session: requests.Session, port: int) -> RestApi:
    address = f"http://127.0.0.1:{port}"
    return RestApi(ACCOUNT, (ACCOUNT, SECRET), NetworkTransport(session), base_url=address)


def test_a_refused_connection_certainly_did_nothing(session: requests.Session) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with pytest.raises(TemporaryFailure) as lost:
            dial(local_api(session, reserved.getsockname()[1]))
    assert not lost.value.may_have_happened


@pytest.fixture
def rude_server() -> Iterator[int]:
    """Reads a request, then hangs up without a word, once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_connection_lost_after_asking_may_have_done_it(session: requests.Session, rude_server: int) -> None:
    with pytest.raises(TemporaryFailure) as lost:
        dial(local_api(session, rude_server))
    assert lost.value.may_have_happened
    assert "+1312" not in str(lost.value)


@pytest.mark.parametrize("trouble", [TimeoutError, ConnectionResetError])
def test_a_stepped_run_that_loses_the_answer_may_have_done_it(trouble: type[Exception]) -> None:
    def lose(_environ: dict[str, Any], _start: Any) -> list[bytes]:
        raise trouble

    with pytest.raises(TemporaryFailure) as lost:
        dial(RestApi(ACCOUNT, (ACCOUNT, SECRET), WsgiTransport(lose)))
    assert lost.value.may_have_happened


def test_a_connection_waits_two_seconds_and_an_answer_five() -> None:
    class Asked(requests.Session):
        def request(self, *arguments: Any, **options: Any) -> Any:
            self.options = options
            raise requests.ConnectTimeout

    session = Asked()
    with session, pytest.raises(TemporaryFailure) as lost:
        dial(RestApi(ACCOUNT, (ACCOUNT, SECRET), NetworkTransport(session)))
    assert session.options["timeout"] == (2.0, 5.0)
    assert session.options["allow_redirects"] is False
    assert not lost.value.may_have_happened


def test_the_library_logs_nothing_of_what_was_asked(
    api: RestApi, twilio: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    twilio.on("GET", "/Calls.json", answer(200, calls=[], next_page_uri=None, page=0))
    with caplog.at_level("DEBUG", logger="twilio"):
        api.list_calls(to="+13125550181", started_after=datetime(2026, 11, 1, tzinfo=UTC) - timedelta(days=1))
    assert [record for record in caplog.records if record.name.startswith("twilio")] == []
