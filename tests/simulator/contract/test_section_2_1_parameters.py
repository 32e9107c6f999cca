"""Section 2.1, voice request parameters. Each test quotes the rule it pins."""

import re

import pytest

from phonesim import Options
from phonesim.errors import PhonesimError
from phonesim.numbers import Place
from tests.simulator.stage import ACCOUNT, BASE, FOUR_EVENTS, OURS, Stage, heard

CALLER = "+13125550199"


def test_the_first_request_of_an_inbound_call_says_ringing(stage: Stage) -> None:
    """2.1: "Always sent when Twilio asks for instructions"; "CallStatus=ringing, Direction=inbound"."""
    line = stage.call("<Hangup/>")
    seen = stage.one("/voice")
    wanted = {
        "CallSid": line.call_sid, "AccountSid": ACCOUNT, "From": CALLER, "To": OURS, "Caller": CALLER, "Called": OURS,
        "CallStatus": "ringing", "ApiVersion": "2010-04-01", "Direction": "inbound",
        "StirVerstat": "TN-Validation-Passed-A",
    }  # fmt: skip
    assert {name: seen[name] for name in wanted} == wanted
    assert "CallerName" not in seen.params


@pytest.mark.parametrize(("numeric", "shown"), [(True, "+266696687"), (False, "anonymous")])
def test_a_withheld_caller_id_arrives_as_a_placeholder(numeric: bool, shown: str) -> None:
    """2.1: "for withheld IDs a string containing anonymous"; "Numeric placeholders ... (unconfirmed)"."""
    stage = Stage(Options(numeric_placeholders=numeric))
    stage.call("<Hangup/>", from_="anonymous", stir=None)
    seen = stage.one("/voice")
    assert (seen["From"], seen["Caller"]) == (shown, shown)
    assert "StirVerstat" not in seen.params


def test_the_caller_name_is_sent_only_when_the_number_looks_it_up(stage: Stage) -> None:
    """2.1: "CallerName (only when the number has VoiceCallerIdLookup=true)"."""
    stage.net.add_number(OURS, f"{BASE}/voice", caller_name=True)
    stage.call("<Hangup/>", caller_name="LAKE CLINIC")
    assert stage.one("/voice")["CallerName"] == "LAKE CLINIC"


def test_forwarded_from_is_passed_on_when_the_carrier_gives_it(stage: Stage) -> None:
    """2.1: "ForwardedFrom (carrier dependent)"."""
    stage.call("<Hangup/>", forwarded_from="+13125550111")
    assert stage.one("/voice")["ForwardedFrom"] == "+13125550111"


def test_a_number_without_voice_url_fails_at_once_without_a_word(stage: Stage) -> None:
    stage.net.add_number("+13125550105")
    line = stage.net.phone(CALLER).dial("+13125550105")
    stage.net.run_due()
    assert line.state == "failed"
    assert stage.paths() == []


def test_a_number_nobody_added_cannot_be_dialled(stage: Stage) -> None:
    with pytest.raises(PhonesimError, match="dial a number, an application or a SIP domain"):
        stage.net.phone(CALLER).dial("+13125550999")


def test_an_api_call_fetches_its_document_when_it_connects(stage: Stage) -> None:
    """2.1: "Url is fetched when the call connects, CallStatus=in-progress"."""
    stage.phone("+13125550181", "answer", 4)
    stage.call_out("+13125550181", "<Hangup/>")
    stage.net.advance(4.9)
    assert stage.at("/out") == []
    stage.net.advance(0.1)
    seen = stage.one("/out")
    assert (seen["CallStatus"], seen["Direction"]) == ("in-progress", "outbound-api")


def test_a_browser_is_rung_like_a_phone(stage: Stage) -> None:
    """7: "Inbound to browser: <Dial><Client>identity</Client>"."""
    stage.phone("client:ana", "answer")
    line = stage.call('<Dial callerId="client:line"><Client>ana</Client></Dial>')
    stage.net.advance(10)
    assert line.connected_to == {"client:ana"}
    assert heard(line, "ring") == ["", ""]


FORMS = {
    "CallSid": r"CA[0-9a-f]{32}", "AccountSid": r"AC[0-9a-f]{32}", "CallToken": r"\w+", "FromCity": "AUSTIN",
    "FromState": "TX", "FromZip": "78701", "FromCountry": "US", "CallerCity": "AUSTIN", "CallerState": "TX",
    "CallerZip": "78701", "CallerCountry": "US", "ToCity": "", "ToState": "", "ToZip": "", "ToCountry": "US",
    "CalledCity": "", "CalledState": "", "CalledZip": "", "CalledCountry": "US",
}  # fmt: skip


