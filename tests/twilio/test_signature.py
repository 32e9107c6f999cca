"""Signatures: the published vectors, the library as a second opinion, and the attacks on both."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import quote, quote_plus, urlparse

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.twilio.signature import SignatureCheck, sign

TOKEN = "12345"
PATH, QUERY = "/myapp.php", "foo=1&bar=2"
HTTPS, HTTP = "https://mycompany.com", "http://mycompany.com"

Pairs = Sequence[tuple[str, str]]


def form(number: str = "+14158675309") -> list[tuple[str, str]]:
    return [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", number),
        ("Digits", "1234"),
        ("From", number),
        ("To", "+18005551212"),
    ]


REPEATED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
BINDINGS = [("MessagingBinding.Address", "+1325xxxxxxx"), ("MessagingBinding.Address", "+1415xxxxxxx")]
BODY = b'{"property": "value", "boolean": true}'
DIGEST = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


def verify(base: str, path: str, query: str, pairs: Pairs, header: str | None, token: str = TOKEN) -> bool:
    return SignatureCheck((token,), base).verify(path, query, pairs, header)


# Twilio's published vectors: twilio-python and twilio-node test suites, "Webhooks security" and goalert.
@pytest.mark.parametrize(
    ("base", "path", "query", "pairs", "signature"),
    [
        (HTTPS, PATH, QUERY, form(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (f"{HTTPS}:1234", PATH, QUERY, form(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (f"{HTTP}:1234", PATH, QUERY, form(), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (f"{HTTPS}:443", PATH, QUERY, form(), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (HTTPS, PATH, QUERY, form(), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (f"{HTTP}:80", PATH, QUERY, form(), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (HTTP, PATH, QUERY, form(), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (HTTPS, PATH, QUERY, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        ("https://example.com", PATH, QUERY, form("+14158675310"), "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        (HTTPS, PATH, QUERY, form("+14158675310"), "GvWf1cFY/Q7PnoempGyD5oXAezc="),
        (HTTPS, PATH, QUERY, BINDINGS, "83O6e2vORAoJHUNzJjDWN1jz+BA="),
        (HTTPS, PATH, QUERY, BINDINGS[::-1], "83O6e2vORAoJHUNzJjDWN1jz+BA="),
        (HTTPS, PATH, QUERY + "&Body=It%27s+amazing", form(), "TfZzewPq8wqrGlMfyAud8+/IvJ0="),
    ],
)
def test_a_published_vector_verifies(base: str, path: str, query: str, pairs: Pairs, signature: str) -> None:
    assert verify(base, path, query, pairs, signature)


@pytest.mark.parametrize(
    ("base", "query", "body", "signature"),
    [
        (HTTPS, f"{QUERY}&bodySHA256={DIGEST}", BODY, "a9nBmqA0ju/hNViExpshrM61xv4="),
        (HTTPS, f"bodySHA256={DIGEST}", BODY, "y77kIzt2vzLz71DgmJGsen2scGs="),
        (HTTPS, f"{QUERY}&bodySHA256={sha256(b'{}').hexdigest()}", b"{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc="),
        (HTTPS, f"{QUERY}&bodySHA256={sha256(b'{}').hexdigest()}", b"{}", "rw/jVviOgicj2+kHZULvebnA4ag="),
    ],
)
def test_a_published_json_vector_verifies_with_its_own_body_only(
    base: str, query: str, body: bytes, signature: str
) -> None:
    check = SignatureCheck((TOKEN,), base)
    assert check.verify_json(PATH, query, body, signature)
    assert not check.verify_json(PATH, query, body + b" ", signature)


@pytest.mark.parametrize(
    ("user", "signature"),
    [
        ("user:pass@mycompany.com", "CukzLTc1tT5dXEDIHm/tKBanW10="),
        ("user@mycompany.com", "2YRLlVAflCqxaNicjMpJcSTgzSs="),
        ("user:pass@mycompany.com:443", "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="),
    ],
)
def test_a_published_vector_over_credentials_is_computed_but_no_address_may_hold_them(
    user: str, signature: str
) -> None:
    assert sign(TOKEN.encode(), f"https://{user}{PATH}?{QUERY}", form()) == signature.encode()
    with pytest.raises(ValueError, match="SUNLINE_PUBLIC_URL"):
        SignatureCheck((TOKEN,), f"https://{user}")


def test_a_json_body_without_a_signed_digest_is_refused() -> None:
    signature = sign(TOKEN.encode(), f"{HTTPS}{PATH}?{QUERY}").decode()
    assert not SignatureCheck((TOKEN,), HTTPS).verify_json(PATH, QUERY, BODY, signature)


def test_a_json_digest_given_twice_is_refused() -> None:
    query = f"bodySHA256={DIGEST}&bodySHA256={'0' * 64}"
    signature = sign(TOKEN.encode(), f"{HTTPS}{PATH}?{query}").decode()
    assert not SignatureCheck((TOKEN,), HTTPS).verify_json(PATH, query, BODY, signature)


@pytest.mark.parametrize(
    "header", [None, "", "x", "RSOYDt4T1cUTdK1PDd93/VVr8B8", " RSOYDt4T1cUTdK1PDd93/VVr8B8=", "é" * 28]
)
def test_a_missing_short_or_strange_signature_is_refused(header: str | None) -> None:
    assert not verify(HTTPS, PATH, QUERY, form(), header)


@given(changed=st.integers(0, 27), by=st.integers(1, 127))
def test_one_changed_character_of_a_signature_is_refused(changed: int, by: int) -> None:
    right = sign(TOKEN.encode(), f"{HTTPS}{PATH}", form()).decode()
    wrong = right[:changed] + chr((ord(right[changed]) + by) % 128) + right[changed + 1 :]
    assert not verify(HTTPS, PATH, "", form(), wrong)


def test_both_tokens_verify_while_they_are_rotated_and_no_third() -> None:
    check = SignatureCheck(("new token", "old token"), HTTPS)
    for token, expected in (("new token", True), ("old token", True), ("other token", False), ("", False)):
        signature = sign(token.encode(), f"{HTTPS}{PATH}", form()).decode()
        assert check.verify(PATH, "", form(), signature) is expected


@pytest.mark.parametrize("tokens", [(), ("",), ("good", ""), (" ",)])
def test_an_empty_token_stops_the_start(tokens: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="TWILIO_AUTH_TOKEN"):
        SignatureCheck(tokens, HTTPS)


@pytest.mark.parametrize(
    "address", ["", "mycompany.com", "ftp://mycompany.com", "https://", "https://a b", "https://h?x=1", "https://h#x"]
)
def test_an_address_that_cannot_be_signed_stops_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="SUNLINE_PUBLIC_URL"):
        SignatureCheck((TOKEN,), address)


def test_a_prefix_of_the_public_address_is_part_of_what_is_signed() -> None:
    signature = sign(TOKEN.encode(), "https://mycompany.com/sunline/voice", form()).decode()
    assert verify("https://mycompany.com/sunline/", "/voice", "", form(), signature)
    assert not verify("https://mycompany.com", "/voice", "", form(), signature)


@pytest.mark.parametrize("path", ["/voice/", "//voice", "/Voice", "/voice%2F", "/v%6Fice"])
def test_another_spelling_of_the_path_is_refused(path: str) -> None:
    signature = sign(TOKEN.encode(), "https://mycompany.com/voice", form()).decode()
    assert not verify(HTTPS, path, "", form(), signature)


_hosts = st.sampled_from(["mycompany.com", "mycompany.com:443", "mycompany.com:80", "mycompany.com:8443"])
_paths = st.text("abc/%.-_~'", max_size=12).map(lambda rest: "/" + rest)
_names = st.text(st.characters(codec="utf-8"), max_size=8)
_forms = st.lists(st.tuples(_names, st.text(st.characters(codec="utf-8"), max_size=8)), max_size=8)


@given(
    scheme=st.sampled_from(["http", "https"]),
    host=_hosts,
    path=_paths,
    query=st.text("abc=&%+'", max_size=12),
    pairs=_forms,
    signed_host=_hosts,
    signed_pairs=st.none() | _forms,
)
def test_every_request_is_judged_as_the_library_judges_it(
    scheme: str, host: str, path: str, query: str, pairs: Pairs, signed_host: str, signed_pairs: Pairs | None
) -> None:
    asked = f"?{query}" if query else ""
    url, signed_url = f"{scheme}://{host}{path}{asked}", f"{scheme}://{signed_host}{path}{asked}"
    # Where the library takes an address apart it may not find the same one again; ours is never taken apart.
    assume(urlparse(url).geturl() == url)
    signature = sign(TOKEN.encode(), signed_url, pairs if signed_pairs is None else signed_pairs).decode()
    theirs = RequestValidator(TOKEN).validate(url, MultiDict(pairs), signature)
    assert verify(f"{scheme}://{host}", path, query, pairs, signature) == theirs


@given(pairs=_forms, url=st.sampled_from([f"{HTTPS}{PATH}", f"{HTTP}:8080{PATH}?{QUERY}"]))
def test_every_signature_is_the_one_the_library_computes(pairs: Pairs, url: str) -> None:
    assert sign(TOKEN.encode(), url, pairs).decode() == RequestValidator(TOKEN).compute_signature(url, MultiDict(pairs))


@given(text=st.text(st.characters()))
def test_no_text_at_all_makes_the_check_raise(text: str) -> None:
    assert not verify(
        HTTPS, "/" + quote(text.encode("utf-8", "replace")), quote_plus("x"), [(text, text)], text or None
    )
