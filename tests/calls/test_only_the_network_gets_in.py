from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Row, insert
from structlog.testing import capture_logs
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from ivr.calls.tables import call, leg
from ivr.codes.tables import one_time_code
from ivr.oncall.tables import page
from ivr.recordings.tables import recording
from ivr.twilio.signature import SignatureCheck
from phonesim.signature import sign
from rehearsals.world import ACCOUNT, PUBLIC_URL, TOKEN, World
from tests.calls.office import CALLER, CONFIG, MAPLE, NIGHT, Office

REFUSALS = (403, 405, 411, 413, 415)
MARKERS = ("Ottoline", "my secret ailment", "+13125550199")
FIELDS = {
    "AccountSid": ACCOUNT, "CallSid": "CA" + "7" * 32, "From": CALLER, "To": MAPLE, "CallStatus": "completed",
    "Direction": "inbound", "ConferenceSid": "CF" + "7" * 32, "RecordingSid": "RE" + "7" * 32,
    "MessageSid": "SM" + "7" * 32, "CallerName": "Ottoline", "SpeechResult": "my secret ailment", "Digits": "1",
    "RecordingStatus": "completed", "MessageStatus": "delivered", "StatusCallbackEvent": "participant-join",
    "SequenceNumber": "9",
}  # fmt: skip

NAMES_NO_CALL = ("/voice/incoming", "/voice/status", "/voice/fallback")
"""Addresses without an id: what they are about, the form alone tells."""
Attack = Callable[[FlaskClient, str], TestResponse]


def _post(client: FlaskClient, path: str, fields: Any, signature: str | None = None, **more: Any) -> TestResponse:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    return client.post(path, data=fields, headers=headers, **more)


def _signed(client: FlaskClient, path: str, **changed: str) -> TestResponse:
    fields = {**FIELDS, **changed}
    return _post(client, path, fields, sign(TOKEN, PUBLIC_URL + path, fields.items()))


def _shifted(client: FlaskClient, path: str) -> TestResponse:
    cut = {name: value for name, value in FIELDS.items() if name not in ("From", "To")}
    stuck = {**cut, "From": f"{CALLER}To{MAPLE}"}
    return _post(client, path, stuck, sign(TOKEN, PUBLIC_URL + path, FIELDS.items()))


def _json(client: FlaskClient, path: str) -> TestResponse:
    body, signature = json.dumps(FIELDS), sign(TOKEN, PUBLIC_URL + path)
    return _post(client, path, body, signature, content_type="application/json")


def _oversized(client: FlaskClient, path: str) -> TestResponse:
    return _signed(client, path, SpeechResult="a" * 70_000)


def _got(client: FlaskClient, path: str) -> TestResponse:
    url = f"{path}?CallSid={FIELDS['CallSid']}&AccountSid={ACCOUNT}"
    return client.get(url, headers={"X-Twilio-Signature": sign(TOKEN, PUBLIC_URL + url)})


def _with_a_query(client: FlaskClient, path: str) -> TestResponse:
    return _post(client, f"{path}?Digits=1", FIELDS, sign(TOKEN, PUBLIC_URL + path, FIELDS.items()))


ATTACKS: dict[str, Attack] = {
    "unsigned": lambda client, path: _post(client, path, FIELDS),
    "empty signature": lambda client, path: _post(client, path, FIELDS, ""),
    "wrong signature": lambda client, path: _post(client, path, FIELDS, "c2lnbmF0dXJl"),
    "another token": lambda client, path: _post(client, path, FIELDS, sign("x", PUBLIC_URL + path, FIELDS.items())),
    "an empty token": lambda client, path: _post(client, path, FIELDS, sign("", PUBLIC_URL + path, FIELDS.items())),
    "another address": lambda client, path: _post(
        client, path, FIELDS, sign(TOKEN, "https://elsewhere.example" + path, FIELDS.items())
    ),
    "another path": lambda client, path: _post(
        client, path, FIELDS, sign(TOKEN, PUBLIC_URL + "/voice/fallback/", FIELDS.items())
    ),
    "another account": lambda client, path: _signed(client, path, AccountSid="AC" + "6" * 32),
    "a field changed": lambda client, path: _post(
        client, path, {**FIELDS, "Digits": "2"}, sign(TOKEN, PUBLIC_URL + path, FIELDS.items())
    ),
    "fields cut elsewhere": _shifted,
    "an unsigned query": _with_a_query,
    "json": _json,
    "oversized": _oversized,
    "get": _got,
    "head": lambda client, path: client.head(path),
    "put": lambda client, path: client.put(path, data=FIELDS),
    "nothing at all": lambda client, path: client.post(path),
}


def admitted(world: World, path: str) -> list[str]:
    """Which attacks on ``path`` are not refused."""
    client = world.app.test_client()
    return [name for name, attack in ATTACKS.items() if attack(client, path).status_code not in REFUSALS]


def voice_rules(world: World) -> list[Rule]:
    """Every route that the phone network may ask for."""
    rules = [rule for rule in world.app.url_map.iter_rules() if rule.rule.startswith("/voice")]
    assert len(rules) >= 15
    return rules


