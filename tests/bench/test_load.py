"""The load client counts only calls that went as they should."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

import pytest

from bench.rig.calls import KEYS, WEBHOOKS, Callers, LeftThePath
from bench.rig.constant import DOCUMENT
from bench.rig.installation import PUBLIC_URL
from bench.rig.load import LoadFailed, run
from bench.rig.server import HOST
from ivr.twilio.signature import SignatureCheck

TOKEN = "0123456789abcdef0123456789abcdef"
CALLERS = Callers("AC" + "0" * 32, TOKEN, PUBLIC_URL)


def parts(request: bytes) -> tuple[str, dict[str, str], str]:
    head, _, body = request.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert int(headers["Content-Length"]) == len(body)
    return first.split()[1], dict(parse_qsl(body, keep_blank_values=True)), headers["X-Twilio-Signature"]


def requests_of(number: int) -> list[bytes]:
    play = CALLERS.call(number)
    sent = [next(play)]
    for _ in range(WEBHOOKS - 1):
        sent.append(play.send(DOCUMENT.encode()))
    with pytest.raises(StopIteration):
        play.send(b"")
    return sent


def test_every_webhook_of_a_call_is_signed_as_twilio_signs() -> None:
    check = SignatureCheck((TOKEN,), PUBLIC_URL)
    for request in requests_of(7):
        path, fields, signature = parts(request)
        assert check.verify(path, "", list(fields.items()), signature)
        assert not check.verify(path, "", [*fields.items(), ("More", "")], signature)


def test_calls_differ_in_id_and_caller_and_press_the_keys_in_order() -> None:
    first, second = ([parts(request)[1] for request in requests_of(number)] for number in (1, 2))
    assert {fields["CallSid"] for fields in first}.isdisjoint(fields["CallSid"] for fields in second)
    assert {fields["From"] for fields in first}.isdisjoint(fields["From"] for fields in second)
    assert tuple(fields["Digits"] for fields in first if "Digits" in fields) == KEYS


def test_a_document_that_leads_nowhere_ends_the_measurement() -> None:
    play = CALLERS.call(1)
    next(play)
    with pytest.raises(LeftThePath):
        play.send(b"<Response><Say>sorry</Say></Response>")


@contextmanager
def answering(response: bytes) -> Iterator[int]:
    """A server that answers the first request of its first connection with these bytes and closes."""
    with socket.create_server((HOST, 0)) as listening:

        def serve() -> None:
            with listening.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(response)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    "response",
    [b"HTTP/1.1 403 FORBIDDEN\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", b""],
)
def test_a_refusal_a_failure_and_a_hang_up_end_the_measurement(response: bytes) -> None:
    with answering(response) as port, pytest.raises(LoadFailed):
        run(port, iter([CALLERS.call(1)]), connections=1, seconds=60)
