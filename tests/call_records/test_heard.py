"""How an answer is told: keyed, by a phrase, by the ear, in words that reply, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callflows.call_record import heard
from callflows.call_record.material import About, Attempt, Material, Promised
from callflows.call_record.record import compose_record
from callflows.engine.retelling import Exchange
from callflows.prompts import line
from callflows.vocabulary import Answer, Ask, Interrupted, Pressed, Silence, Spoke
from callflows.vocabulary.hearing import CALM, DOUBT, EMERGENT, FLAGGED, NO, PERSON, YES

AT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
NAME = "Evelyn Quillfeather"
YES_OR_NO = Ask("triage/brain/0", (line("symptom.yes_no", "en-US"),), speech=True)
BIRTH = Ask("identity/birth/0", (line("identity.birth", "en-US"),), digits=8, speech=True)
MENU = Ask("reason/0", (line("menu.option", "en-US", service="a nurse", key="1"),), wishes=("nurse",))


def words(text: str, danger: str = CALM, **marks: str) -> Spoke:
    return Spoke(text, 0.9, danger=danger, **marks)


@pytest.mark.parametrize(
    ("answer", "hearing", "flag", "meaning"),
    [
        (Pressed("1"), "keyed", "none", "yes: raises to emergent"),
        (Pressed("2"), "keyed", "none", "no"),
        (words("no", reply=NO), "reply words", "none", "no"),
        (words("maybe", reply=DOUBT), "reply words", "none", "in doubt, taken for yes: raises to emergent"),
        (Silence(), "silence", "none", "silence, taken for yes: raises to emergent"),
        (
            words("no he is choking", FLAGGED, reply=NO, flag="breathing"),
            "phrase of the protocol",
            "breathing",
            "an emergency, by a red flag: raises to emergent",
        ),
        (
            words("he looks grey", EMERGENT, flag="heart"),
            "by the ear",
            "heart",
            "an emergency, by the ear: raises to emergent",
        ),
        (
            Spoke("yes he did", 0.9),
            "not known: logged before it was kept, or the ear failed",
            "none",
            "words that nothing judged: taken for an emergency: raises to emergent",
        ),
        (words("hm"), "words without a meaning here", "none", "not understood, taken for yes: raises to emergent"),
        (words("a person", wish=PERSON), "reply words", "none", "wants a person, taken for yes: raises to emergent"),
        (Interrupted("hung-up"), "the line", "none", "hung up: not answered"),
        (None, "cannot be read", "none", "cannot be read"),
    ],
)
def test_an_answer_to_a_screening_question(answer: Answer | None, hearing: str, flag: str, meaning: str) -> None:
    assert heard.describe_hearing(answer) == hearing
    assert heard.flag_of(answer) == flag
    assert heard.describe_screening(answer, "emergent") == meaning


@pytest.mark.parametrize("answer", [Pressed("02291988"), words(NAME), words(f"yes, {NAME}", reply=YES), Spoke(NAME)])
def test_what_identifies_a_patient_is_not_shown(answer: Answer) -> None:
    told = heard.describe_answer(Exchange(AT, BIRTH.key, BIRTH, answer))
    assert "not shown here" in told
    assert NAME not in told
    assert "0229" not in told


def test_a_symptom_said_where_keys_are_asked_for_is_shown() -> None:
    answer = words("he cannot breathe", FLAGGED, flag="breathing")
    assert heard.describe_answer(Exchange(AT, BIRTH.key, BIRTH, answer)) == "“he cannot breathe”"


def test_a_key_is_told_by_what_was_offered_for_it() -> None:
    assert heard.describe_meaning(Exchange(AT, MENU.key, MENU, Pressed("1"))) == "chose “For a nurse, press 1.”"


@pytest.mark.parametrize(
    "value",
    [
        Exchange(AT, BIRTH.key, BIRTH, words(NAME)),
        About("c1", "Maple", "UTC", AT, "en-US", complaint=NAME, number=NAME, patient_state=NAME),
        Promised("callback", "nurse", "urgent", AT, AT, "open", None, 0, number=NAME),
        compose_record(Material(About("c1", "Maple", "UTC", AT, "en-US", symptom=True, complaint=NAME, number=NAME))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_was_said_is_in_no_representation(value: object) -> None:
    assert NAME not in repr(value)


def test_nobody_was_called_and_nobody_came_are_told_in_words() -> None:
    record = compose_record(Material(About("c1", "Maple", "UTC", AT, "en-US", symptom=True, ended_at=AT)))
    assert record.part("Called").remark == "nobody was asked to come"
    assert record.part("Came").remark == "nobody came"
    assert record.item("First person reached").missing == "nobody was asked to come"


def test_a_call_is_closed_once_nobody_is_called_any_more() -> None:
    about = About("c1", "Maple", "UTC", AT, "en-US", symptom=True, ended_at=AT)
    rung = Attempt("Dr Lee", "clinician on call, step 1", "telephone", AT, None, None, "not settled yet")
    assert compose_record(Material(about, attempts=(rung,))).item("Closed").missing
    assert compose_record(Material(about)).item("Closed").value == AT
