"""Slow and hostile clients at the real web process of the Procfile: a call is answered all the same."""

from __future__ import annotations

import http.client
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench.rig.installation import PUBLIC_URL, Installation, installed
from ivr.ops.front_door.lanes import PAGES
from phonesim.signature import sign
from tests.faults.serving import GIVE_UP, PATIENT, ROOT, Crowd, post, web

MANY = 120
"""So many that each worker has more of them than it has threads, however they fall."""
FORGED = "X-Twilio-Signature: c2lnbmF0dXJl"

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[Installation, int]]:
    """An installation that patients call, and the port of its web process."""
    with installed("SQLite") as at, web(at.environment, at.folder, "wsgi:app", *PATIENT) as port:
        yield at, port


@pytest.fixture
def crowd(line: tuple[Installation, int]) -> Iterator[Crowd]:
    with ExitStack() as stack:
        yield Crowd(line[1], stack)


def call(line: tuple[Installation, int], number: int = 1, **more: str) -> tuple[int, str]:
    """Somebody dials, as Twilio tells it; what the web process answers."""
    at, port = line
    account, token = at.environment["TWILIO_ACCOUNT_SID"], at.environment["TWILIO_AUTH_TOKEN"]
    fields = {
        "AccountSid": account, "CallSid": f"CA{os.getpid():016x}{number:016x}", "From": "+13125550142",
        "To": "+13125550100", "CallStatus": "ringing", "Direction": "inbound", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    headers = {
        "X-Twilio-Signature": sign(token, f"{PUBLIC_URL}/voice/incoming", fields.items()),
        "Content-Type": "application/x-www-form-urlencoded",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP)
    with closing(connection):
        chunked = "Transfer-Encoding" in headers
        body = urlencode(fields).encode()
        connection.request(
            "POST", "/voice/incoming", iter([body[:9], body[9:]]) if chunked else body, headers, encode_chunked=chunked
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def is_answered(line: tuple[Installation, int]) -> bool:
    status, text = call(line)
    return status == 200 and "<Gather" in text


def drip_bodies(crowd: Crowd) -> None:
    crowd.comes(MANY, post("/voice/incoming", FORGED))
    crowd.drips()


def drip_unsigned_bodies(crowd: Crowd) -> None:
    crowd.comes(MANY, post("/voice/incoming"))


def drip_heads(crowd: Crowd) -> None:
    crowd.comes(MANY, post("/voice/incoming", FORGED)[:-2])
    crowd.drips()


def drip_chunks(crowd: Crowd) -> None:
    head = post("/voice/incoming", FORGED).replace(b"Content-Length: 1000", b"Transfer-Encoding: chunked")
    crowd.comes(MANY, head + b"1\r\na\r\n")
    crowd.drips(b"1")


def drip_forms_of_pages(crowd: Crowd) -> None:
    crowd.comes(MANY, post("/sign-in"))
    crowd.drips()


def say_nothing(crowd: Crowd) -> None:
    crowd.comes(MANY)


def go_on_slowly(crowd: Crowd) -> None:
    crowd.comes(MANY, b"GET /healthz HTTP/1.1\r\nHost: sunline.example\r\n\r\nPOST /voice/incoming HT")
    crowd.drips()


def take_no_answer(crowd: Crowd) -> None:
    asked = b"GET /audio/waiting.wav HTTP/1.1\r\nHost: sunline.example\r\n\r\n"
    crowd.comes(MANY, asked, window=1024)


def do_not_close(crowd: Crowd) -> None:
    crowd.comes(MANY, b"GET /healthz HTTP/1.0\r\n\r\n")


SLOW = (
    drip_bodies, drip_unsigned_bodies, drip_heads, drip_chunks, drip_forms_of_pages, say_nothing, go_on_slowly,
    take_no_answer, do_not_close,
)  # fmt: skip


@pytest.mark.parametrize("slow", SLOW, ids=lambda one: one.__name__)
def test_a_call_is_answered_while_many_are_slow(
    line: tuple[Installation, int], crowd: Crowd, slow: Callable[[Crowd], None]
) -> None:
    slow(crowd)
    assert is_answered(line)


def test_proxies_that_disagree_about_the_scheme_cost_no_call(line: tuple[Installation, int]) -> None:
    status, text = call(line, 2, X_Forwarded_Proto="http", X_Forwarded_Ssl="on")
    assert status == 200
    assert "<Gather" in text


def answer_to(port: int, text: bytes) -> bytes:
    """The first line that comes back, although the body never comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=GIVE_UP) as client:
        client.sendall(text)
        return client.recv(1024).partition(b"\r\n")[0]


def test_head_and_length_are_looked_at_before_any_body(line: tuple[Installation, int]) -> None:
    _, port = line
    assert answer_to(port, post("/voice/incoming")) == b"HTTP/1.1 403 Forbidden"
    assert answer_to(port, post("/voice/incoming", "X-Twilio-Signature:")) == b"HTTP/1.1 403 Forbidden"
    assert answer_to(port, post("/voice/incoming", FORGED, length=65_537)) == b"HTTP/1.1 413 Content Too Large"
    assert answer_to(port, post("/sign-in", length=65_537)) == b"HTTP/1.1 413 Content Too Large"
    assert answer_to(port, post("/voice/incoming", FORGED, "Content-Length: 5")) == b"HTTP/1.1 400 Bad Request"
    assert answer_to(port, b"nonsense\r\n\r\n") == b"HTTP/1.1 400 Bad Request"


def test_a_call_in_chunks_is_answered(line: tuple[Installation, int]) -> None:
    status, text = call(line, 3, Transfer_Encoding="chunked")
    assert status == 200
    assert "<Gather" in text


def test_a_client_that_asks_for_leave_is_given_it(line: tuple[Installation, int]) -> None:
    asking = post("/voice/incoming", FORGED, "Expect: 100-continue")
    assert answer_to(line[1], asking) == b"HTTP/1.1 100 Continue"


def test_pages_that_hold_all_their_threads_hold_no_call_and_no_check(tmp_path: Path) -> None:
    holder = socket.create_server(("127.0.0.1", 0), backlog=256)
    holder.settimeout(GIVE_UP)
    environment = os.environ | {"HOLDER_PORT": str(holder.getsockname()[1]), "PYTHONPATH": str(ROOT)}
    app = "tests.faults.held_pages:app"
    with web(environment, tmp_path, app, *PATIENT, "--workers", "1") as port, ExitStack() as stack:
        stack.enter_context(holder)  # closed before the web process is ended, so that every page is let go
        Crowd(port, stack).comes(MANY, b"GET /pages HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(PAGES.threads or 0):
            stack.enter_context(holder.accept()[0])
        asked = (post("/voice/incoming", FORGED, length=0), post("/voice/fallback", FORGED, length=0))
        for text in (*asked, b"GET /healthz HTTP/1.1\r\n\r\n", b"GET /readyz HTTP/1.1\r\n\r\n"):
            assert answer_to(port, text) == b"HTTP/1.1 200 OK"
        assert answer_to(port, b"GET /pages HTTP/1.1\r\n\r\n") == b"HTTP/1.1 503 Service Unavailable"


def test_a_door_that_is_full_lets_out_who_came_first_and_sends_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    few = (*PATIENT, "--workers", "1", "--worker-connections", "20")
    with web(environment, tmp_path, "tests.faults.held_pages:app", *few) as port, ExitStack() as stack:
        Crowd(port, stack).comes(MANY, b"POST /voice/inc")
        for _ in range(3):
            assert answer_to(port, post("/voice/incoming", FORGED, length=0)) == b"HTTP/1.1 200 OK"
        Crowd(port, stack).comes(MANY, b"GET /healthz HTTP/1.1\r\n\r\n")
        assert answer_to(port, post("/voice/incoming", FORGED, length=0)) == b"HTTP/1.1 200 OK"
