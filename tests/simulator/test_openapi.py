"""Requests and answers are those of Twilio's OpenAPI descriptions, path by path and parameter by parameter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import Client as WsgiClient
from werkzeug.wrappers import Request

from phonesim.rest import api
from phonesim.rest.routes import ROUTES
from tests.simulator.openapi import Description, NotDocumented, Operation, checked, description
from tests.simulator.stage import ACCOUNT, BASE, OURS, TOKEN, Stage, as_json

DOCTOR, NURSE, CALLER = "+13125550181", "+13125550182", "+13125550199"
PEM = rsa.generate_private_key(65537, 2048).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
SERVICE = "VA" + "0" * 32


@pytest.fixture
def spec(test_data: Path) -> Description:
    return description(test_data)


MEDIA = re.compile(r"/v1/Alerts|.*/Recordings/<string\(length=34\):sid>(\.<.*)?$")
SERVED = [
    (method, re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", path)) for method, path, _ in ROUTES if not MEDIA.match(path)
]
EACH = pytest.mark.parametrize(("method", "path"), SERVED, ids=[f"{method} {path}" for method, path in SERVED])


def everything(stage: Stage) -> dict[str, str]:
    """One of each kind of thing, in use; path parameter by path parameter."""
    stage.phone(DOCTOR, "answer")
    stage.phone(CALLER, "answer")
    out = stage.call_out(DOCTOR, "<Pause length='600'/>")
    stage.call('<Enqueue waitUrl="">triage</Enqueue>', NURSE)
    record = 'record="record-from-start" participantLabel="caller"'
    member = stage.member("+13125550198", noun=record)
    stage.member("+13125550197")
    stage.net.advance(10)
    stage.net.add_verify_service(SERVICE, custom_codes=True)
    verify = stage.twilio.verify.v2.services(SERVICE)
    old = stage.call_out(DOCTOR)
    stage.twilio.calls(old).update(status="canceled")
    later = stage.twilio.messages.create(
        to=DOCTOR, messaging_service_sid="MG" + "0" * 32, body="hello", schedule_type="fixed", send_at=SPECIAL["SendAt"]
    )
    made = {
        "Calls": out, "ended": old, "Queues": stage.twilio.queues.list()[0].sid,
        "Conferences": stage.twilio.conferences.list()[0].sid, "Participants": member.call_sid,
        "Recordings": stage.twilio.calls(out).recordings.create().sid,
        "Messages": stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello").sid, "scheduled": later.sid,
        "Applications": stage.twilio.applications.create(voice_url=f"{BASE}/app").sid,
        "IncomingPhoneNumbers": stage.twilio.incoming_phone_numbers.list()[0].sid,
        "Keys": stage.twilio.new_keys.create().sid, "Services": SERVICE,
        "Verifications": verify.verifications.create(to=CALLER, channel="sms").sid,
        "PublicKeys": stage.twilio.accounts.v1.credentials.public_key.create(public_key=PEM.decode()).sid,
        "Members": "Front",
    }  # fmt: skip
    stage.net.advance(5)
    return made


def filled(path: str, made: dict[str, str], method: str) -> str:
    """The path with sids of things that exist and may be treated so."""
    place = path.replace("{account}", ACCOUNT)
    while found := re.search(r"/(\w+)/\{\w+\}", place):
        kind = found[1]
        sid = ACCOUNT if kind == "Accounts" else made["ended"] if (kind, method) == ("Calls", "DELETE") else made[kind]
        if (kind, method) == ("Messages", "POST"):
            sid = made["scheduled"]
        if kind == "Calls" and "Recordings" in path:
            sid = made["Calls"]
        if kind == "Recordings" and "Conferences" in path:
            sid = made["conference recording"]
        place = place[: found.start()] + f"/{kind}/{sid}" + place[found.end() :]
    return place


SPECIAL: dict[str, str] = {
    "To": DOCTOR, "From": OURS, "CallerId": OURS, "Url": f"{BASE}/out", "Twiml": "<Response/>", "Method": "GET",
    "SendDigits": "w12", "Code": "1234", "CustomCode": "1234", "Locale": "es", "Channel": "sms", "Status": "completed",
    "PhoneNumber": "+13125550144", "FriendlyName": "a name", "PublicKey": PEM.decode(), "CodeLength": "6",
    "RecordingChannels": "dual", "RecordingTrack": "both", "Trim": "do-not-trim", "ConferenceTrim": "do-not-trim",
    "MachineDetection": "Enable", "AsyncAmd": "true", "Beep": "onExit", "JitterBufferSize": "small",
    "Timeout": "30", "MachineDetectionTimeout": "30", "MachineDetectionSpeechThreshold": "2400",
    "MachineDetectionSpeechEndThreshold": "1200", "MachineDetectionSilenceTimeout": "5000", "Body": "hello",
    "StatusCallbackEvent": "ringing", "RecordingStatusCallbackEvent": "completed", "PauseBehavior": "skip",
    "ConferenceStatusCallbackEvent": "start", "ConferenceRecordingStatusCallbackEvent": "completed",
    "ConferenceRecord": "record-from-start", "SendAt": "2026-11-01T09:00:00Z", "Label": "second", "MaxSize": "100",
    "CallReason": "results", "PageSize": "20", "Page": "0", "PageToken": "PT0", "ConferenceSid": "CF" + "0" * 32,
}  # fmt: skip
COMPANIONS: dict[str, dict[str, str]] = {
    "Coaching": {"CallSidToCoach": ""},
    "ScheduleType": {"MessagingServiceSid": "MG" + "0" * 32, "SendAt": SPECIAL["SendAt"]},
    "Calls.json": {"Url": f"{BASE}/out"},
    "Messages.json": {"From": OURS, "Body": "hello"},
    "VerificationCheck": {"Code": "0000"},
}
"""What a parameter, or every request to a path, needs beside what the description requires."""


def value_of(name: str, rule: dict[str, Any], operation: Operation, made: dict[str, str]) -> str:
    """A value of the documented kind."""
    rule = rule.get("items", rule)
    if "$ref" in rule:
        rule = operation.schemas[rule["$ref"].rsplit("/", 1)[1]]
    if name == "Status" and operation.path.endswith("Recordings/{Sid}.json"):
        return "paused"
    if name == "Status" and "Verifications" in operation.path:
        return "approved"
    if name == "Body" and operation.path.endswith("Messages/{Sid}.json"):
        return ""
    if name in {"CallSidToCoach", "CallSid", "ParentCallSid"}:
        return made["Participants"]
    if name == "VerificationSid":
        return made["Verifications"]
    if name.endswith("ApplicationSid"):
        return made["Applications"]
    if sid := re.match(r"\^(\w\w)\[", rule.get("pattern", "")):
        return ACCOUNT if sid[1] == "AC" else sid[1] + "0" * 32
    if name == "To" and "/v2/" in operation.path:
        return CALLER
    if "enum" in rule:
        return str(SPECIAL.get(name) if SPECIAL.get(name) in rule["enum"] else rule["enum"][0])
    if rule.get("format") == "uri" or name.endswith("Callback"):
        return f"{BASE}/somewhere"
    kinds = {"boolean": "true", "integer": "5", "number": "1"}
    if rule.get("format", "").startswith("date"):
        return "2026-11-01"
    return SPECIAL.get(name) or kinds.get(rule.get("type", ""), "x")


def ask(stage: Stage, method: str, path: str, **data: Any) -> Any:
    client = WsgiClient(stage.net.rest_app)
    where = {"data": data} if method == "POST" else {"query_string": data}
    return client.open(path, method=method, auth=(ACCOUNT, TOKEN), **where)


def stage_with_everything(test_data: Path, deleting: bool = False) -> tuple[Stage, dict[str, str]]:
    stage = Stage()
    made = everything(stage)
    made["conference recording"] = next(iter(stage.net.conferences[made["Conferences"]].recordings)).sid
    stage.net.rest_app = checked(stage.net.rest_app, test_data)  # type: ignore[assignment]
    if deleting:
        made["Queues"] = stage.twilio.queues.create(friendly_name="empty").sid
        for recording in stage.net.recordings.values():
            recording.stop()
        stage.net.advance(5)
    return stage, made


def fresh(stage: Stage, path: str) -> dict[str, str]:
    """What may be used only once, new for each request."""
    count = len(stage.net.trace)
    number = f"+1312557{count:04}"
    if path.endswith("Members/{CallSid}.json"):
        stage.net.run_due()
        stage.call('<Enqueue waitUrl="">triage</Enqueue>', number)
    if path.endswith("VerificationCheck"):
        stage.twilio.verify.v2.services(SERVICE).verifications.create(to=number, channel="sms")
    once = {
        "Queues.json": {"FriendlyName": f"queue {count}"}, "Queues/{Sid}.json": {"FriendlyName": f"queue {count}"},
        "IncomingPhoneNumbers.json": {"PhoneNumber": number}, "Verifications": {"To": number},
        "VerificationCheck": {"To": number},
    }  # fmt: skip
    return next((values for end, values in once.items() if path.endswith(end)), {})


@EACH
def test_every_documented_parameter_is_accepted_and_every_answer_has_its_shape(
    test_data: Path, spec: Description, method: str, path: str
) -> None:
    stage, made = stage_with_everything(test_data, deleting=method == "DELETE")
    place = filled(path, made, method)
    operation = spec.find(method, place)
    assert operation, f"{method} {place} is served but not documented"
    rules = operation.form() if method == "POST" else operation.query()
    least = {name: value_of(name, operation.form()[name], operation, made) for name in operation.required()}
    always = COMPANIONS.get(path.rsplit("/", 1)[1], {}) if method == "POST" else {}
    for name in ["", *sorted(rules, key=lambda name: (name == "Status", name))]:
        beside = {**COMPANIONS.get(name, {}), **always}
        beside = {
            key: value or value_of(key, rules[key], operation, made)
            for key, value in beside.items()
            if value or key in rules
        }
        given = {name: value_of(name, rules[name], operation, made)} if name else {}
        once = fresh(stage, operation.path) if method == "POST" and name != "VerificationSid" else {}
        reply = ask(stage, method, place, **{**least, **beside, **given, **once})
        assert reply.status_code < 300, (name, reply.get_data())
        if method == "DELETE" or "Status" in least:
            break


class Spy(ImmutableMultiDict[str, str]):
    """Notes which parameters a handler reads."""

    read: ClassVar[set[str]] = set()

    def get(self, key: Any, *arguments: Any, **named: Any) -> Any:
        Spy.read.add(key)
        return super().get(key, *arguments, **named)

    def getlist(self, key: Any, *arguments: Any, **named: Any) -> Any:
        Spy.read.add(key)
        return super().getlist(key, *arguments, **named)

    def __getitem__(self, key: Any) -> Any:
        Spy.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: Any) -> bool:
        Spy.read.add(key)
        return super().__contains__(key)


class SpiedRequest(Request):
    parameter_storage_class = Spy


@EACH
def test_no_parameter_is_read_that_is_not_documented(
    test_data: Path, spec: Description, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    stage, made = stage_with_everything(test_data)
    place = filled(path, made, method)
    operation = spec.find(method, place)
    assert operation
    monkeypatch.setattr(api, "Request", SpiedRequest)
    monkeypatch.setattr(Spy, "read", set())
    least = {name: value_of(name, rule, operation, made) for name, rule in operation.form().items()}
    ask(stage, method, place, **(least if method == "POST" else {}))
    known = operation.form() | operation.query()
    assert {name for name in Spy.read if name not in known} == set()


def test_the_uri_of_a_resource_leads_to_it(stage: Stage) -> None:
    made = everything(stage)
    for kind in ("Calls", "Queues", "Conferences", "Recordings", "Messages", "Applications", "IncomingPhoneNumbers"):
        body = as_json(stage.rest("GET", f"/{kind}/{made[kind]}.json"))
        assert as_json(stage.rest("GET", body["uri"].removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}"))) == body


def test_links_stay_below_the_account(stage: Stage) -> None:
    body = as_json(stage.rest("POST", "/Calls.json", {"To": DOCTOR, "From": OURS, "Url": f"{BASE}/out"}))
    assert all(uri.startswith(body["uri"].removesuffix(".json")) for uri in body["subresource_uris"].values())


@pytest.mark.parametrize(
    ("path", "data", "complaint"),
    [
        ("/Calls.json", {"Two": DOCTOR}, "no parameter Two"),
        ("/Calls.json", {"To": DOCTOR, "From": OURS, "Timeout": "soon"}, "no integer"),
        ("/Calls.json", {"To": DOCTOR, "From": OURS, "Method": "PUT"}, "is none of"),
    ],
)
def test_the_middleware_complains_about_a_request_that_is_not_documented(
    test_data: Path, stage: Stage, path: str, data: dict[str, str], complaint: str
) -> None:
    stage.net.rest_app = checked(stage.net.rest_app, test_data)  # type: ignore[assignment]
    with pytest.raises(NotDocumented, match=complaint):
        stage.rest("POST", path, data)


def test_the_middleware_complains_about_an_answer_that_is_not_documented(
    test_data: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid = stage.call_out(DOCTOR)
    stage.net.rest_app = checked(stage.net.rest_app, test_data)  # type: ignore[assignment]
    monkeypatch.setattr("phonesim.rest.documents.call", lambda leg: {"sid": leg.sid})
    with pytest.raises(NotDocumented, match="without"):
        stage.rest("GET", f"/Calls/{sid}.json")
