"""A request that Twilio signed has a caller behind it: however odd it is, it is answered, and somebody is told."""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha1
from urllib.parse import urlencode, urlsplit

import pytest

from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.webhooks.guard import READ_IN_PART
from phonesim.signature import sign
from rehearsals.world import ACCOUNT, PUBLIC_URL, TOKEN
from tests.calls.office import CALLER, MAPLE, Office, Party, Reply

pytestmark = pytest.mark.sqlite_first

FORM = "application/x-www-form-urlencoded"
CALL = "CA" + "7" * 32
ARRIVAL = [
    ("AccountSid", ACCOUNT),
    ("ApiVersion", "2010-04-01"),
    ("CallSid", CALL),
    ("CallStatus", "ringing"),
    ("Direction", "inbound"),
    ("From", CALLER),
    ("To", MAPLE),
]

Pairs = list[tuple[str, str]]


def told(office: Office, path: str, pairs: Pairs, body: bytes | None = None, signed: Pairs | None = None) -> Reply:
    """One webhook of pairs that may be repeated, signed as Twilio's own libraries read the signature."""
    headers = {"X-Twilio-Signature": sign(TOKEN, PUBLIC_URL + path, pairs if signed is None else signed)}
    sent = urlencode(pairs).encode() if body is None else body
    answer = office.world.app.test_client().post(path, data=sent, headers=headers, content_type=FORM)
    return Reply(answer.status_code, answer.get_data(as_text=True))


def without(*names: str) -> Pairs:
    return [(name, value) for name, value in ARRIVAL if name not in names]


def is_greeted(reply: Reply) -> bool:
    return reply.status == 200 and "Gather" in reply.verbs and "911" in reply.words


ODD_ARRIVALS: dict[str, Pairs] = {
    "a field twice": [*ARRIVAL, ("To", MAPLE)],
    "every field twice": ARRIVAL * 2,
    "an unknown field with two values": [*ARRIVAL, ("SipHeader_X-Tag", "a"), ("SipHeader_X-Tag", "b")],
    "two callers": [*ARRIVAL, ("From", "+13125550142")],
    "two states": [*ARRIVAL, ("CallStatus", "completed")],
    "no caller": without("From"),
    "no account": without("AccountSid"),
    "a caller of a wrong shape": [*without("From"), ("From", "1+1")],
    "a header whose name is none of ours": [*ARRIVAL, ("SipHeader_X-My+Tag", "a"), ("SipHeader_X!", "b")],
    "a name like ours": [*ARRIVAL, ("DigitsDTMF", "1"), ("SequenceNumber1", "x")],
    "a name without end": [*ARRIVAL, ("SipHeader_" + "x" * 200, "a")],
    "no name": [*ARRIVAL, ("", "a")],
}


@pytest.mark.parametrize("odd", ODD_ARRIVALS)
def test_an_odd_arrival_is_answered_and_supervisors_are_told_once(office: Office, odd: str) -> None:
    pairs = ODD_ARRIVALS[odd]
    for _ in range(2):
        assert is_greeted(told(office, "/voice/incoming", pairs))
    assert office.alerts() == [READ_IN_PART]
    assert office.one(leg).twilio_sid == CALL


@pytest.mark.parametrize("odd", ["two numbers dialled", "no number dialled", "a number of a wrong shape"])
def test_a_caller_whose_number_dialled_cannot_be_believed_reaches_the_fallback_pool(office: Office, odd: str) -> None:
    to = {
        "two numbers dialled": [("To", MAPLE), ("To", "+13125550101")],
        "no number dialled": [],
        "a number of a wrong shape": [("To", "<x>")],
    }
    reply = told(office, "/voice/incoming", [*without("To"), *to[odd]])
    assert reply.words.startswith("If this is an emergency, hang up and dial 911.")
    assert reply.verbs[-1] == "Enqueue"
    assert set(office.alerts()) == {READ_IN_PART, "unknown-number"}


