"""What is decided about a request while it arrives, with no thread, no socket and no clock."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.ops.front_door.arrival import MOST_CHUNKED, MOST_HEAD, Arrival, Refused, Whole
from ivr.ops.front_door.lanes import CALLS, FALLBACK, HEALTH, LANES, PAGES, SOUNDS, Lane, find_lane
from ivr.ops.front_door.visitors import FAREWELL_SECONDS, REQUEST_SECONDS, Visitors
from ivr.twilio.signature.form import MOST_BYTES

SIGNED = b"X-Twilio-Signature: c2lnbmF0dXJl"
CHUNKED = b"Transfer-Encoding: chunked"


def request(*headers: bytes, line: bytes = b"POST /voice/incoming HTTP/1.1", body: bytes = b"") -> bytes:
    return b"\r\n".join([line, *headers, b"", body])


def length(count: int) -> bytes:
    return b"Content-Length: %d" % count


WHOLE = [
    request(SIGNED, length(5), body=b"a=1&b"),
    request(SIGNED, length(0)),
    request(SIGNED),
    request(SIGNED, CHUNKED, body=b"3\r\na=1\r\n2\r\n&b\r\n0\r\n\r\n"),
    request(SIGNED, CHUNKED, body=b"0\r\n\r\n"),
    request(b"x-twilio-SIGNATURE:c2lnbmF0dXJl", b"content-LENGTH:1", body=b"a"),
    request(line=b"GET /calls?page=2 HTTP/1.1"),
    request(line=b"GET / HTTP/1.0"),
]


@pytest.mark.parametrize("text", WHOLE)
@given(cuts=st.sets(st.integers(1, 200), max_size=6))
def test_a_request_is_whole_when_its_last_byte_came_however_it_was_cut(text: bytes, cuts: set[int]) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    pieces = [text[begin:end] for begin, end in pairwise(edges)]
    arrival = Arrival()
    assert [arrival.take(piece) for piece in pieces[:-1]] == [None] * (len(pieces) - 1)
    found = arrival.take(pieces[-1])
    assert isinstance(found, Whole)
    assert (found.request, found.rest) == (text, b"")


def test_what_comes_after_a_request_is_kept_for_the_next() -> None:
    found = Arrival().take(request(SIGNED, length(1), body=b"aPOST /voice"))
    assert isinstance(found, Whole)
    assert (found.request[-1:], found.rest) == (b"a", b"POST /voice")


REFUSED = {
    "no signature": (request(length(5)), 403),
    "an empty signature": (request(b"X-Twilio-Signature:  ", length(5)), 403),
    "no signature of the fallback": (request(line=b"POST /voice/fallback HTTP/1.1"), 403),
    "a long body": (request(SIGNED, length(MOST_BYTES + 1)), 413),
    "a long body of a page": (request(length(MOST_BYTES + 1), line=b"POST /sign-in HTTP/1.1"), 413),
    "chunks without end": (request(SIGNED, CHUNKED, body=b"a" * (MOST_CHUNKED + 1)), 413),
    "a length that is none": (request(SIGNED, b"Content-Length: -1"), 400),
    "a length in other digits": (request(SIGNED, b"Content-Length: \xd9\xa1"), 400),
    "two lengths": (request(SIGNED, length(5), length(6)), 400),
    "length and chunks": (request(SIGNED, length(5), CHUNKED), 400),
    "another coding": (request(SIGNED, b"Transfer-Encoding: gzip, chunked"), 400),
    "no request line": (b"nonsense\r\n\r\n", 400),
    "another protocol": (b"PRI * HTTP/2.0\r\n\r\n", 400),
    "a head without end": (b"GET / HTTP/1.1\r\nX: " + b"a" * MOST_HEAD, 431),
    "a long head": (request(b"X: " + b"a" * MOST_HEAD), 431),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_head_is_refused_before_its_body_came(what: str) -> None:
    text, status = REFUSED[what]
    found = Arrival().take(text)
    assert isinstance(found, Refused)
    assert found.status == status


def test_a_client_that_waits_for_leave_is_told_to_go_on() -> None:
    arrival = Arrival()
    assert arrival.take(request(SIGNED, b"Expect: 100-Continue", length(3))) is None
    assert arrival.awaits_leave


@given(pieces=st.lists(st.binary(max_size=200), max_size=8))
def test_no_bytes_whatever_make_it_raise(pieces: list[bytes]) -> None:
    arrival = Arrival()
    for piece in pieces:
        found = arrival.take(piece)
        if found is not None:
            assert isinstance(found, Refused | Whole)
            return


@pytest.mark.parametrize(
    ("target", "lane"),
    [
        (b"/voice/incoming", CALLS),
        (b"/voice/leg/1/2/answer?a=b", CALLS),
        (b"http://line.example/voice/incoming", CALLS),
        (b"/voice/fallback", FALLBACK),
        (b"/voice/fallback?a", FALLBACK),
        (b"/healthz", HEALTH),
        (b"/readyz?full", HEALTH),
        (b"/metrics", HEALTH),
        (b"/", PAGES),
        (b"/calls", PAGES),
        (b"/voice", PAGES),
        (b"//voice/incoming", PAGES),
        (b"/calls?next=/voice/incoming", PAGES),
        (b"/%76oice/incoming", PAGES),
        (b"/audio/waiting.wav", SOUNDS),
        (b"http://line.example", PAGES),
        (b"*", PAGES),
    ],
)
def test_each_kind_of_request_has_its_lane(target: bytes, lane: Lane) -> None:
    assert find_lane(target) is lane


def test_only_calls_take_the_threads_of_the_process_and_none_is_sent_away() -> None:
    assert [lane for lane in LANES if lane.threads is None] == [CALLS]
    assert {lane for lane in LANES if lane.most_waiting is None} == {CALLS, FALLBACK}


def test_whoever_is_not_done_by_its_instant_is_overdue() -> None:
    visitors: Visitors[str] = Visitors()
    visitors.admit("slow", 0.0)
    visitors.admit("late", 5.0)
    visitors.see_off("answered", REQUEST_SECONDS)
    assert list(visitors.overdue(REQUEST_SECONDS - 0.1)) == []
    assert [one.connection for one in visitors.overdue(REQUEST_SECONDS)] == ["slow"]
    assert [one.connection for one in visitors.overdue(REQUEST_SECONDS + FAREWELL_SECONDS)] == ["slow", "answered"]


def test_no_byte_puts_the_instant_off() -> None:
    visitors: Visitors[str] = Visitors()
    visitor = visitors.admit("slow", 0.0)
    for _ in range(3):
        assert visitor.arrival.take(b"P") is None
    assert visitor.until == REQUEST_SECONDS


def test_room_is_made_by_who_came_first_and_has_still_not_sent_its_request() -> None:
    visitors: Visitors[str] = Visitors()
    for number in range(3):
        visitors.admit(f"slow {number}", float(number))
    visitors.forget("slow 0")
    oldest = visitors.oldest()
    assert oldest is not None
    assert oldest.connection == "slow 1"
