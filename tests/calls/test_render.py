from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from callflows.prompts import line, own_words
from callflows.vocabulary import Ask, AskCode, AskPin, DialHouse, LeaveMessage, Request, Say, Wait, WithPerson
from ivr.calls.conversation import Position
from ivr.core.urls import Urls
from ivr.webhooks.twiml import render
from ivr.webhooks.twiml.music import SECONDS

PUBLIC = "https://sunline.example"
WORDS = (line("emergency", "en-US"), line("emergency", "es-US"), own_words('Is <b>it</b> & "he" ill?', "en-US"))
SAID = (Say("said", WORDS),)
REQUESTS: dict[str, Request | None] = {
    "one key": Ask("ask", WORDS),
    "keys until pound": Ask("ask", WORDS, digits=None, timeout=10),
    "keys or speech": Ask("ask", WORDS, speech=True, wishes=("scheduling", "prescriptions")),
    "speech in spanish": Ask("ask", WORDS, speech=True, language="es-US"),
    "more hints than there may be": Ask("ask", WORDS, speech=True, wishes=tuple(f"word{n}" for n in range(600))),
    "a pin": AskPin("pin", WORDS),
    "a code": AskCode("code", WORDS, 6, speech=True, timeout=20),
    "a message": LeaveMessage("message", WORDS),
    "a wait": Wait("wait", WORDS, keys="12", position=True),
    "a wait without keys": Wait("wait", WORDS),
    "a talk": WithPerson("talk", "ana"),
    "a talk one may step out of": WithPerson("talk", "caller", may_step_out=True),
    "the house": DialHouse("house", "+13125550190", WORDS),
    "the end": None,
}
KINDS = {"Dial", "Gather", "Record", "Redirect", "Enqueue", "Number", "Conference"}
METHODS = {
    "action": "method",
    "url": "method",
    "waitUrl": "waitUrlMethod",
    "statusCallback": "statusCallbackMethod",
    "recordingStatusCallback": "recordingStatusCallbackMethod",
}
"""Which attribute says how an address is asked for; a conference's waitUrl has another name for it."""


def renderer(request: Request | None) -> render.Renderer:
    """Of a position with words to say and this request."""
    return render.Renderer(Urls(PUBLIC), Position("1" * 24, "2" * 24, "caller", 7, SAID, request))


def documents() -> dict[str, str]:
    """Every document there is, by what it is for."""
    made = {name: renderer(request).main() for name, request in REQUESTS.items()}
    made |= {f"{name}, waiting": renderer(request).wait() for name, request in REQUESTS.items()}
    made |= {
        "hold": render.hold((line("hold", "es-US"),), f"{PUBLIC}/voice/hold/x"),
        "patience": render.patience(("en-US", "es-US"), f"{PUBLIC}/voice/leg/x/1/wait"),
        "fallback_prompt": render.fallback_prompt("Maple", f"{PUBLIC}/voice/leg/x/1/screened"),
        "announcement": render.announcement((line("offer.ended", "en-US"),)),
        "nothing": render.nothing(),
        "goodbye": render.goodbye(),
        "leave": render.leave(),
        "fallback": render.fallback(("en-US", "es-US"), "+13125550190"),
    }
    return made


@pytest.fixture(scope="module")
def elements(test_data: Path) -> Mapping[str, Any]:
    """What the network's own libraries can write, by element."""
    read = json.loads((test_data / "twilio-spec" / "twiml-voice-elements.json").read_text("utf-8"))
    found: Mapping[str, Any] = read["elements"]
    return found


def problems(element: etree._Element, elements: Mapping[str, Any]) -> list[str]:
    """What the network's libraries do not know of an element and of what is inside it."""
    name = str(element.tag)
    known = elements.get(name)
    if known is None:
        return [f"no element {name}"]
    found = [f"{name} has no attribute {key}" for key in element.attrib if str(key) not in known["attributes"]]
    for key, value in element.attrib.items():
        allowed = known["attributes"].get(str(key), {}).get("values")
        wrong = set(str(value).split()) - set(allowed) if allowed else set()
        found += [f"{name} {key} cannot be {one}" for one in sorted(wrong)]
    for child in element:
        if str(child.tag) not in known["children"]:
            found.append(f"{name} may not hold {child.tag}")
        found += problems(child, elements)
    return found


@pytest.mark.parametrize("name", documents())
def test_every_document_is_one_the_network_knows(name: str, elements: Mapping[str, Any]) -> None:
    root = etree.fromstring(documents()[name].encode())
    assert root.tag == "Response"
    assert [problem for child in root for problem in problems(child, elements)] == []


@pytest.mark.parametrize("name", documents())
def test_every_address_in_a_document_is_asked_for_by_post(name: str) -> None:
    for element in etree.fromstring(documents()[name].encode()).iter():
        for address, method in METHODS.items():
            if address in element.attrib:
                said = "waitMethod" if (element.tag, address) == ("Conference", "waitUrl") else method
                assert element.get(said) == "POST", f"{element.tag} {address}"
        if element.tag == "Redirect":
            assert element.get("method") == "POST"