def _paths(office: Office) -> dict[str, str]:
    """Each voice route with ids that exist."""
    known = {
        "leg_id": office.rows(leg, leg.c.role == "caller")[0].id,
        "call_id": office.one(call).id,
        "recording_id": office.one(recording).id,
        "page_id": office.one(page).id,
        "code_id": office.one(one_time_code).id,
        "step": "1",
    }
    adapter = office.world.app.url_map.bind("sunline.example", url_scheme="https")
    return {
        rule.endpoint: adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}, method="POST")
        for rule in voice_rules(office.world)
    }


@pytest.fixture
def busy(office: Office) -> Office:
    """An installation in the middle of an emergency, so that every kind of id exists."""
    caller = office.dialled()
    caller.plays("111")
    caller.says("my chest hurts")
    about = office.one(call)
    with office.services.database.write() as connection:
        connection.execute(insert(one_time_code).values(**code_of(about, office.world.now)))
    return office


def code_of(about: Row[Any], at: datetime) -> dict[str, Any]:
    """A code that was texted for a call."""
    texted = {"id": "c" * 24, "patient_id": "p" * 24, "number_hash": "n", "code_hash": "h", "state": "sent", "wrong": 0}
    return {
        **texted,
        "call_id": about.id,
        "practice_id": "maple",
        "made_at": at,
        "expires_at": at + timedelta(minutes=10),
    }


def test_every_voice_route_refuses_whatever_the_network_did_not_send(busy: Office) -> None:
    before = busy.contents()
    let_in = {path: admitted(busy.world, path) for path in _paths(busy).values()}
    assert {path: attacks for path, attacks in let_in.items() if attacks} == {}
    assert busy.contents() == before


def test_every_voice_route_accepts_what_the_network_sends(busy: Office) -> None:
    client, sid = busy.world.app.test_client(), busy.rows(leg, leg.c.role == "caller")[0].twilio_sid
    refused = {
        path: _signed(client, path, RecordingSid=f"RE{number:032x}", CallSid=sid, ParentCallSid=sid).status_code
        for number, path in enumerate(_paths(busy).values())
    }
    assert {path: status for path, status in refused.items() if status not in (200, 204)} == {}


def test_every_voice_route_refuses_or_ignores_what_is_about_another_call(busy: Office) -> None:
    """Signed as it should be, with the ids of one call in the address and those of another in the form."""
    about_a_call = {path for path in _paths(busy).values() if path not in NAMES_NO_CALL}
    other = busy.dialled(from_="+13125550198")
    foreign = {"CallSid": other.sid, "ParentCallSid": other.sid, "CallStatus": "in-progress"}
    known = {"message_sid": "SM" + "1" * 32}
    with busy.services.database.write() as connection:
        connection.execute(page.update().values(known))
    before, client = busy.contents(), busy.world.app.test_client()
    answers = {path: _signed(client, path, **foreign) for path in about_a_call}
    assert busy.contents() == before
    served = {path for path, answer in answers.items() if answer.status_code == 200}
    assert {path: answers[path].get_data(as_text=True) for path in served if not path.endswith("/document")} == {}
    assert all("<Say" not in answers[path].get_data(as_text=True) for path in served)


def test_a_call_that_is_one_leg_is_not_taken_for_another_that_no_call_is_yet(busy: Office) -> None:
    other = busy.dialled(from_="+13125550198")
    (unclaimed,) = [row for row in busy.rows(leg) if row.twilio_sid is None]
    before, client = busy.contents(), busy.world.app.test_client()
    for path in (f"/voice/leg/{unclaimed.id}/0/document", f"/voice/leg/{unclaimed.id}/status"):
        assert "<Say" not in _signed(client, path, CallSid=other.sid).get_data(as_text=True)
    assert busy.contents() == before


def test_every_voice_route_takes_post_and_nothing_else(world: World) -> None:
    assert {rule.rule for rule in voice_rules(world) if (rule.methods or set()) - {"POST", "OPTIONS"}} == set()


def test_a_route_without_a_guard_is_found_by_this_sweep(world: World) -> None:
    world.app.add_url_rule("/voice/careless", view_func=lambda: "<Response/>", methods=["POST"])
    assert "unsigned" in admitted(world, "/voice/careless")
    assert "/voice/careless" in {rule.rule for rule in voice_rules(world)}


def test_a_refusal_is_logged_without_anything_the_request_held(busy: Office) -> None:
    client = busy.world.app.test_client()
    with capture_logs() as lines:
        for attack in ATTACKS.values():
            attack(client, "/voice/incoming")
    assert {line["event"] for line in lines} == {"webhook_refused"}
    assert not [word for word in MARKERS if word in repr(lines)]


def test_both_tokens_are_good_while_they_are_being_changed() -> None:
    with World(CONFIG, NIGHT) as world:
        world.app.extensions["sunline-signature"] = SignatureCheck((TOKEN, "the-next-token"), PUBLIC_URL)
        fields = {**FIELDS, "CallStatus": "ringing"}
        answers = [
            Office(world).post("/voice/incoming", token=token, **fields).status for token in (TOKEN, "the-next-token")
        ]
    assert answers == [200, 200]
