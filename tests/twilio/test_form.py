"""Webhooks are read more strictly than Twilio's libraries read them; nothing that Twilio sends is refused."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from ivr.twilio.signature import CheckedRequest, SignatureCheck, check_request, sign

TOKEN, BASE = "12345", "https://sunline.example"
ACCOUNT, CALL = "AC" + "0" * 32, "CA" + "1" * 32
CHECK = SignatureCheck((TOKEN,), BASE)
FORM = {
    "AccountSid": ACCOUNT,
    "CallSid": CALL,
    "CallStatus": "in-progress",
    "Direction": "inbound",
    "From": "+13125550199",
    "To": "+13125550100",
}

Pairs = list[tuple[str, str]]


def environ(body: bytes, path: str = "/voice/step", query: str = "", **changes: Any) -> dict[str, Any]:
    """A WSGI environ as gunicorn makes it."""
    kind = {"method": "POST", "content_type": "application/x-www-form-urlencoded; charset=UTF-8"} | changes
    made = EnvironBuilder(path=path, query_string=query, base_url=BASE, data=body, **kind).get_environ()
    return {**made, "RAW_URI": f"{path}?{query}" if query else path}


def asked(pairs: Pairs, signed: Pairs | None = None, query: str = "", **options: Any) -> CheckedRequest:
    """A request with ``pairs`` under a signature over ``signed`` (the same where None)."""
    url = f"{BASE}/voice/step" + (f"?{query}" if query else "")
    made = environ(urlencode(pairs).encode(), query=query)
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), url, pairs if signed is None else signed).decode()
    return check_request(made, signature=CHECK, account_sid=ACCOUNT, **options)


def with_fields(**fields: str) -> Pairs:
    return list({**FORM, **fields}.items())


def joined(pairs: Pairs) -> str:
    return "".join(name + value for name, value in sorted(pairs))


def test_a_genuine_request_gives_its_fields() -> None:
    found = asked(with_fields(SpeechResult="my chest hurts & more", Digits=""), query="leg=1&step=2&kind=main")
    assert found.genuine
    assert found.http_status == 200
    assert found.fields["SpeechResult"] == "my chest hurts & more"
    assert found.fields["Digits"] == ""


def test_the_body_can_be_read_again() -> None:
    made = environ(urlencode(FORM).encode())
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), f"{BASE}/voice/step", FORM.items()).decode()
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).genuine
    assert Request(made).form["CallSid"] == CALL


def test_unknown_fields_are_signed_and_let_through() -> None:
    found = asked(with_fields(CallToken="%7B%7D", SomethingNew="2027", **{"SipHeader_X-Tag": "a"}))
    assert found.problems == ()
    assert asked(with_fields(SomethingNew="2027"), signed=with_fields()).problems == ("signature",)


@pytest.mark.parametrize(
    "number",
    [
        "+13125550199",
        "anonymous",
        "Anonymous",
        "+266696687",
        "",
        "client:ana",
        "sip:dr.lee@hospital.example",
        "7378742833",
        "sip:+13125550199@carrier.example;user=phone",
        "unknown",
        "Restricted",
        "Private Caller (1)",
        "Señora Ruiz",
    ],
)
def test_whatever_a_carrier_gives_as_caller_id_is_let_through(number: str) -> None:
    assert asked(with_fields(From=number, Caller=number)).problems == ()


@pytest.mark.parametrize("digits", ["", "1", "0123456789*#", "ABCD", "1w2", "hangup"])
def test_every_key_of_a_telephone_is_let_through(digits: str) -> None:
    assert asked(with_fields(Digits=digits)).problems == ()


@pytest.mark.parametrize("header", [None, "", "x", "RSOYDt4T1cUTdK1PDd93/VVr8B8="])
def test_a_request_without_our_signature_is_refused_and_shows_no_fields(header: str | None) -> None:
    made = environ(urlencode(FORM).encode())
    if header is not None:
        made["HTTP_X_TWILIO_SIGNATURE"] = header
    found = check_request(made, signature=CHECK, account_sid=ACCOUNT)
    assert found.problems == ("signature",)
    assert found.http_status == 403
    assert found.fields == {}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_post_is_answered(method: str) -> None:
    found = check_request(environ(b"", method=method), signature=CHECK, account_sid=ACCOUNT)
    assert found.problems == ("method",)
    assert found.http_status == 405


def test_get_is_answered_where_it_is_allowed_and_its_query_is_the_form() -> None:
    query = urlencode(FORM)
    made = environ(b"", query=query, method="GET", content_type=None)
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), f"{BASE}/voice/step?{query}").decode()
    found = check_request(made, signature=CHECK, account_sid=ACCOUNT, methods=frozenset({"GET"}))
    assert found.problems == ()
    assert found.fields == FORM


@pytest.mark.parametrize("spoofed", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "SERVER_NAME"])
def test_no_header_moves_the_address_that_is_signed(spoofed: str) -> None:
    made = environ(urlencode(FORM).encode())
    made[spoofed] = "evil.example"
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), "https://evil.example/voice/step", FORM.items()).decode()
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).problems == ("signature",)
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), f"{BASE}/voice/step", FORM.items()).decode()
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).genuine


def test_no_header_chooses_the_algorithm() -> None:
    made = environ(urlencode(FORM).encode())
    made["HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS"] = "key=k,algorithm=HMAC_SHA256"
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), f"{BASE}/voice/step", FORM.items()).decode()
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).genuine


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", None])
def test_a_body_that_is_not_a_form_is_refused(kind: str | None) -> None:
    found = check_request(environ(b"{}", content_type=kind), signature=CHECK, account_sid=ACCOUNT)
    assert found.problems == ("not_a_form",)
    assert found.http_status == 415


def test_a_body_over_64_kb_is_refused_unread() -> None:
    made = environ(b"x" * (64 * 1024 + 1))
    made["wsgi.input"] = None
    found = check_request(made, signature=CHECK, account_sid=ACCOUNT)
    assert found.problems == ("too_large",)
    assert found.http_status == 413


@pytest.mark.parametrize("length", ["", "-1", "1e3", "٣", "9" * 30])
def test_a_body_of_unknown_length_is_refused_unread(length: str) -> None:
    made = {**environ(b""), "CONTENT_LENGTH": length, "wsgi.input": None}
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).problems == ("length_required",)


def test_200_fields_are_read_and_201_are_not() -> None:
    filling = [(f"Extra_{number}", "") for number in range(200 - len(FORM))]
    assert asked([*FORM.items(), *filling]).problems == ()
    assert asked([*FORM.items(), *filling, ("Extra_", "")]).problems == ("too_many_fields",)


@pytest.mark.parametrize(("second", "believed"), [("+13125550100", "+13125550100"), ("+19005550100", None)])
def test_a_repeated_field_is_named_and_believed_where_all_its_values_are_one(second: str, believed: str | None) -> None:
    for repeated in ([*FORM.items(), ("To", second)], [("To", second), *FORM.items()]):
        found = asked(repeated)
        assert found.problems == ("repeated_field",)
        assert found.signed
        assert found.believed.get("To") == believed
        assert found.believed["CallSid"] == CALL


def test_nothing_is_believed_of_a_request_that_is_not_signed() -> None:
    found = asked([*FORM.items(), ("To", "+13125550100")], signed=[("To", "+19005550100")])
    assert (found.signed, found.believed) == (False, {})


@pytest.mark.parametrize(
    ("odd", "lost"),
    [
        ("SipHeader_X-My+Tag", set()),
        ("DigitsDTMF", {"Digits"}),
        ("CallSid" + CALL, {"CallSid"}),
        ("From+1312", {"From"}),
        ("ApiTextxCallSid" + CALL + "To+1", {"CallSid", "To"}),
    ],
)
def test_what_may_be_part_of_an_odd_name_is_not_believed(odd: str, lost: set[str]) -> None:
    found = asked([*with_fields(Digits="1"), (odd, "")])
    assert set(FORM) | {"Digits"} == set(found.believed) | lost
    assert not lost & set(found.believed)


def test_a_body_in_chunks_is_read_to_its_end_and_no_further_than_64_kb() -> None:
    body = urlencode(FORM).encode()
    made = {**environ(body), "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), f"{BASE}/voice/step", FORM.items()).decode()
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).genuine
    long = {**made, "wsgi.input": BytesIO(b"x" * (64 * 1024 + 1))}
    assert check_request(long, signature=CHECK, account_sid=ACCOUNT).problems == ("too_large",)


def test_text_that_is_not_utf8_is_refused() -> None:
    found = check_request(environ(b"From=%ff"), signature=CHECK, account_sid=ACCOUNT)
    assert found.problems == ("bad_encoding",)


@pytest.mark.parametrize("name", ["AccountSid", "CallSid"])
def test_a_missing_field_is_named(name: str) -> None:
    found = asked([pair for pair in FORM.items() if pair[0] != name])
    assert f"missing_field:{name}" in found.problems


def test_another_account_is_refused() -> None:
    assert asked(with_fields(AccountSid="AC" + "9" * 32)).problems == ("other_account",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CallSid", "CA123"),
        ("CallSid", "CA" + "A" * 32),
        ("CallSid", CALL + "\n"),
        ("CallSid", "../../etc/passwd"),
        ("DialCallSid", "SM" + "1" * 32),
        ("RecordingSid", "https://evil.example/RE1"),
        ("CallStatus", "in progress"),
        ("Digits", "12x"),
        ("Digits", "hangup1"),
        ("To", "+1312555a"),
        ("To", "</Say><Dial>+19005550100</Dial>"),
        ("From", "+1To+2"),
        ("From", "a\r\nb"),
        ("SequenceNumber", "-1"),
    ],
)
def test_a_known_field_of_the_wrong_shape_is_named_but_never_quoted(name: str, value: str) -> None:
    found = asked(with_fields(**{name: value}))
    assert found.problems == (f"bad_field:{name}",)
    assert found.fields == {}


@pytest.mark.parametrize("name", ["To+1312", "a b", "<x>", "", "1", "é"])
def test_a_name_that_is_no_name_is_refused_and_not_quoted(name: str) -> None:
    assert asked([*FORM.items(), (name, "x")]).problems == ("bad_name",)


@pytest.mark.parametrize(
    ("genuine", "forged"),
    [
        # Two numbers swallowed into one value, and one spoken value cut into two numbers.
        ([("From", "+1"), ("To", "+2")], [("From", "+1To+2")]),
        ([("From", "+1To+2"), ("To", "+3")], [("From", "+1"), ("To", "+2To+3")]),
        ([("Digits", "1"), ("Direction", "inbound")], [("Digits", "1Directioninbound")]),
        ([("SpeechResult", "oh"), ("To", "+2")], [("SpeechResult", "ohTo+2")]),
        # A text that holds a name, so that the true field becomes part of an unknown name.
        (
            [("ApiText", "xCallSid" + "CA" + "2" * 32)],
            [("ApiText", "x"), ("CallSid", "CA" + "2" * 32), ("CallSid" + CALL, "")],
        ),
        (
            [("CallSource", "CallStatusbusy")],
            [("CallSource", ""), ("CallStatus", "busy"), ("CallStatusin-progress", "")],
        ),
    ],
)
def test_fields_cut_differently_under_the_same_signature_are_refused(genuine: Pairs, forged: Pairs) -> None:
    theirs = {name for name, _ in genuine} | {name for name, _ in forged if name in FORM}
    rest = [pair for pair in FORM.items() if pair[0] not in theirs]
    kept = [pair for pair in FORM.items() if pair[0] in theirs - {name for name, _ in genuine}]
    signed, sent = [*rest, *kept, *genuine], [*rest, *forged]
    assert joined(signed) == joined(sent), "the attack must carry the same signature"
    assert asked(sent, signed=signed, required=("CallSid", "To")).problems


@given(data=st.data())
def test_no_other_cut_of_a_whole_form_passes_with_other_known_fields(data: st.DataObject) -> None:
    text = joined(with_fields(SpeechResult="To+19005550100CallSid" + "CA" + "2" * 32))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), min_size=1, max_size=15)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    pairs = list(zip(pieces[::2], [*pieces[1::2], ""], strict=False))
    if joined(pairs) == text and len(pairs) == len(dict(pairs)):
        found = asked(pairs, signed=with_fields(SpeechResult="To+19005550100CallSid" + "CA" + "2" * 32))
        known = {name: found.fields[name] for name in FORM if name in found.fields}
        assert found.problems or known == FORM


@pytest.mark.parametrize(
    ("raw", "routed"),
    [("/voice/other", "/voice/step"), ("/voice/step?x=1", "/voice/step"), ("/voice/%2e%2e/step", "/voice/step")],
)
def test_a_target_that_is_not_the_one_routed_is_refused(raw: str, routed: str) -> None:
    made = {**environ(urlencode(FORM).encode(), path=routed), "RAW_URI": raw}
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), BASE + raw, FORM.items()).decode()
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).problems == ("target",)


def test_a_server_that_keeps_no_raw_target_is_served_as_well() -> None:
    made = environ(urlencode(FORM).encode(), path="/voice/step", query="leg=1&step=2")
    for name in ("RAW_URI", "REQUEST_URI"):
        made.pop(name, None)
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), f"{BASE}/voice/step?leg=1&step=2", FORM.items()).decode()
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).genuine


def test_a_target_in_absolute_form_is_read_as_its_path() -> None:
    made = {**environ(urlencode(FORM).encode()), "RAW_URI": "http://evil.example/voice/step"}
    made["HTTP_X_TWILIO_SIGNATURE"] = sign(TOKEN.encode(), f"{BASE}/voice/step", FORM.items()).decode()
    assert check_request(made, signature=CHECK, account_sid=ACCOUNT).genuine


@given(body=st.binary(max_size=300), header=st.text(st.characters(codec="latin-1"), max_size=40))
def test_no_body_and_no_header_make_the_check_raise(body: bytes, header: str) -> None:
    made = {**environ(b""), "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    made["HTTP_X_TWILIO_SIGNATURE"] = header
    assert not check_request(made, signature=CHECK, account_sid=ACCOUNT).genuine