@pytest.mark.parametrize(("name", "form"), FORMS.items(), ids=FORMS)
def test_geography_and_identifiers_have_their_forms(stage: Stage, name: str, form: str) -> None:
    """2.1: "Geography when known ... and the same under Caller*, Called*. Values may be empty strings"."""
    stage.net.places[CALLER] = Place("AUSTIN", "TX", "78701", "US")
    stage.call("<Hangup/>")
    assert re.fullmatch(form, stage.one("/voice")[name])


def test_nothing_is_known_of_where_a_browser_is(stage: Stage) -> None:
    """2.1: "Geography when known"."""
    app = stage.net.add_app(f"{BASE}/voice")
    stage.page("/voice", "<Hangup/>")
    stage.net.phone("client:ana").dial(app.sid)
    stage.net.run_due()
    assert not [name for name in stage.one("/voice").params if name.endswith(("City", "State", "Zip", "Country"))]


@pytest.mark.parametrize(("given", "to"), [({}, ""), ({"To": "+13125550181"}, "+13125550181")])
def test_a_browser_dials_an_app_and_its_parameters_arrive_as_plain_ones(
    stage: Stage, given: dict[str, str], to: str
) -> None:
    """2.1: "From=client:<identity>, To empty or the value passed ...; custom parameters arrive as plain parameters"."""
    app = stage.net.add_app(f"{BASE}/voice", voice_fallback_url=f"{BASE}/fallback", status_callback=f"{BASE}/status")
    stage.page("/voice", "<Say>connected</Say>")
    line = stage.net.phone("client:ana").dial(app.sid, parameters={"Chart": "7", "CallStatus": "mine", **given})
    stage.net.advance(5)
    seen = stage.one("/voice")
    assert (seen["From"], seen["To"], seen["Chart"], seen["Direction"]) == ("client:ana", to, "7", "inbound")
    assert seen["CallStatus"] == "ringing"
    assert not {"StirVerstat", "CallToken"} & seen.params.keys()
    assert (heard(line), stage.one("/status")["CallStatus"]) == (["connected"], "completed")


@pytest.mark.parametrize("credentials", [True, False])
def test_a_call_to_a_sip_domain_brings_the_sip_parameters(stage: Stage, credentials: bool) -> None:
    """2.1: "SIP domain calls add SipDomain, SipDomainSid, SipUsername (credential auth only), ..."."""
    domain = stage.net.add_sip_domain("line.sip.example", f"{BASE}/voice", credentials=credentials)
    stage.page("/voice", "<Hangup/>")
    phone = stage.net.phone("sip:ann@10.0.0.7")
    phone.dial("sip:desk@line.sip.example;transport=tls", parameters={"X-Chart": "7", "Other": "no"})
    stage.net.run_due()
    seen = stage.one("/voice")
    assert (seen["From"], seen["To"]) == ("sip:ann@10.0.0.7", "sip:desk@line.sip.example;transport=tls")
    assert (seen["SipDomain"], seen["SipDomainSid"]) == ("line.sip.example", domain.sid)
    assert seen["SipHeader_X-Chart"] == "7"
    assert {"SipCallId", "SipSourceIp"} <= seen.params.keys()
    assert seen.params.get("SipUsername") == ("ann" if credentials else None)
    assert not {"Other", "StirVerstat", "CallToken"} & seen.params.keys()


@pytest.mark.parametrize("stir", ["TN-Validation-Passed-C", "TN-Validation-Failed-A", "No-TN-Validation"])
def test_the_attestation_is_what_the_carrier_found(stage: Stage, stir: str) -> None:
    """2.1: "StirVerstat appears on inbound PSTN requests when available"."""
    stage.call("<Hangup/>", stir=stir)
    assert stage.one("/voice")["StirVerstat"] == stir


def test_call_tokens_of_two_calls_differ(stage: Stage) -> None:
    """2.1: "CallToken (needed to pass on attestation when forwarding)"."""
    stage.call("<Hangup/>")
    stage.call("<Hangup/>")
    assert len({seen["CallToken"] for seen in stage.at("/voice")}) == 2


def test_a_child_leg_names_its_parent_and_the_first_leg_has_none(stage: Stage) -> None:
    """2.1: "ParentCallSid (absent on the first leg)"; 2.3: "CallSid is the child"."""
    stage.phone("+13125550181", "answer")
    events = f'statusCallback="{BASE}/child" statusCallbackEvent="{FOUR_EVENTS}"'
    line = stage.call(f'<Dial><Number url="/screen" {events}>+13125550181</Number></Dial>')
    stage.page("/screen", "")
    stage.net.advance(10)
    assert "ParentCallSid" not in stage.one("/voice").params
    children = [stage.one("/screen"), *stage.at("/child")]
    assert {seen["ParentCallSid"] for seen in children} == {line.call_sid}
    assert {seen["Direction"] for seen in children} == {"outbound-dial"}
    assert len({seen["CallSid"] for seen in children} | {line.call_sid}) == 2
