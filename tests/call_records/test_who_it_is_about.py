"""Who a call is about, help lines and the address, as the record tells them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callflows.call_record import heard
from callflows.call_record.material import About, Conversation, Material, Protocol, ScreeningQuestion
from callflows.call_record.record import CallRecord, compose_record, find_gaps
from callflows.dialogues.help_lines import help_words
from callflows.engine.retelling import Exchange, Retold, Said
from callflows.prompts import line
from callflows.proof import samples
from callflows.vocabulary import (
    Answer,
    Ask,
    AskMeanwhile,
    DialEnded,
    DialHelpLine,
    Interrupted,
    Joined,
    Pressed,
    Silence,
    Spoke,
    Wait,
)
from callflows.vocabulary.hearing import CALM, DOUBT, FLAGGED, GRAVE, PERSON

AT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
ABOUT = About("c1", "Maple", "UTC", AT, "en-US", symptom=True, urgency="urgent", ended_at=AT)
SHARED = ScreeningQuestion("bleed", ("Heavy bleeding?",), "emergent")
ADULTS = Protocol("adults", "3", (("name", "Dr Patel"), ("fingerprint", "5b12")), (SHARED,), "adult")
CHILDREN = Protocol(
    "children", "2", (), (SHARED, ScreeningQuestion("hot", ("A fever?",), "emergent", ("newborn",))), "child"
)
PREGNANT = Protocol("pregnant", "1", (), (SHARED,), "pregnancy")
GROUPS = (ADULTS, CHILDREN, PREGNANT)
AGE = line("patient.age", "en-US")
CRISIS = help_words(samples.usual(), "crisis")
DOCTOR = Joined("dr-lee", "clinician")


def asked(key: str, answer: Answer | None) -> Exchange:
    return Exchange(AT, key, Ask(key, (AGE,), speech=True), answer)


def record_of(*exchanges: Exchange, protocols: tuple[Protocol, ...] = GROUPS, **about: Any) -> CallRecord:
    changed = About(**{name: getattr(ABOUT, name) for name in About.__slots__} | about)
    record = compose_record(Material(changed, (Conversation("caller", Retold(exchanges)),), protocols))
    assert list(find_gaps(record)) == []
    return record


def test_a_question_that_sets_share_is_of_the_set_of_the_patient() -> None:
    baby = record_of(asked("patient/age/0", Pressed("2")), asked("triage/bleed/0", Pressed("2")))
    assert baby.item("Protocol").value == "children, version 2, not signed"
    assert baby.item("Age and pregnancy").value == "under one year"
    assert baby.part("Questions not asked").rows == (("A fever?", "not asked: it is for patients under three months"),)


@pytest.mark.parametrize(
    ("answer", "protocol", "told"),
    [
        (Pressed("2"), "adults, version 3, signed: name Dr Patel, fingerprint 5b12", "not pregnant, and no birth"),
        (Pressed("1"), "pregnant, version 1", "pregnant, or gave birth in the past year"),
        (Spoke("maybe", 0.9, danger=CALM, reply=DOUBT), "pregnant, version 1", "perhaps pregnant, taken for yes"),
    ],
)
def test_the_set_of_an_adult_is_chosen_by_pregnancy(answer: Answer, protocol: str, told: str) -> None:
    record = record_of(asked("patient/age/0", Pressed("4")), asked("patient/pregnant/0", answer))
    assert str(record.item("Protocol").value).startswith(protocol)
    assert told in str(record.item("Age and pregnancy").value)


@pytest.mark.parametrize(
    ("answer", "meaning", "why"),
    [
        (Silence(), "not told, taken for an emergency", "who the patient is was not told, which is taken for an"),
        (Spoke("a person", 0.9, danger=CALM, wish=PERSON), "wants a person", "the caller wanted a person first"),
        (Spoke("he is choking", 0.9, danger=FLAGGED), "an emergency", "an emergency was found first"),
        (Interrupted("hung-up"), "hung up: not answered", "the caller hung up first"),
        (None, "cannot be read", "somebody was looked for first"),
    ],
)
def test_where_no_set_is_chosen_the_record_says_why(answer: Answer | None, meaning: str, why: str) -> None:
    urgency = "emergent" if "emergency" in meaning else "urgent"
    record = record_of(asked("patient/age/0", answer), urgency=urgency)
    assert meaning in str(record.part("Questions").rows[0][5])
    assert why in record.item("Protocol").missing
    assert why in record.part("Questions not asked").remark


def test_a_group_without_a_set_says_so() -> None:
    record = record_of(asked("patient/age/0", Pressed("1")), protocols=(ADULTS,), urgency="emergent")
    assert "nothing is signed for such a patient" in record.item("Protocol").missing


def test_where_everybody_is_screened_alike_nobody_is_asked_who_it_is_about() -> None:
    record = record_of(protocols=(Protocol("all", "1", (), (SHARED,)),))
    assert record.item("Protocol").value == "all, version 1, not signed"
    assert "everybody is screened by the same questions" in record.item("Age and pregnancy").missing


@pytest.mark.parametrize(
    ("answer", "meaning", "value", "missing"),
    [
        (Spoke("12 Oak Street", 0.9, danger=CALM), "where the patient is", "12 Oak Street", ""),
        (Silence(), "no answer", "", "asked: no words were heard"),
        (DOCTOR, "no answer", "", "asked, and somebody came first"),
    ],
)
def test_the_address_is_told_in_the_words_that_were_said(
    answer: Answer, meaning: str, value: str, missing: str
) -> None:
    key = "emergency/where/address"
    one = Exchange(AT, key, AskMeanwhile(key, (line("where.address", "en-US"),), speech=True), answer)
    record = record_of(one, urgency="emergent")
    assert (record.item("Street address").value, record.item("Street address").missing) == (value, missing)
    assert record.part("Questions").rows[0][5] == meaning


def test_the_address_is_asked_in_an_emergency_only() -> None:
    assert record_of().item("Street address").missing == "not asked: it is asked in an emergency"
    assert record_of(urgency="emergent").item("Street address").missing == "not asked: somebody was looked for first"


def minutes(number: int) -> datetime:
    return AT + timedelta(minutes=number)


def helped(*exchanges: Exchange, dials: int) -> CallRecord:
    connecting = (line("help.connecting", "en-US"),)
    said = (Said(AT, CRISIS), *(Said(minutes(2 * number + 1), connecting) for number in range(dials)))
    retold = Retold(exchanges, said)
    record = compose_record(Material(ABOUT, (Conversation("caller", retold),), GROUPS))
    assert list(find_gaps(record)) == []
    return record


def dial(number: int, answer: Answer) -> Exchange:
    return Exchange(minutes(number), "help/dial", DialHelpLine("help/dial", "+18002738255"), answer)


def test_a_help_line_is_told_with_its_offer_each_connection_and_its_end() -> None:
    record = helped(dial(2, DialEnded(True)), dial(4, DOCTOR), dials=3)
    assert record.part("Help lines").rows == (
        ("the crisis line", AT, minutes(1), minutes(2), "came back to us"),
        ("the crisis line", AT, minutes(3), minutes(4), "the clinician who accepted took them from it"),
        ("the crisis line", AT, minutes(5), "not ended", "talks with it still, or nobody was told that it ended"),
    )
    assert [row[1] for row in record.part("Advice").rows] == [CRISIS[0].spoken()]


def test_a_help_line_that_was_only_offered_was_not_taken() -> None:
    assert helped(dials=0).part("Help lines").rows == (("the crisis line", AT, "not taken", "not taken", "not taken"),)
    assert record_of().part("Help lines").remark == "none was offered"


@pytest.mark.parametrize("name", ["crisis", "poison"])
@pytest.mark.parametrize("language", ["en-US", "es-US"])
def test_the_words_of_a_help_line_are_advice(name: str, language: str) -> None:
    words = help_words(samples.usual().speaking(language), name)
    wait = Wait("wait", (line("wait.clinician", language), *words))
    retold = Retold((), (Said(AT, words), Said(AT, wait.comfort, waiting=True)))
    rows = compose_record(Material(ABOUT, (Conversation("caller", retold),))).part("Advice").rows
    assert [row[1] for row in rows].count(words[0].spoken()) == 2
    assert heard.describe_meaning(Exchange(AT, wait.key, wait, Pressed("8"))) == "wants the help line"


def test_words_that_are_signed_without_911_are_told_as_such() -> None:
    answer = Spoke("my stitches opened", 0.9, danger=GRAVE, flag="wound")
    assert heard.describe_hearing(answer) == "phrase of the protocol"
    assert "without the 911 words" in heard.describe_meaning(asked("symptom/words/0", answer))
