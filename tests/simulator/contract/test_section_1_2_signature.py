"""X-Twilio-Signature (Twilio: Webhooks security)."""

from hashlib import sha256

import pytest
from twilio.request_validator import RequestValidator

from phonesim.signature import sign, signed_url
from tests.simulator.stage import TOKEN, Stage

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
VECTORS = [
    (U, P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (U.replace("https://mycompany.com", "http://mycompany.com:1234"), P, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    (U.replace(".com/", ".com:443/"), P, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    (U.replace("https://mycompany.com", "http://mycompany.com:80"), P, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    (U, DUPLICATES, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    (f"{U}&bodySHA256={HASH}", [], "a9nBmqA0ju/hNViExpshrM61xv4="),
    (f"{U.replace('.com/', '.com:443/')}&bodySHA256={EMPTY}", [], "Ldidvp12m26NI7eqEvxnEpkd9Hc="),
    (f"{U}&bodySHA256={EMPTY}", [], "rw/jVviOgicj2+kHZULvebnA4ag="),
    (f"https://mycompany.com/myapp.php?bodySHA256={HASH}", [], "y77kIzt2vzLz71DgmJGsen2scGs="),
    ("https://example.com/myapp.php?foo=1&bar=2", OTHER, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
    (U, OTHER, "GvWf1cFY/Q7PnoempGyD5oXAezc="),
    (U.replace("//", "//user:pass@"), P, "CukzLTc1tT5dXEDIHm/tKBanW10="),
    (U.replace("//", "//user@"), P, "2YRLlVAflCqxaNicjMpJcSTgzSs="),
    (U.replace("//mycompany.com", "//user:pass@mycompany.com:443"), P, "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="),
    (U, BINDINGS, "83O6e2vORAoJHUNzJjDWN1jz+BA="),
    (U, BINDINGS[::-1], "83O6e2vORAoJHUNzJjDWN1jz+BA="),
    (f"{U}&Body=It's+amazing", P, "TfZzewPq8wqrGlMfyAud8+/IvJ0="),
]


@pytest.mark.parametrize(("url", "pairs", "expected"), VECTORS)
def test_the_published_vectors_are_reproduced(url: str, pairs: list[tuple[str, str]], expected: str) -> None:
    assert sign(TOKEN, url, pairs) == expected or sign(TOKEN, url.replace("'", "%27"), pairs) == expected


def test_the_hash_of_a_json_body_is_the_lower_case_sha256() -> None:
    assert sha256(b'{"property": "value", "boolean": true}').hexdigest() == HASH


@pytest.mark.parametrize(
    ("url", "voice", "expected"),
    [
        ("https://user:pass@h.example:8443/p?q=1#rc=2", True, "https://h.example/p?q=1"),
        ("http://user:pass@h.example:8080/p", True, "http://h.example:8080/p"),
        ("https://user:pass@h.example:8443/p", False, "https://h.example:8443/p"),
    ],
)
def test_voice_over_https_signs_without_port_and_nothing_signs_credentials_or_fragment(
    url: str, voice: bool, expected: str
) -> None:
    assert signed_url(url, voice) == expected


def test_the_official_validator_accepts_a_post_webhook(stage: Stage) -> None:
    stage.call("<Hangup/>")
    seen = stage.one("/voice")
    assert RequestValidator(TOKEN).validate(seen.url, seen.params, seen.headers["X-Twilio-Signature"])


def test_the_official_validator_accepts_a_get_webhook_whose_parameters_are_in_the_url(stage: Stage) -> None:
    stage.page("/next", "<Hangup/>")
    stage.call('<Redirect method="GET">/next?step=2</Redirect>')
    seen = stage.one("/next")
    assert seen.method == "GET"
    assert seen["step"] == "2"
    assert RequestValidator(TOKEN).validate(seen.url, {}, seen.headers["X-Twilio-Signature"])


def test_the_official_validator_refuses_another_token(stage: Stage) -> None:
    stage.call("<Hangup/>")
    seen = stage.one("/voice")
    assert not RequestValidator("other").validate(seen.url, seen.params, seen.headers["X-Twilio-Signature"])
