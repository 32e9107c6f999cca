"""Section 1.2, X-Twilio-Signature. Each test quotes the rule it pins."""

from hashlib import sha256

import pytest
from twilio.request_validator import RequestValidator

from phonesim import Options
from phonesim.signature import sign, signed_url
from tests.simulator.stage import BASE, TOKEN, Page, Stage

U = "https://mycompany.com/myapp.php?foo=1&bar=2"
P = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
OTHER = [(name, value.replace("5309", "5310")) for name, value in P]
HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
EMPTY = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
DUPLICATES = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
BINDINGS = [("MessagingBinding.Address", "+1325xxxxxxx"), ("MessagingBinding.Address", "+1415xxxxxxx")]
VECTORS = {
    "1": (U, P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "2": (U.replace("https://mycompany.com", "http://mycompany.com:1234"), P, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    "3": (U.replace(".com/", ".com:443/"), P, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    "4": (U.replace("https://mycompany.com", "http://mycompany.com:80"), P, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    "5": (U, DUPLICATES, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    "6": (f"{U}&bodySHA256={HASH}", [], "a9nBmqA0ju/hNViExpshrM61xv4="),
    "7 port": (f"{U.replace('.com/', '.com:443/')}&bodySHA256={EMPTY}", [], "Ldidvp12m26NI7eqEvxnEpkd9Hc="),
    "7 port-less": (f"{U}&bodySHA256={EMPTY}", [], "rw/jVviOgicj2+kHZULvebnA4ag="),
    "8": (f"https://mycompany.com/myapp.php?bodySHA256={HASH}", [], "y77kIzt2vzLz71DgmJGsen2scGs="),
    "9": ("https://example.com/myapp.php?foo=1&bar=2", OTHER, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
    "10": (U, OTHER, "GvWf1cFY/Q7PnoempGyD5oXAezc="),
    "11 user:pass": (U.replace("//", "//user:pass@"), P, "CukzLTc1tT5dXEDIHm/tKBanW10="),
    "11 user": (U.replace("//", "//user@"), P, "2YRLlVAflCqxaNicjMpJcSTgzSs="),
    "11 user:pass and port": (
        U.replace("//mycompany.com", "//user:pass@mycompany.com:443"),
        P,
        "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=",
    ),
    "12": (U, BINDINGS, "83O6e2vORAoJHUNzJjDWN1jz+BA="),
    "12 other order": (U, BINDINGS[::-1], "83O6e2vORAoJHUNzJjDWN1jz+BA="),
    "13": (f"{U}&Body=It%27s+amazing", P, "TfZzewPq8wqrGlMfyAud8+/IvJ0="),
}


@pytest.mark.parametrize(("url", "pairs", "expected"), VECTORS.values(), ids=VECTORS)
def test_the_published_vectors_are_reproduced(url: str, pairs: list[tuple[str, str]], expected: str) -> None:
    """1.2, "Test vectors (token 12345; recomputed, all match)": the ids are their numbers."""
    assert sign(TOKEN, url, pairs) == expected


def test_the_hash_of_a_json_body_is_the_lower_case_sha256() -> None:
    """1.2: "bodySHA256=<lowercase hex SHA-256 of raw body>"."""
    assert sha256(b'{"property": "value", "boolean": true}').hexdigest() == HASH


@pytest.mark.parametrize(
    ("url", "voice", "expected"),
    [
        ("https://user:pass@h.example:8443/p?q=1#rc=2", True, "https://h.example/p?q=1"),
        ("http://user:pass@h.example:8080/p", True, "http://h.example:8080/p"),
        ("https://user:pass@h.example:8443/p", False, "https://h.example:8443/p"),
        ("http://user:pass@h.example:8080/p", False, "http://h.example:8080/p"),
        ("https://[2001:db8::1]:8443/p", True, "https://[2001:db8::1]/p"),
        ("https://[2001:db8::1]/p", True, "https://[2001:db8::1]/p"),
    ],
)
def test_voice_over_https_signs_without_port_and_nothing_signs_credentials_or_fragment(
    url: str, voice: bool, expected: str
) -> None:
    """1.2, "URL normalisation that Twilio applies before signing"; "The #... fragment is never part of it"."""
    assert signed_url(url, voice) == expected


def test_the_official_validator_accepts_a_post_webhook(stage: Stage) -> None:
    """1.2: "sort parameter names by byte order, append each name and its decoded value"."""
    stage.call("<Hangup/>")
    seen = stage.one("/voice")
    assert RequestValidator(TOKEN).validate(seen.url, seen.params, seen.headers["X-Twilio-Signature"])


def test_the_official_validator_accepts_a_get_webhook_whose_parameters_are_in_the_url(stage: Stage) -> None:
    """1.2: "For GET append nothing (parameters already sit in the URL)"."""
    stage.page("/next", "<Hangup/>")
    stage.call('<Redirect method="GET">/next?step=2</Redirect>')
    seen = stage.one("/next")
    assert seen.method == "GET"
    assert seen["step"] == "2"
    assert RequestValidator(TOKEN).validate(seen.url, {}, seen.headers["X-Twilio-Signature"])


def test_the_official_validator_refuses_another_token(stage: Stage) -> None:
    """1.2: "HMAC-SHA1 with the account's primary Auth Token as key"."""
    stage.call("<Hangup/>")
    seen = stage.one("/voice")
    assert not RequestValidator("other").validate(seen.url, seen.params, seen.headers["X-Twilio-Signature"])


def test_empty_values_and_spaces_count(stage: Stage) -> None:
    """1.2: "Values must not be trimmed or re-encoded; empty values count (name + nothing)"."""
    stage.call("<Hangup/>", parameters={"Empty": "", "Padded": "  a b  ", "Plus": "+&="})
    seen = stage.one("/voice")
    assert (seen["Empty"], seen["Padded"], seen["Plus"]) == ("", "  a b  ", "+&=")
    assert RequestValidator(TOKEN).validate(seen.url, seen.params, seen.headers["X-Twilio-Signature"])


@pytest.mark.parametrize("signed", [True, False])
def test_the_attestation_may_be_added_after_signing(signed: bool) -> None:
    """1.2: "(field, doubtful) One project excludes CallToken and StirVerstat ... Treat as unconfirmed"."""
    stage = Stage(Options(attestation_signed=signed))
    stage.call("<Hangup/>")
    seen = stage.one("/voice")
    fewer = {name: value for name, value in seen.params.items() if name not in {"CallToken", "StirVerstat"}}
    assert len(fewer) == len(seen.params) - 2
    judge = RequestValidator(TOKEN).validate
    assert judge(seen.url, seen.params, seen.headers["X-Twilio-Signature"]) is signed
    assert judge(seen.url, fewer, seen.headers["X-Twilio-Signature"]) is not signed


def test_a_redirected_request_is_signed_for_where_it_goes(stage: Stage) -> None:
    """1.2: "Start with the exact URL Twilio requested"."""
    stage.page("/moved", "<Hangup/>")
    stage.incoming(Page(status=302, headers={"Location": "/moved?x=1"}))
    seen = stage.one("/moved")
    assert RequestValidator(TOKEN).validate(f"{BASE}/moved?x=1", {}, seen.headers["X-Twilio-Signature"])
