"""What whoever is handed a call is told of the patient and of how an emergency was heard."""

from __future__ import annotations

import pytest

from callflows.engine.replay import Entry
from callflows.handing_over import find_age, find_flag, list_raised
from callflows.values import Question
from callflows.vocabulary import Answer, Pressed, Silence, Spoke

BREATH = Question("breath", (("en-US", "Hard to breathe?"),), "emergent", True)
FEVER = Question("fever", (("en-US", "A fever?"),), "urgent")
QUESTIONS = (BREATH, FEVER)
NO = Spoke("no", danger="calm", reply="no")


@pytest.mark.parametrize(
    ("answer", "age"),
    [
        (Pressed("1"), "newborn"),
        (Pressed("4"), "adult"),
        (Pressed("9"), ""),
        (Spoke("a baby", wish="infant"), "infant"),
    ],
)
def test_the_age_is_the_key_or_the_words_that_told_it(answer: Answer, age: str) -> None:
    assert find_age([Entry("patient/age/0", Silence()), Entry("patient/age/1", answer)]) == age


@pytest.mark.parametrize(
    ("key", "answer", "flag"),
    [
        ("symptom/words/0", Spoke("chest pain", danger="flagged"), "said"),
        ("symptom/words/0", Spoke("he is not well", danger="emergent"), "ear"),
        ("symptom/words/0", Spoke("never judged"), "ear"),
        ("symptom/words/0", Spoke("a cough", danger="ill"), ""),
        ("triage/breath/0", Pressed("1"), "asked"),
        ("triage/breath/0", Silence(), "asked"),
        ("triage/breath/0", NO, ""),
        ("triage/fever/0", Pressed("1"), ""),
        ("nurse/wait", Pressed("2"), "worse"),
        ("kept/wait/0", Pressed("2"), "worse"),
        ("menu", Pressed("2"), ""),
    ],
)
def test_how_an_emergency_was_heard(key: str, answer: Answer, flag: str) -> None:
    assert find_flag([Entry("menu", Pressed("1")), Entry(key, answer)], QUESTIONS) == flag


def test_a_question_counts_by_its_last_answer_and_all_but_a_clear_no_is_told() -> None:
    asked = [
        Entry("triage/breath/0", Pressed("7")),
        Entry("triage/breath/1", Pressed("2")),
        Entry("triage/fever/0", Silence()),
    ]
    assert list_raised(asked, QUESTIONS) == (2, (FEVER,))
