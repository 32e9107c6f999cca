"""Section 3, attribute values: what the tables of 3.2 to 4.1 allow, and the warning for anything else."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import phonesim
from phonesim import Options
from phonesim.codes import TITLES, level
from phonesim.twiml.document import parse
from phonesim.twiml.schema import ATTRIBUTES, NESTED, code_for
from phonesim.twiml.ssml import ELEMENTS
from tests.simulator.stage import Page, Stage

BAD = {
    "Say": [("loop", "often", 13510), ("voice", "robot", 13511), ("language", "Klingon!", 12200)],
    "Play": [("loop", "-1", 13410), ("digits", "1x", 13430)],
    "Pause": [("length", "long", 13910), ("length", "-1", 13910), ("length", "1.5", 13910)],
    "Redirect": [("method", "PUT", 13710)],
    "Reject": [("reason", "tired", 13810)],
    "Gather": [
        ("input", "dtmf voice", 13326), ("method", "PUT", 13312), ("timeout", "0", 13313), ("finishOnKey", "##", 13311),
        ("numDigits", "0", 13314), ("speechTimeout", "soon", 13327), ("maxSpeechTime", "0", 13328),
        ("partialResultCallbackMethod", "PUT", 13329), ("hints", "x" * 101, 13330), ("hints", "x," * 500, 13330),
        ("language", "en_US", 13331), ("bargeIn", "yes", 13332), ("profanityFilter", "1", 13333),
        ("speechModel", "best", 13334), ("actionOnEmptyResult", "yes", 13338),
    ],
    "Record": [
        ("method", "PUT", 13610), ("timeout", "x", 13611), ("maxLength", "0", 13612), ("finishOnKey", "A", 13613),
        ("transcribe", "yes", 13614), ("playBeep", "no", 13616), ("trim", "a bit", 13699),
        ("recordingStatusCallbackEvent", "done", 13621),
    ],
    "Dial": [
        ("method", "PUT", 13210), ("timeout", "4", 13212), ("timeout", "601", 13212), ("hangupOnStar", "1", 13213),
        ("timeLimit", "0", 13216), ("record", "all", 13217), ("sequential", "1", 13218), ("answerOnBridge", "1", 13219),
        ("ringTone", "loud", 13220), ("callReason", "x" * 51, 12200), ("recordingTrack", "left", 12200),
    ],
    "Enqueue": [("method", "PUT", 14201), ("waitUrlMethod", "PUT", 14206), ("maxQueueSize", "0", 12200)],
    "Number": [("method", "PUT", 13221), ("sendDigits", "1-2", 13222), ("statusCallbackEvent", "ring", 12200)],
    "Sip": [("method", "PUT", 13241), ("machineDetection", "Maybe", 12200)],
    "Conference": [
        ("muted", "1", 13230), ("endConferenceOnExit", "1", 13231), ("startConferenceOnEnter", "1", 13232),
        ("waitMethod", "PUT", 13234), ("beep", "loud", 13235), ("trim", "a bit", 13239), ("region", "moon", 12200),
        ("maxParticipants", "251", 12200),
    ],
    "Queue": [("method", "PUT", 14210)],
}  # fmt: skip
CASES = [(verb, *case) for verb, cases in BAD.items() for case in cases]


def document(verb: str, attribute: str, value: str) -> str:
    element = f'<{verb} {attribute}="{value}">x</{verb}>'
    return f"<Response>{f'<Dial>{element}</Dial>' if verb in NESTED['Dial'] else element}</Response>"


@pytest.mark.parametrize(
    ("verb", "attribute", "value", "code"), CASES, ids=[f"{verb} {name}={value[:9]}" for verb, name, value, _ in CASES]
)
def test_a_value_outside_the_table_is_a_warning_with_its_code_and_the_default_holds(
    verb: str, attribute: str, value: str, code: int
) -> None:
    """1.4: "13xxx attribute warnings likewise"; "a few 13xxx/14xxx are ERROR level"."""
    alerts: list[tuple[int, str, int | None]] = []
    verbs = parse(
        document(verb, attribute, value).encode(),
        "main",
        lambda number, why, line=None: alerts.append((number, why, line)),
        Options(skip_whole_verb=False),
    )
    ((found, why, line),) = alerts
    assert (found, line) == (code, 1)
    assert why.startswith(f"{verb} {attribute} is not ")
    element = verbs[0].children[0] if verb in NESTED["Dial"] else verbs[0]
    assert attribute not in element.attributes


def test_a_bad_value_is_seen_in_the_debugger_and_the_call_goes_on(stage: Stage) -> None:
    """1.4: "the bad part is ignored and the call goes on"."""
    line = stage.incoming(Page('<Response>\n<Gather numDigits="many" timeout="2"/>\n<Say>well</Say></Response>'))
    stage.net.advance(4)
    (alert,) = stage.net.alerts
    assert (alert.code, alert.level, alert.line) == (13314, "warning", 2)
    assert [sound.text for sound in line.heard if sound.kind == "say"] == ["well"]


@pytest.mark.parametrize(
    ("kind", "verb", "code"),
    [
        ("screening", "Dial", 13201), ("hold", "Gather", 13238), ("announce", "Dial", 13238),
        ("conference-wait", "Record", 13238), ("conference-wait", "Hangup", 13238), ("whisper", "Dial", 14211),
        ("wait", "Dial", 12200), ("main", "Leave", 12200), ("screening", "Shout", 12200),
    ],
)  # fmt: skip
def test_a_verb_of_another_kind_of_document_has_its_code(kind: str, verb: str, code: int) -> None:
    """3.6: "never Dial (13201)"; 4.1: "Dial, Gather, Hangup, Record -> 13238"; 3.8: allowed in a whisper."""
    assert code_for(kind, verb) == code


@pytest.fixture
def elements(test_data: Path) -> dict[str, Any]:
    """Facts about TwiML elements, read off the official builders."""
    found = json.loads((test_data / "twilio-spec" / "twiml-voice-elements.json").read_text())
    return dict(found["elements"])


def test_every_attribute_and_value_of_the_builders_is_accepted(elements: dict[str, Any]) -> None:
    """3: "Machine-readable element list with attributes, enums and children"."""
    refused = [
        f"{verb} {name}={value}"
        for verb, rules in ATTRIBUTES.items()
        if verb in elements
        for name, facts in elements[verb]["attributes"].items()
        for value in facts.get("values", [])
        if name in rules and not rules[name].accepts(value)
    ]
    assert refused == []


def test_no_attribute_of_the_builders_is_unknown(elements: dict[str, Any]) -> None:
    """3: the element list."""
    missing = [
        f"{verb} {name}"
        for verb, rules in ATTRIBUTES.items()
        if verb in elements
        for name in elements[verb]["attributes"].keys() - rules
    ]
    assert missing == []


def test_speech_markup_is_that_of_the_builders(elements: dict[str, Any]) -> None:
    """3.2: "SSML children break, emphasis, lang, p, phoneme, prosody, s, say-as, sub, w"."""
    assert set(elements["Say"]["children"]) == ELEMENTS


def test_the_codes_have_twilios_titles_and_levels(test_data: Path) -> None:
    """6.6: "Full list: twilio-error-codes-min.json"; newer codes are not in it."""
    found = json.loads((test_data / "twilio-spec" / "twilio-error-codes-min.json").read_text())["codes"]
    known = {one["code"]: (one["title"], one["level"].lower()) for one in found}
    ours = {code: (title, level(code)) for code, title in TITLES.items()}
    assert ours.keys() - known.keys() == {11217}
    assert {code: ours[code] for code in ours if code in known and ours[code] != known[code]} == {}


def test_every_code_the_stand_in_raises_has_a_title() -> None:
    """1.4: an alert says what Twilio's debugger would."""
    source = "".join(path.read_text() for path in Path(phonesim.__file__).parent.rglob("*.py"))
    raised = re.findall(r"(?:complain|WebFailure|Failure|Timeout|JoinRefused)\((1[1-6]\d{3}),", source)
    rules = {rule.code for rules in ATTRIBUTES.values() for rule in rules.values()}
    assert rules | {int(code) for code in raised} <= TITLES.keys()
    assert len(raised) > 15