@pytest.mark.parametrize("name", documents())
def test_every_address_in_a_document_is_below_the_public_one_and_opaque(name: str) -> None:
    root = etree.fromstring(documents()[name].encode())
    found = [str(value) for element in root.iter() for value in element.attrib.values() if "://" in str(value)]
    found += [str(element.text) for element in root.iter("Redirect")]
    assert all(address.startswith(f"{PUBLIC}/voice/") and "?" not in address for address in found)


def test_every_request_begins_with_what_was_said_before_it() -> None:
    for request in REQUESTS.values():
        root = etree.fromstring(renderer(request).main().encode())
        spoken = [element.text for element in root][: len(WORDS)]
        assert spoken == [words.spoken() for words in WORDS]
        assert [element.get("language") for element in root][:3] == ["en-US", "es-US", "en-US"]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\ud800", "\ufffe"])
def test_a_character_that_no_document_can_hold_costs_no_document(character: str) -> None:
    request = Ask("ask", (own_words(f"the caller said my{character}knee", "en-US"),))
    (said, *_) = etree.fromstring(renderer(request).main().encode()).iter("Say")
    assert said is not None
    assert "my knee" in renderer(request).main()


def test_the_practices_own_words_stay_words() -> None:
    document = renderer(REQUESTS["one key"]).main()
    assert '&lt;b&gt;it&lt;/b&gt; &amp; "he"' in document


VERBS = {
    "one key": ["Gather", "Redirect"],
    "keys until pound": ["Gather", "Redirect"],
    "keys or speech": ["Gather", "Redirect"],
    "a pin": ["Gather", "Redirect"],
    "a message": ["Record", "Redirect"],
    "a wait": ["Enqueue"],
    "a talk": ["Dial"],
    "the house": ["Dial"],
    "the end": ["Hangup"],
}


@pytest.mark.parametrize("name", VERBS)
def test_each_request_has_its_own_verbs(name: str) -> None:
    root = etree.fromstring(renderer(REQUESTS[name]).main().encode())
    assert [element.tag for element in root if element.tag != "Say"] == VERBS[name]


@pytest.mark.parametrize("name", ["one key", "keys or speech", "a pin"])
def test_silence_is_an_answer_too(name: str) -> None:
    root = etree.fromstring(renderer(REQUESTS[name]).main().encode())
    gather, redirect = root.find("Gather"), root.find("Redirect")
    assert gather is not None and redirect is not None  # noqa: PT018
    assert gather.get("actionOnEmptyResult") == "true"
    assert redirect.text == gather.get("action")


def test_a_wait_says_something_at_least_every_twenty_seconds() -> None:
    for keys in ("", "1"):
        wait = Wait("wait", (line("wait.comfort", "en-US"),), keys=keys)
        root = etree.fromstring(renderer(wait).wait().encode())
        quiet = [int(element.get("timeout") or element.get("length") or 0) for element in root]
        assert [sound.text for sound in root.iter("Play")] == [f"{PUBLIC}/audio/waiting.wav"]
        assert 0 < sum(quiet) + SECONDS <= 20


def test_a_wait_for_another_request_only_leaves() -> None:
    for name, request in REQUESTS.items():
        if not isinstance(request, Wait):
            root = etree.fromstring(renderer(request).wait().encode())
            assert [element.tag for element in root] == ["Leave"], name


def test_a_conference_ends_for_nobody_else_and_hides_the_music() -> None:
    root = etree.fromstring(renderer(REQUESTS["a talk"]).main().encode())
    conference = root.find("Dial/Conference")
    assert conference is not None
    expected = {"endConferenceOnExit": "false", "startConferenceOnEnter": "true", "beep": "false"}
    assert {name: conference.get(name) for name in expected} == expected
    assert set(str(conference.get("statusCallbackEvent")).split()) >= {"join", "leave", "start", "end"}


def test_every_document_that_a_conference_callback_is_named_in_names_the_same() -> None:
    roots = [etree.fromstring(renderer(REQUESTS[name]).main().encode()) for name in REQUESTS if "talk" in name]
    named = {
        tuple(sorted((str(k), str(v)) for k, v in one.attrib.items()))
        for root in roots
        for one in root.iter("Conference")
    }
    assert len(named) == 1


def test_the_same_position_is_the_same_document() -> None:
    assert documents() == documents()


def test_hints_stay_within_what_the_network_takes() -> None:
    root = etree.fromstring(renderer(REQUESTS["more hints than there may be"]).main().encode())
    gather = root.find("Gather")
    assert gather is not None
    assert len(str(gather.get("hints")).split(",")) == render.MOST_HINTS


def test_a_request_without_a_document_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="Say"):
        renderer(Say("said", WORDS)).main()