@pytest.mark.parametrize("signed", ["as it came", "as it could be read"])
def test_a_name_that_is_no_utf8_is_answered_however_it_is_signed(office: Office, signed: str) -> None:
    kept = chr(0xDCF1) if signed == "as it came" else "\N{REPLACEMENT CHARACTER}"
    body = urlencode(ARRIVAL).encode() + b"&CallerName=Se%F1ora"
    headers = {"X-Twilio-Signature": signature_over([*ARRIVAL, ("CallerName", f"Se{kept}ora")])}
    answer = office.world.app.test_client().post("/voice/incoming", data=body, headers=headers, content_type=FORM)
    assert is_greeted(Reply(answer.status_code, answer.get_data(as_text=True)))
    assert office.alerts() == [READ_IN_PART]


def signature_over(pairs: Pairs) -> str:
    """The signature of an arrival, over bytes that need not be UTF-8."""
    text = f"{PUBLIC_URL}/voice/incoming" + "".join(name + value for name, value in sorted(set(pairs)))
    return b64encode(hmac.new(TOKEN.encode(), text.encode("utf-8", "surrogateescape"), sha1).digest()).decode()


def at_menu(office: Office) -> Party:
    caller = office.dialled()
    caller.presses("1")
    assert caller.leg.pending_key == "reason/0"
    return caller


def test_a_key_told_twice_is_that_key_and_two_different_ones_are_none(office: Office) -> None:
    caller = at_menu(office)
    path = urlsplit(caller.heard.url("action")).path
    common = list(caller.fields.items())
    assert told(office, path, [*common, ("Digits", "1"), ("Digits", "2")]).status == 200
    assert caller.leg.pending_key == "reason/ill"
    path = path.replace(f"/{caller.leg.step - 1}/", f"/{caller.leg.step}/")
    assert told(office, path, [*common, ("Digits", "2"), ("Digits", "2")]).status == 200
    assert caller.leg.pending_key == "reason/1"
    assert office.alerts() == [READ_IN_PART]


@pytest.mark.parametrize(
    "odd",
    [
        [("CallSid", CALL), ("CallSid", "CA" + "8" * 32)],
        [("CallSid", "CA1")],
        [("CallSid" + CALL, "")],
        [("CallSid", CALL), ("CallSid" + CALL, "")],
        [],
    ],
)
def test_a_document_for_a_call_that_cannot_be_told_is_the_safe_one(office: Office, odd: Pairs) -> None:
    for path in ("/voice/incoming", "/voice/fallback", "/voice/leg/0123/1/answer"):
        reply = told(office, path, [*without("CallSid"), *odd])
        assert reply.status == 200
        assert "911" in reply.words
        assert "Dial" in reply.verbs
    assert office.rows(leg) == []


def test_neither_of_two_calls_is_taken_from_a_request_cut_elsewhere(office: Office) -> None:
    other = "CA" + "2" * 32
    genuine = [*without("CallSid"), ("CallSid", "CA" + "9" * 32), ("ApiZ", f"xCallSid{other}")]
    forged = [*without("CallSid"), ("ApiZ", "x"), ("CallSid", other), ("CallSid", "CA" + "9" * 32)]
    assert told(office, "/voice/incoming", forged, signed=genuine).status == 200
    assert office.rows(leg) == []


def test_the_fallback_document_is_given_to_whoever_twilio_sends_however_odd(office: Office) -> None:
    reply = told(office, "/voice/fallback", [*ARRIVAL, ("ErrorCode", "11200"), ("ErrorCode", "11200"), ("To", "x")])
    assert reply.status == 200
    assert "Dial" in reply.verbs


def test_news_that_cannot_be_told_whose_it_is_changes_nothing(office: Office) -> None:
    caller = at_menu(office)
    news = [("CallStatus", "completed"), ("SequenceNumber", "4")]
    assert told(office, "/voice/status", [*without("CallSid", "CallStatus"), *news]).status == 204
    assert caller.leg.state != "ended"


def test_an_alert_that_cannot_be_written_costs_no_answer(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_anything: object, **_more: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("ivr.webhooks.guard.alert_once", fail)
    assert is_greeted(told(office, "/voice/incoming", ARRIVAL * 2))


def test_an_alert_tells_fields_and_no_value(office: Office) -> None:
    told(office, "/voice/incoming", [*ARRIVAL, ("From", "+13125550142"), ("Digits", "4 my secret")])
    (row,) = office.rows(event, event.c.kind == "alert")
    assert row.data == {"what": READ_IN_PART, "problems": "repeated_field, bad_field:Digits"}
