"""Addresses of webhooks: signed as they are asked for, in this process and over real HTTP alike."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim import HttpApplication, WsgiApplication
from phonesim.signature import sign
from phonesim.web.client import WebClient, build_request, check_url
from phonesim.web.cookies import CookieJar
from phonesim.web.messages import Hook, Response, WebFailure
from tests.simulator.stage import BASE, OURS, TOKEN, Stage, heard
from tests.simulator.town import GIVE_UP

PAIRS = (("CallSid", "CA1"), ("Body", "a b+c~é"))
WRITTEN = {
    "an encoded plus in small letters": ("/voice?to=%2b13125550100", "/voice?to=%2b13125550100"),
    "an encoded tilde": ("/voice/%7eana?x=%7E", "/voice/%7eana?x=%7E"),
    "a space": ("/voice mail?name=Ana Maria", "/voice%20mail?name=Ana%20Maria"),
    "letters beyond ASCII": ("/niño?q=ñ", "/ni%C3%B1o?q=%C3%B1"),
    "quotes and brackets": ('/a"b<c>?d=|{e}^`\\', "/a%22b%3Cc%3E?d=%7C%7Be%7D%5E%60%5C"),
    "what need not be encoded": ("/a'b(c)*;=@!?x=[1]&y=$,:/?", "/a'b(c)*;=@!?x=[1]&y=$,:/?"),
    "a lone percent sign": ("/100%?x=%zz", "/100%?x=%zz"),
    "dots": ("/a/../b/./c", "/a/../b/./c"),
    "two slashes": ("/a//b", "/a//b"),
    "no path": ("", "/"),
    "no path but a query": ("?x=1", "/?x=1"),
    "an empty query value": ("/voice?x=&y", "/voice?x=&y"),
    "an empty query": ("/voice?", "/voice"),
}
NOBODY = [
    "http://sunline.example:99999/x", "http://sunline.example:abc/x", "http://sunline.example:0/x", "http://[::1/x",
    "http://[zz]/x", "http://a..b/x", "http://.a/x", "http:///x", "http://exa mple/x", "http://%41/x",
    "http://a\uff0fb/x", f"http://{'a' * 64}.example/x", "//sunline.example/x", "javascript:alert(1)",
]  # fmt: skip
"""Addresses at which nobody can be asked."""


class Door:
    """An application that only notes how it was asked, over real HTTP and in this process."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append((environ["HTTP_HOST"], environ["RAW_URI"], environ["HTTP_X_TWILIO_SIGNATURE"]))
        start_response("204 No Content", [])
        return [b""]


@contextmanager
def served(door: Door) -> Iterator[str]:
    """The door on a port of this machine; the host and port."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            door.asked.append((self.headers["Host"], self.path, self.headers["X-Twilio-Signature"]))
            self.send_response(204)
            self.end_headers()

        do_GET = do_POST = handle_any  # noqa: N815

        def log_message(self, *_words: Any) -> None:
            return None

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(("written", "asked"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_signed_is_what_is_asked_for_live_and_stepped(written: str, asked: str, method: str) -> None:
    """1.2: "Start with the exact URL Twilio requested, scheme to end of query string"."""
    door, live = Door(), HttpApplication(timeout=GIVE_UP)
    with served(door) as host:
        stepped = WsgiApplication(door, f"http://{host}", propagate=True)
        for application in (live, stepped):
            hook = Hook(f"http://user:secret@{host.title()}{written}", method, PAIRS)
            reply = WebClient([application], TOKEN).send(build_request(hook, TOKEN, CookieJar()))
            assert isinstance(reply, Response)
        live.close()
    (over_http, in_process) = door.asked
    assert over_http == in_process
    named, target, signature = over_http
    assert named == host.title()
    assert target.partition("CallSid")[0].rstrip("&?") == asked.rstrip("&?")
    assert signature == sign(TOKEN, f"http://{named}{target}", PAIRS if method == "POST" else ())


@pytest.mark.parametrize(
    "url", ["https://sunline.example:443/x", "https://SUNLINE.example/x", "HTTPS://ana:pw@Sunline.Example/x"]
)
def test_a_host_is_reached_however_it_is_written(url: str) -> None:
    assert WsgiApplication(None, "https://sunline.example").serves(url)
    assert WsgiApplication(None, url).serves("https://sunline.example")


def test_a_host_beyond_ascii_is_refused() -> None:
    with pytest.raises(WebFailure, match="11100"):
        check_url("https://línea.example/voice")


@pytest.mark.parametrize("url", NOBODY)
def test_an_address_that_none_can_be_is_told_and_stops_nothing(stage: Stage, url: str) -> None:
    """1.4: "URL malformed (11100)" asks the fallback URL; callbacks are "best effort"."""
    stage.page("/spare", "<Say>the spare</Say>")
    spare = {"voice_fallback_url": f"{BASE}/spare", "status_callback": url}
    stage.net.add_number("+13125550107", voice_url=url, **spare)
    line = stage.net.phone("+13125550199").dial("+13125550107")
    stage.net.advance(10)
    assert heard(line) == ["the spare"]
    assert set(stage.codes()) == {11100}


@pytest.mark.parametrize("url", NOBODY)
@pytest.mark.parametrize(
    "document",
    [
        "<Redirect>{}</Redirect>", '<Gather action="{}" actionOnEmptyResult="true" timeout="1"/>',
        '<Enqueue waitUrl="{}">all</Enqueue>', '<Dial action="{}">nobody</Dial>', "<Play>{}</Play>",
        '<Dial><Conference waitUrl="{}" statusCallback="{}" statusCallbackEvent="join">one</Conference></Dial>',
        '<Dial><Number url="{}" statusCallback="{}">+13125550181</Number></Dial>', '<Start><Stream url="{}"/></Start>',
        '<Record action="{}" recordingStatusCallback="{}" timeout="1"/>',
    ],
)  # fmt: skip
def test_a_document_may_name_an_address_that_none_can_be(stage: Stage, document: str, url: str) -> None:
    stage.net.phone("+13125550181").behaviour = "answer"
    stage.call(document.replace("{}", escape(url)))
    stage.net.advance(60)


@pytest.mark.parametrize("url", NOBODY)
def test_an_address_that_none_can_be_is_refused_over_rest(stage: Stage, url: str) -> None:
    """6.6: 21205, "bad Url"."""
    with pytest.raises(TwilioRestException) as refused:
        stage.twilio.calls.create(to="+13125550181", from_=OURS, url=url)
    assert refused.value.code == 21205


def test_parameters_of_a_get_follow_an_empty_query() -> None:
    request = build_request(Hook("http://sunline.example/voice?", "GET", PAIRS), TOKEN, CookieJar())
    assert request.url.startswith("http://sunline.example/voice?CallSid=CA1&")


def test_space_around_an_address_in_a_document_is_no_part_of_it(stage: Stage) -> None:
    stage.page("/menu", "<Say>the menu</Say>")
    line = stage.call('<Gather numDigits="1" action=" /menu "/>')
    line.press("1")
    stage.net.advance(2)
    assert heard(line) == ["the menu"]
