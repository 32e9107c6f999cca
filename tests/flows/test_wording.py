"""The prompts are held against their rules without a walk, and so are the keys that they offer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from callflows.dialogues.questions import Option, SymptomHeard, WantsPerson, menu, yes_or_no
from callflows.prompts import CATALOGUES, Line
from callflows.prompts.emergency_911 import EMERGENCY
from callflows.proof import samples
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.keys_said import keys_said
from callflows.proof.reading_level import grade_of, sentences_in, syllables_in
from callflows.proof.wording import HANG_UP_AND_DIAL, prompt_faults
from callflows.values import Call
from callflows.vocabulary import Dialogue, Flow, HungUp, Outcome, TakenOver, Wait
from ivr.flows.prompt_problems import prompt_problems

MAPLE = samples.call(samples.practice(samples.INFORMATION))


def told(language: str, prompt: str, text: str | None) -> list[str]:
    """What is said of the catalogues when a prompt is another, or is left out."""
    prompts = {**CATALOGUES[language], prompt: text or ""}
    if text is None:
        del prompts[prompt]
    found = prompt_faults({**CATALOGUES, language: prompts})
    return [f"{one.fault.what}; {one.fault.mend}" for one in found]


def test_the_prompts_of_this_release_are_in_order() -> None:
    assert list(prompt_faults()) == []


@pytest.mark.parametrize("language", CATALOGUES)
@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_prompt_that_is_missing_or_empty_is_told(language: str, text: str | None) -> None:
    assert told(language, "wait.comfort", text) == [f"wait.comfort says nothing in {language}; write its words"]


@pytest.mark.parametrize("language", CATALOGUES)
@pytest.mark.parametrize("prompt", EMERGENCY["en-US"])
def test_the_911_words_tell_to_hang_up_and_dial(language: str, prompt: str) -> None:
    words = {"en-US": "In an emergency, dial 911.", "es-US": "Si es una emergencia, marque el 911."}[language]
    mend = {"en-US": "write hang up and dial 911 in it", "es-US": "write cuelgue y marque el 911 in it"}[language]
    what = f"{prompt} does not tell in {language} to hang up and dial 911; {mend}"
    assert told(language, prompt, words) == [what]


CHANGED = [
    ("es-US", "greeting", "Buenas tardes.", "greeting has other blanks in es-US than in en-US; write the same ones"),
    (
        *("es-US", "person.again", "Para hablar con alguien, oprima 2."),
        "the keys of person.again are others in es-US than in en-US; offer the same ones",
    ),
    (
        *("es-US", "person.again", "Para hablar con alguien, marque 1."),
        "the keys of person.again are others in es-US than in en-US; offer the same ones",
    ),
    (
        *("en-US", "wait.worse", "To tell me that somebody feels worse, press 3."),
        "wait.worse does not offer 2 in en-US; say what the key is for",
    ),
    (
        *("en-US", "goodbye", "Your call is important to us. Goodbye."),
        "goodbye in en-US: it says 'your call is important'; say what happens next",
    ),
    (
        *("es-US", "goodbye", "No se preocupe. Adiós."),
        "goodbye in es-US: it says 'no se preocupe'; only a clinician may say so",
    ),
    (
        *("en-US", "symptom.words", "Is this an emergency?"),
        "symptom.words in en-US: it says 'is this an emergency?';"
        " the caller cannot judge that; say what to do if it is one",
    ),
    (
        *("en-US", "errand.ask", "Is anybody ill? For yes, press 1. For no, or if you are not sure, press 2."),
        "errand.ask in en-US: it says 'not sure, press 2'; whoever is not sure is asked to press the key for yes",
    ),
    (
        *("en-US", "goodbye", "Thank you for " + "calling " * 20 + "today."),
        "goodbye in en-US: a sentence of it is too long, with words: 24; make it 20 or fewer",
    ),
    (
        "es-US",
        "goodbye",
        "Gracias por llamar. " * 17,
        "goodbye in es-US: it is too long, with words: 51; say it in 50 or fewer",
    ),
]


@pytest.mark.parametrize(("language", "prompt", "text", "expected"), CHANGED)
def test_what_no_prompt_may_be_is_told_with_its_mend(language: str, prompt: str, text: str, expected: str) -> None:
    assert expected in told(language, prompt, text)


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_language_says_its_own_911_words(language: str) -> None:
    assert HANG_UP_AND_DIAL[language].search(CATALOGUES[language]["emergency"])


def test_a_catalogue_in_hard_words_is_told_as_a_whole() -> None:
    hard = "Institutional representatives subsequently investigate administrative circumstances."
    prompts: Mapping[str, str] = {prompt: f"{hard} {text}" for prompt, text in CATALOGUES["en-US"].items()}
    (found,) = [one for one in prompt_faults({**CATALOGUES, "en-US": prompts}) if not one.prompt]
    assert found.fault.what.startswith("what is said in en-US is for school year 1")


def test_a_fault_is_told_at_the_line_where_its_prompt_is_written() -> None:
    spanish = {**CATALOGUES["es-US"], "emergency": "Marque el 911.", "goodbye": ""}
    found = list(prompt_problems(prompt_faults({**CATALOGUES, "es-US": spanish})))
    assert [Path(one.file).name for one in found] == ["emergency_911.py", "es_us.py"]
    for one, begins in zip(found, ('"emergency": "Si es', '"goodbye": "Gracias'), strict=True):
        assert Path(one.file).read_text("utf-8").splitlines()[one.line - 1].strip().startswith(begins)


SYLLABLES = {"sí": 1, "línea": 3, "día": 2, "ciudad": 2, "país": 2, "recibió": 3, "aéreo": 4, "muy": 2, "médico": 3}
"""``muy`` has one, and counts as two: an error to the safe side."""


@pytest.mark.parametrize("word", SYLLABLES)
def test_syllables_of_spanish_words(word: str) -> None:
    assert syllables_in(word) == SYLLABLES[word]


def test_the_reading_level_is_that_of_the_published_formulas() -> None:
    text = "The cat sat. The dog ran off."  # 7 words of 21 letters in 2 sentences
    assert grade_of(text, "en-US") == pytest.approx(4.71 * 21 / 7 + 0.5 * 7 / 2 - 21.43)
    text = "La casa es roja. El perro come."  # 7 words of 11 syllables in 2 sentences
    assert grade_of(text, "es-US") == pytest.approx(-0.205 * 200 / 7 + 0.049 * 1100 / 7 - 3.407)
    assert sentences_in("¿Sí? Para no, oprima 2.") == ["Sí", " Para no, oprima 2"]


# -- keys, as they are walked ----------------------------------------------------------------------


def walked(play: object) -> str:
    """The rule that a flow breaks, or nothing."""
    found = explore(Subject("small", "small", play, MAPLE)).violation  # type: ignore[arg-type]
    return found.rule if found else ""


def settled(dialogue: Dialogue) -> Flow:
    """Plays a dialogue, and ends however its caller leaves it."""
    try:
        answer = yield from dialogue
    except (WantsPerson, SymptomHeard, HungUp, TakenOver):
        return Outcome("left")
    return Outcome(answer)


def sure(call: Call) -> Flow:
    """Says 1 and 2, and takes both."""
    return (yield from settled(yes_or_no(call, "sure", call.lines("symptom.yes_no"))))


def offers_two_of_three(call: Call) -> Flow:
    """Takes a third key that it does not say."""
    options = (Option("1", "known"), Option("2", "new"), Option("3", "hidden"))
    return (yield from settled(menu(call, "seen", call.lines("patient.known"), options)))


def takes_one_of_two(call: Call) -> Flow:
    """Says two keys, and understands one."""
    return (yield from settled(menu(call, "seen", call.lines("patient.known"), (Option("1", "known"),))))


def waits_for_another(call: Call) -> Flow:
    """Says 2 while somebody waits, and listens for 1."""
    yield Wait("wait", call.lines("wait.comfort", "wait.worse"), keys="1", language=call.language)
    return Outcome("over")


def test_a_question_that_says_the_keys_it_takes_is_in_order() -> None:
    assert walked(sure) == ""


@pytest.mark.parametrize(
    ("play", "rule"),
    [
        (offers_two_of_three, "said at seen/0 are 1 and 2, and those accepted 1 and 2 and 3"),
        (takes_one_of_two, "said at seen/0 are 1 and 2, and those accepted 1"),
        (waits_for_another, "said at wait are 2, and those accepted 1"),
    ],
)
def test_a_key_that_is_only_said_or_only_taken_breaks_a_rule(play: object, rule: str) -> None:
    assert rule in walked(play)


def test_keys_are_read_in_the_language_that_they_are_said_in() -> None:
    spoken = (Line("language.option", "en-US", (("key", "1"),)), Line("language.option", "es-US", (("key", "2"),)))
    assert keys_said(spoken) == {"1", "2"}
