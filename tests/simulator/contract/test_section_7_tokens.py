"""Section 7, access tokens and browsers as phones. Each test quotes the rule it pins."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from phonesim import Network, Options
from phonesim.browser import Browser
from phonesim.errors import PhonesimError
from phonesim.tokens import BadToken, read_token
from tests.simulator.stage import ACCOUNT, BASE, START, Stage, heard

KEY, SECRET = "SK" + "1" * 32, "a secret of thirty-two characters"
APPLICATION = "AP" + "2" * 32
HOUR = timedelta(hours=1)


def stage_with_key(options: Options | None = None) -> Stage:
    stage = Stage(options)
    stage.net.add_api_key(KEY, SECRET)
    return stage


def token(
    identity: str = "ana", application: str = "", incoming: bool = True, secret: str = SECRET, account: str = ACCOUNT,
    key: str = KEY, starts: datetime = START, life: timedelta = HOUR, params: dict[str, str] | None = None,
) -> str:  # fmt: skip
    """A token as Twilio's own library writes it."""
    made = AccessToken(
        account, key, secret, identity=identity, nbf=int(starts.timestamp()),
        valid_until=int((starts + life).timestamp()),
    )  # fmt: skip
    made.add_grant(
        VoiceGrant(
            incoming_allow=incoming, outgoing_application_sid=application or None, outgoing_application_params=params
        )
    )
    return str(made.to_jwt())


def test_a_token_of_twilios_library_is_understood() -> None:
    """7: "JWT HS256 signed with the API key secret"; grants identity, voice incoming and outgoing."""
    read = read_token(stage_with_key().net, token(application=APPLICATION, params={"desk": "7"}))
    assert (read.identity, read.incoming, read.application_sid) == ("ana", True, APPLICATION)
    assert (read.parameters, read.expires) == ({"desk": "7"}, START + HOUR)


def test_without_the_grant_nothing_comes_in() -> None:
    """7: "incoming absent unless allow is True"."""
    net = stage_with_key().net
    assert read_token(net, token(incoming=False)).incoming is False
    with pytest.raises(PhonesimError, match=r"incoming\.allow"):
        Browser(net, token(incoming=False)).register()


def header(text: str) -> str:
    parts = token().split(".")
    return ".".join([urlsafe_b64encode(text.encode()).decode().rstrip("="), *parts[1:]])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not a token", 20101),
        ("a.b.c", 20101),
        (header('{"typ":"JWT","alg":"none","cty":"twilio-fpa;v=1"}'), 20102),
        (header('{"typ":"JWT","alg":"HS256"}'), 20102),
        (token(key="SK" + "9" * 32), 20103),
        (token(account="AC" + "9" * 32), 20103),
        (token(life=timedelta(0)), 20104),
        (token(starts=START + timedelta(minutes=1)), 20105),
        (token(identity=""), 20106),
        (token(identity="Ana Reyes"), 20106),
        (token(identity="x" * 257), 20106),
        (token(secret="another secret of enough characters"), 20107),
        (token(life=timedelta(hours=25)), 20157),
    ],
)
def test_what_is_wrong_with_a_token_is_told_by_its_code(text: str, code: int) -> None:
    """7: "iss=SK sid, sub=AC sid, nbf, exp"; "Identity <=256 chars, no spaces"; error dictionary 20101 to 20157."""
    with pytest.raises(BadToken) as problem:
        read_token(stage_with_key().net, text)
    assert problem.value.code == code


@pytest.mark.parametrize("limited", [True, False])
def test_a_token_lives_at_most_a_day(limited: bool) -> None:
    """7: "24 h maximum unconfirmed"."""
    net = stage_with_key(Options(token_life_limited=limited)).net
    if limited:
        with pytest.raises(BadToken):
            read_token(net, token(life=timedelta(hours=48)))
    else:
        assert read_token(net, token(life=timedelta(hours=48))).identity == "ana"


def with_application(stage: Stage) -> str:
    stage.page("/app", "<Say>whom do you call</Say><Pause length='9'/>")
    return str(stage.twilio.applications.create(voice_url=f"{BASE}/app").sid)


