"""Answers have the properties and the shapes of the published OpenAPI description of the v2010 API."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.stage import ACCOUNT, BASE, OURS, Stage, as_json

DATA = Path(os.environ.get("SUNLINE_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
SPEC = DATA / "twilio-spec" / "twilio_api_v2010.json"
PYTHON = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list}
DOCTOR = "+13125550181"


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    if not SPEC.is_file():
        pytest.skip(f"no OpenAPI description: {SPEC} is missing; set SUNLINE_TEST_DATA")
    return dict(json.loads(SPEC.read_text())["components"]["schemas"])


def check(schemas: dict[str, Any], name: str, body: dict[str, Any]) -> None:
    properties = schemas[f"api.v2010.account.{name}"]["properties"]
    assert properties.keys() <= body.keys()
    for key, rule in properties.items():
        value = body[key]
        if value is not None:
            check_value(schemas, key, rule, value)


def check_value(schemas: dict[str, Any], key: str, rule: dict[str, Any], value: Any) -> None:
    if "$ref" in rule:
        rule = schemas[rule["$ref"].rsplit("/", 1)[1]]
    if "type" in rule:
        assert isinstance(value, PYTHON[rule["type"]]), key
    if "enum" in rule:
        assert value in rule["enum"], key
    if "pattern" in rule:
        assert re.fullmatch(rule["pattern"].strip("^$"), value), key


def resources(stage: Stage) -> dict[str, str]:
    stage.phone(DOCTOR, "answer")
    out = stage.call_out(DOCTOR, "<Pause length='60'/>")
    stage.call('<Enqueue waitUrl="">triage</Enqueue>')
    member = stage.member("+13125550198")
    stage.member("+13125550197")
    stage.net.advance(10)
    recording = stage.twilio.calls(out).recordings.create().sid
    message = stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello").sid
    queue = stage.twilio.queues.list()[0].sid
    room = stage.twilio.conferences.list()[0].sid
    return {
        "call": f"/Calls/{out}.json", "recording": f"/Recordings/{recording}.json", "queue": f"/Queues/{queue}.json",
        "queue.member": f"/Queues/{queue}/Members/Front.json", "conference": f"/Conferences/{room}.json",
        "conference.participant": f"/Conferences/{room}/Participants/{member.call_sid}.json",
        "message": f"/Messages/{message}.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["call", "recording", "queue", "queue.member", "conference", "conference.participant", "message"]
)
def test_a_resource_has_every_documented_property_in_its_shape(
    stage: Stage, schemas: dict[str, Any], name: str
) -> None:
    reply = stage.rest("GET", resources(stage)[name])
    assert reply.status_code == 200
    check(schemas, name, as_json(reply))


def test_a_finished_call_and_recording_have_their_shape_too(stage: Stage, schemas: dict[str, Any]) -> None:
    paths = resources(stage)
    stage.net.advance(200)
    check(schemas, "call", as_json(stage.rest("GET", paths["call"])))
    check(schemas, "recording", as_json(stage.rest("GET", paths["recording"])))


def test_the_uri_of_a_resource_leads_to_it(stage: Stage) -> None:
    for path in resources(stage).values():
        body = as_json(stage.rest("GET", path))
        again = as_json(stage.rest("GET", body["uri"].removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}")))
        assert again == body


def test_links_stay_below_the_account(stage: Stage) -> None:
    body = as_json(stage.rest("POST", "/Calls.json", {"To": DOCTOR, "From": OURS, "Url": f"{BASE}/out"}))
    assert all(uri.startswith(body["uri"].removesuffix(".json")) for uri in body["subresource_uris"].values())
