"""A small application for the stand-in to call, and the network around it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import HttpClient
from twilio.http.response import Response as TwilioResponse
from twilio.rest import Client
from werkzeug.test import Client as WsgiClient
from werkzeug.wrappers import Request, Response

from phonesim import Line, Network, Options, Phone, WsgiApplication
from phonesim.web.messages import ConnectFailure
from phonesim.web.messages import Request as WebRequest

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "12345"
BASE = "https://sunline.example"
OURS = "+13125550100"
START = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
FOUR_EVENTS = "initiated ringing answered completed"


@dataclass
class Seen:
    """One request the application received."""

    at: datetime
    method: str
    path: str
    url: str
    params: dict[str, str]
    headers: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.params[name]


@dataclass
class Page:
    """An answer in full."""

    body: str | bytes = ""
    status: int = 200
    content_type: str | None = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)


Answer = str | Page | Callable[[Seen], "str | Page"]


class Office:
    """Answers each path with a scripted document; a list is used up one by one, its last entry stays."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | list[Answer]] = {}
        self.seen: list[Seen] = []
        self.net: Network | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        net = self.net
        assert net is not None
        params = {**request.args.to_dict(), **request.form.to_dict()}
        seen = Seen(net.now, request.method, request.path, request.url, params, dict(request.headers))
        self.seen.append(seen)
        page = self._page(seen)
        reply = Response(page.body, page.status, page.headers)
        reply.headers.pop("Content-Type", None)
        if page.content_type:
            reply.headers["Content-Type"] = page.content_type
        return reply(environ, start_response)

    def _page(self, seen: Seen) -> Page:
        answer = self.pages.get(seen.path, Page(status=204, content_type=None))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(seen)
        return answer if isinstance(answer, Page) else Page(f"<Response>{answer}</Response>")


class Stage:
    """A network with one number, its office, and the real REST client."""

    def __init__(self, options: Options | None = None, faults: Iterable[str] = (), seed: int = 1) -> None:
        self.office = Office()
        self.net = Network(
            ACCOUNT, TOKEN, WsgiApplication(self.office, BASE, propagate=True), START, seed, options, faults
        )
        self.office.net = self.net
        self.net.add_number(
            OURS, f"{BASE}/voice", voice_fallback_url=f"{BASE}/fallback", status_callback=f"{BASE}/status"
        )
        self.twilio = Client(ACCOUNT, TOKEN, http_client=InProcess(self.net))

    def page(self, path: str, *answers: Answer) -> None:
        """What the office answers at a path."""
        self.office.pages[path] = list(answers) if len(answers) > 1 else answers[0]

    def call(self, document: str, who: str = "+13125550199", **how: Any) -> Line:
        """A caller dials in and gets this document."""
        self.page("/voice", document)
        line = self.net.phone(who).dial(OURS, **how)
        self.net.run_due()
        return line

    def incoming(self, page: Page, who: str = "+13125550199") -> Line:
        """A caller dials in and gets exactly this answer."""
        self.page("/voice", page)
        line = self.net.phone(who).dial(OURS)
        self.net.run_due()
        return line

    def refuse(self, times: int) -> list[str]:
        """Let the next connections to the office fail; the idempotency tokens that were tried."""
        tokens: list[str] = []
        application: Any = self.net.web.applications[0]
        real = application.send

        def send(request: WebRequest) -> object:
            if len(tokens) < times:
                tokens.append(request.headers["I-Twilio-Idempotency-Token"])
                raise ConnectFailure(11205, "connection refused")
            return real(request)

        application.send = send
        return tokens

    def phone(self, number: str, behaviour: str = "manual", answer_delay: float = 3.0) -> Phone:
        """A phone that behaves so."""
        phone = self.net.phone(number)
        phone.behaviour, phone.answer_delay = behaviour, answer_delay
        return phone

    def at(self, path: str) -> list[Seen]:
        """What was requested at a path."""
        return [seen for seen in self.office.seen if seen.path == path]

    def one(self, path: str) -> Seen:
        """The single request at a path."""
        (seen,) = self.at(path)
        return seen

    def paths(self) -> list[str]:
        """All requested paths in order."""
        return [seen.path for seen in self.office.seen]

    def codes(self) -> list[int]:
        """The debugger's codes in order."""
        return [alert.code for alert in self.net.alerts]

    def elapsed(self) -> float:
        """Seconds since the start."""
        return (self.net.now - START).total_seconds()

    def rest(
        self,
        method: str,
        path: str,
        data: dict[str, Any] | None = None,
        auth: tuple[str, str] | None = (ACCOUNT, TOKEN),
    ) -> Any:
        """A raw REST request below the account."""
        return WsgiClient(self.net.rest_app).open(
            f"/2010-04-01/Accounts/{ACCOUNT}{path}", method=method, data=data, auth=auth
        )

    def call_out(self, to: str, document: str = "", **more: Any) -> str:
        """Create a call by REST whose document is at /out; its CallSid."""
        self.page("/out", document)
        return str(self.twilio.calls.create(to=to, from_=OURS, url=f"{BASE}/out", **more).sid)

    def member(self, number: str, conference: str = "room", noun: str = "", dial: str = 'action="/left"') -> Line:
        """A caller who dials in and joins a conference."""
        return self.call(f"<Dial {dial}><Conference {noun}>{conference}</Conference></Dial>", number)

    def conference(self, name: str = "room") -> Any:
        """The newest conference of this name, through the REST client."""
        return self.twilio.conferences(self.twilio.conferences.list(friendly_name=name)[0].sid)


class InProcess(HttpClient):
    """Carries the REST client's requests into the network without a socket."""

    def __init__(self, net: Network) -> None:
        super().__init__(None, False, None)
        self.client = WsgiClient(net.rest_app)

    def request(
        self, method: str, url: str, params: Any = None, data: Any = None, headers: Any = None, auth: Any = None,
        timeout: float | None = None, allow_redirects: bool = False,
    ) -> TwilioResponse:  # fmt: skip
        parts = urlsplit(url)
        query = parts.query or params
        reply = self.client.open(parts.path, method=method, query_string=query, data=data, headers=headers, auth=auth)
        return TwilioResponse(reply.status_code, reply.get_data(as_text=True), reply.headers)


def heard(line: Line, kind: str = "say") -> list[str]:
    """The texts of one kind a line heard."""
    return [sound.text for sound in line.heard if sound.kind == kind]


def as_json(reply: Any) -> dict[str, Any]:
    """The JSON of a raw REST answer."""
    return dict(json.loads(reply.get_data()))
