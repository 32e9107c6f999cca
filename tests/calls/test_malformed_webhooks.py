from __future__ import annotations

import pytest

from ivr.calls.tables import call
from ivr.core.withheld_numbers import PLACEHOLDERS, WORDS
from ivr.queue.tables import offer, waiting
from tests.calls.office import MAPLE, Office, Party, Reply

pytestmark = pytest.mark.sqlite_first

VERBS = {
    "Response", "Say", "Play", "Gather", "Redirect", "Pause", "Enqueue", "Dial", "Number", "Conference", "Hangup",
    "Record", "Leave",
}  # fmt: skip
PREMIUM = "+19005551234"
INJECTIONS = (
    f"</Say><Dial>{PREMIUM}</Dial><Say>",
    f"]]></Say></Response><Response><Dial>{PREMIUM}</Dial></Response>",
    f"<!--</Say>--><Dial>{PREMIUM}</Dial>",
    "&lt;Hangup/&gt; & <Hangup/> \" '",
    "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
)
ODD_WORDS = (
    *INJECTIONS,
    "word " * 2048,
    "\U0001f600 fièvre \u202egnp.exe \ufeff",
    "tab\there\nand\x0bthere\x07\x7f",
    "\x00null",
    "{0} %s ${HOME} {{7*7}} {practice}",
    "'; DROP TABLE call; --",
)
ODD_KEYS = ("", " ", "hangup", "99", "1" * 400, "*", "#", "A", "w", "www1", "１", "one", "-1", "1;DROP")
ODD_CONFIDENCES = ("", "nan", "inf", "-1", "2", "1e309", "0.9.9", "high", "9" * 200)
AN_ADULT = ("4", "2")
"""Twelve or older, and not pregnant: what is asked before the screening."""
HIDDEN = (*PLACEHOLDERS, *WORDS, "+10000000000", "0000000000")


def sound(reply: Reply) -> Reply:
    """The reply is a document that the network can read, of verbs we meant."""
    assert reply.status == 200
    assert {str(element.tag) for element in reply.root.iter()} <= VERBS
    assert PREMIUM not in {text for dial in reply.root.iter("Dial", "Number") for text in dial.itertext()}
    return reply


def at_menu(office: Office) -> Party:
    """A caller who hears the menu."""
    caller = office.dialled()
    caller.presses("1")
    assert caller.leg.pending_key == "reason/0"
    return caller


def test_nonsense_speech_is_asked_about(office: Office) -> None:
    for words in ODD_WORDS:
        caller = at_menu(office)
        sound(caller.says(words))
        asked = {
            "reason/ill": "I did not get that.",
            "reason/0/errand": "Is anybody ill or hurt now?",
            "danger": "Is somebody in danger right now?",
        }
        assert asked[caller.leg.pending_key] in caller.heard.words, words[:40]


def test_whatever_is_said_about_the_matter_is_only_ever_words(office: Office) -> None:
    for words in INJECTIONS:
        caller = at_menu(office)
        caller.presses("1")
        sound(caller.says(words))
        for keys in AN_ADULT:
            sound(caller.presses(keys))
        assert caller.leg.flow == "inbound"
        assert caller.leg.pending_key.startswith("triage/")


def test_a_callers_name_never_reaches_the_document(office: Office) -> None:
    plain = office.dialled()
    for name in ODD_WORDS:
        named = office.dialled(CallerName=name)
        assert sound(named.heard).text == plain.heard.text.replace(plain.leg.id, named.leg.id)


def test_keys_that_mean_nothing_are_asked_again(office: Office) -> None:
    for keys in ODD_KEYS:
        caller = at_menu(office)
        sound(caller.presses(keys))
        assert caller.leg.pending_key == ("reason/dial-in/0" if keys == "*" else "reason/ill"), keys


def test_an_answer_without_any_key_or_word_is_silence(office: Office) -> None:
    caller = at_menu(office)
    sound(caller.asks(caller.heard.url("action")))
    assert caller.leg.pending_key == "reason/ill"
    assert "I did not hear you." in caller.heard.words


def test_a_confidence_that_is_none_changes_nothing(office: Office) -> None:
    for confidence in ODD_CONFIDENCES:
        caller = at_menu(office)
        sound(caller.says("an appointment please", confidence))
        assert caller.leg.pending_key == "identity/seen/0", confidence


POUND = ""
"""Passes over the item that is asked for besides."""


@pytest.mark.parametrize("shown", HIDDEN)
def test_a_hidden_number_is_served_and_asked_for_where_a_call_back_is_promised(office: Office, shown: str) -> None:
    caller = office.dialled(from_=shown)
    sound(caller.heard)
    assert office.one(call).caller_sealed is None
    caller.plays("141")
    for keys in ("03141980", "60601", POUND) * 3:
        sound(caller.presses(keys))
    sound(caller.presses("2"))
    assert "enter the ten digits" in caller.heard.words


@pytest.mark.parametrize("dialled", ["+13125550000", "+442079460000", "sip:somebody@example.com", "12345", ""])
def test_a_number_nobody_knows_hears_the_emergency_words_and_reaches_the_fallback_pool(
    any_office: Office, dialled: str
) -> None:
    office = any_office
    caller = office.dialled(to=dialled)
    sound(caller.heard)
    assert caller.heard.words.startswith("If this is an emergency, hang up and dial 911.")
    assert "Si es una emergencia" in caller.heard.words
    assert caller.heard.verbs[-1] == "Enqueue"
    assert office.one(waiting).pool == "cape-town"
    assert office.alerts() == ["unknown-number"]
    office.world.settle()
    assert office.one(offer).agent_id in {"thandi", "mateus", "lerato", "isabel"}


def test_a_leg_nobody_knows_gets_the_fallback_document(office: Office) -> None:
    stranger = Party(office, "CA" + "8" * 32, "+13125550155", MAPLE)
    sound(stranger.asks("/voice/leg/ffffffffffffffffffffffff/0/answer", Digits="1"))
    assert "911" in stranger.heard.words
    assert "Dial" in stranger.heard.verbs


def test_steps_beyond_all_reason_change_nothing(office: Office) -> None:
    caller = at_menu(office)
    leg_id, before = caller.leg.id, caller.heard.text
    for step in ("99", "999999999999999999999", "0"):
        reply = sound(caller.send(f"/voice/leg/{leg_id}/{step}/answer", Digits="1"))
        assert reply.text == before
    assert caller.leg.pending_key == "reason/0"


def test_nothing_odd_lowers_an_urgency(office: Office) -> None:
    caller = at_menu(office)
    caller.presses("1")
    caller.says("my chest hurts")
    assert office.one(call).urgency == "emergent"
    for asked, words in zip(("address", "state", "number/same"), ODD_WORDS, strict=False):
        assert caller.leg.pending_key in (f"emergency/where/{asked}", f"where/{asked}")
        sound(caller.says(words))
        assert office.one(call).urgency == "emergent"
    for words in ODD_WORDS:
        sound(caller.send(caller.heard.url("waitUrl"), SpeechResult=words))
        assert office.one(call).urgency == "emergent"