def test_a_browser_calls_the_application_of_its_token() -> None:
    """7: "Twilio requests the TwiML App's VoiceUrl with From=client:<identity> and the params as form fields"."""
    stage = stage_with_key()
    browser = Browser(stage.net, token(application=with_application(stage), params={"desk": "7"}))
    line = browser.connect({"To": "+13125550181", "call": "17"})
    stage.net.run_due()
    seen = stage.one("/app")
    assert (seen["From"], seen["To"], seen["Direction"]) == ("client:ana", "+13125550181", "inbound")
    assert (seen["call"], seen["desk"], seen["CallStatus"]) == ("17", "7", "ringing")
    assert heard(line) == ["whom do you call"]


def test_a_browser_cannot_pass_itself_off_as_another_call() -> None:
    """7: parameters are "untrusted input although the request is validly signed"; they replace no standard one."""
    stage = stage_with_key()
    line = Browser(stage.net, token(application=with_application(stage))).connect({"CallSid": "CA1", "From": "+1"})
    stage.net.run_due()
    seen = stage.one("/app")
    assert (seen["CallSid"], seen["From"]) == (line.call_sid, "client:ana")


def test_to_is_empty_when_the_browser_does_not_say() -> None:
    """2.1: "To empty or the value passed as a custom parameter"."""
    stage = stage_with_key()
    Browser(stage.net, token(application=with_application(stage))).connect()
    stage.net.run_due()
    assert stage.one("/app")["To"] == ""


def test_a_token_without_application_calls_nobody() -> None:
    """7: "outgoing":{"application_sid":AP..."""
    with pytest.raises(PhonesimError, match=r"voice\.outgoing"):
        Browser(stage_with_key().net, token()).connect()


def dial_client(stage: Stage) -> Any:
    stage.page("/after", "<Hangup/>")
    return stage.call('<Dial action="/after"><Client>ana</Client></Dial>')


@pytest.mark.parametrize("status", ["no-answer", "failed"])
def test_a_browser_that_is_not_registered_ends_the_leg_quickly(status: str) -> None:
    """7: "unregistered client -> leg ends quickly (DialCallStatus no-answer/failed, exact value unconfirmed)"."""
    stage = stage_with_key(Options(clients_must_register=True, unregistered_client_status=status))
    dial_client(stage)
    stage.net.advance(2)
    assert stage.one("/after")["DialCallStatus"] == status


def test_a_registered_browser_rings_until_its_token_expires() -> None:
    """7: "exp (default +3600 s)"; "Inbound to browser: <Dial><Client>identity</Client>"."""
    stage = stage_with_key(Options(clients_must_register=True))
    browser = Browser(stage.net, token())
    browser.register()
    dial_client(stage)
    stage.net.advance(2)
    assert browser.phone.ringing
    browser.phone.answer().hang_up()
    stage.net.advance(3600)
    dial_client(stage)
    stage.net.advance(2)
    assert not browser.phone.ringing


def test_a_newer_token_keeps_a_browser_registered() -> None:
    """7: "Token refresh: SDK emits tokenWillExpire"."""
    stage = stage_with_key(Options(clients_must_register=True))
    browser = Browser(stage.net, token())
    browser.register()
    stage.net.advance(3000)
    browser.renew(token(starts=stage.net.now))
    with pytest.raises(PhonesimError, match="is for ben"):
        browser.renew(token(identity="ben", starts=stage.net.now))
    stage.net.advance(3000)
    dial_client(stage)
    stage.net.advance(2)
    assert browser.phone.ringing
    browser.unregister()
    assert not stage.net.account.is_registered("client:ana")


def test_without_the_option_every_browser_is_registered(stage: Stage) -> None:
    """7: a stand-in whose browsers need no tokens rings them all."""
    dial_client(stage)
    stage.net.advance(2)
    assert stage.net.phone("client:ana").ringing


def test_a_token_of_a_revoked_key_is_refused() -> None:
    """7: signed with "the API key secret": the key must still be there."""
    stage = stage_with_key()
    net: Network = stage.net
    stage.twilio.keys(KEY).delete()
    with pytest.raises(BadToken) as problem:
        read_token(net, token())
    assert problem.value.code == 20103
