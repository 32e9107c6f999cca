"""A small server that answers as Twilio's REST API does, over HTTP and as a WSGI application."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from ivr.twilio.rest_api import NetworkTransport, RestApi, WsgiTransport
from phonesim.live import QuietHandler

ACCOUNT = "AC" + "0" * 32
SECRET = "not a real token"
CALL, OTHER, CONFERENCE = "CA" + "1" * 32, "CA" + "2" * 32, "CF" + "3" * 32
RECORDING, MESSAGE, NUMBER = "RE" + "4" * 32, "SM" + "5" * 32, "PN" + "6" * 32
STEP, STATUS = "https://sunline.example/voice/step?leg=7", "https://sunline.example/voice/status?leg=7"

Answer = Callable[[Request], Response]


def answer(http_status: int, /, **content: Any) -> Answer:
    """Always this JSON."""
    return lambda _request: Response(json.dumps(content), http_status, mimetype="application/json")


def refusal(status: int, code: int | None = None, **headers: str) -> Answer:
    """Twilio's error form; its message quotes what was asked, as Twilio's do."""
    content = {"code": code, "message": "'+13125550199' is not good", "status": status}
    return lambda _request: Response(json.dumps(content), status, headers, mimetype="application/json")


@dataclass
class StandIn:
    """Answers by method and path, and remembers what was asked."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    def on(self, method: str, path: str, then: Answer) -> None:
        """``path`` is a pattern below the account, or from ``/v2/`` on."""
        self.answers[method, path] = then

    @property
    def last(self) -> Request:
        return self.asked[-1]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        request.get_data(parse_form_data=False)
        request.form  # noqa: B018
        self.asked.append(request)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        given = request.authorization
        if given is None or (given.username, given.password) != (ACCOUNT, SECRET):
            return refusal(401, 20003)(request)
        for (method, path), then in self.answers.items():
            at = path if path.startswith("/v2/") else f"/2010-04-01/Accounts/{ACCOUNT}{path}"
            if method == request.method and re.fullmatch(at, request.path):
                return then(request)
        return refusal(404, 20404)(request)


@pytest.fixture
def twilio() -> StandIn:
    return StandIn()


@pytest.fixture
def address(twilio: StandIn) -> Iterator[str]:
    """The stand-in behind a real HTTP server."""
    server = make_server("127.0.0.1", 0, twilio, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        yield opened


@pytest.fixture(params=["network", "wsgi"])
def api(request: pytest.FixtureRequest, twilio: StandIn) -> RestApi:
    """Our API over either transport."""
    if request.param == "wsgi":
        return RestApi(ACCOUNT, (ACCOUNT, SECRET), WsgiTransport(twilio))
    transport = NetworkTransport(request.getfixturevalue("session"))
    return RestApi(ACCOUNT, (ACCOUNT, SECRET), transport, base_url=request.getfixturevalue("address"))


def call(sid: str = CALL, created: str = "Sun, 01 Nov 2026 07:30:05 +0000", **more: Any) -> dict[str, Any]:
    """A call as Twilio shows it."""
    return {
        "sid": sid,
        "account_sid": ACCOUNT,
        "status": "queued",
        "direction": "outbound-api",
        "to": "+13125550181",
        "from": "+13125550100",
        "date_created": created,
        "start_time": None,
        "end_time": None,
        "duration": None,
        **more,
    }


def dial(api: RestApi, **more: Any) -> str:
    """Create a call."""
    wish = {
        "to": "+13125550181",
        "from_": "+13125550100",
        "url": STEP,
        "status_callback": STATUS,
        "events": ("initiated", "ringing", "answered", "completed"),
        "timeout": 25,
        "time_limit": 3600,
    }
    return api.create_call(**{**wish, **more})
