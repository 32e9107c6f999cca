"""The parts of conversations: what silence, star, zero and nonsense do to each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callflows.dialogues.questions import (
    NotUnderstood,
    Option,
    SymptomHeard,
    WantsPerson,
    choose_language,
    digits,
    menu,
    yes_or_no,
)
from callflows.prompts import line
from callflows.proof import samples
from callflows.values import Call
from callflows.vocabulary import Answer, Ask, Dialogue, Flow, Outcome, Spoke
from callflows.vocabulary.hearing import EMERGENT, FLAGGED, ILL
from tests.flows.playing import HANGS_UP, NOTHING, Story, play, presses, says, wishes

CALL = samples.call(samples.practice(samples.INFORMATION, protocol=samples.PROTOCOL))
LINES = (line("menu.lead", "en-US"),)
OPTIONS = (Option("1", "tea"), Option("2", "coffee"))


def result(dialogue: Dialogue) -> Flow:
    """A dialogue as a whole conversation whose outcome shows its value."""
    try:
        value = yield from dialogue
    except SymptomHeard as heard:
        return Outcome(f"symptom: {heard.danger}")
    except NotUnderstood:
        return Outcome("not understood")
    except WantsPerson:
        return Outcome("wants a person")
    return Outcome(repr(value))


def asked(dialogue: Dialogue, *answers: Answer) -> Story:
    return play(result(dialogue), *answers)


def tea(*answers: Answer) -> Story:
    return asked(menu(CALL, "drink", LINES, OPTIONS), *answers)


@pytest.mark.parametrize("answer", [presses("1"), wishes("tea")])
def test_an_option_is_chosen_by_its_key_or_the_wish_for_it(answer: Answer) -> None:
    assert tea(answer).ended == "'tea'"


def test_silence_is_asked_again_with_another_word() -> None:
    story = tea(NOTHING)
    assert story.now == "drink/1"
    assert story.heard[-2:] == ["sorry.silence", "menu.lead"]


def test_nonsense_is_asked_again_with_another_word() -> None:
    assert tea(presses("7")).heard[-2:] == ["sorry.unclear", "menu.lead"]
    assert tea(says("blue umbrella")).heard[-2:] == ["sorry.unclear", "menu.lead"]


def test_star_repeats_without_an_apology() -> None:
    story = tea(presses("*"))
    assert story.heard == ["menu.lead", "menu.lead"]


def test_three_silences_end_the_question() -> None:
    assert tea(NOTHING, NOTHING, NOTHING).ended == "not understood"


def test_not_being_understood_is_also_a_wish_for_a_person() -> None:
    assert issubclass(NotUnderstood, WantsPerson)


@pytest.mark.parametrize("answer", [presses("0"), says("agent"), says("quiero una persona"), says("a human please")])
def test_zero_and_agent_leave_any_menu_for_a_person(answer: Answer) -> None:
    assert tea(NOTHING, answer).ended == "wants a person"


def test_a_red_flag_leaves_any_menu_even_beside_an_option() -> None:
    assert tea(wishes("tea", FLAGGED)).ended == "symptom: flagged"


def test_a_red_flag_goes_before_the_wish_for_a_person() -> None:
    assert tea(says("agent, chest pain")).ended.startswith("symptom")


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        *((presses("1"), "yes"), (presses("2"), "no"), (says("sí"), "yes"), (says("nope"), "no")),
        *((says("yes no"), "doubt"), (says("maybe"), "doubt"), (says("yes, a person please"), "yes")),
    ],
)
def test_yes_and_no_by_key_and_word(answer: Answer, value: str) -> None:
    assert asked(yes_or_no(CALL, "sure", LINES), answer).ended == repr(value)


def test_an_unclear_yes_or_no_says_so_instead_of_guessing() -> None:
    story = asked(yes_or_no(CALL, "sure", LINES), NOTHING, says("blue umbrella"), presses("5"))
    assert story.ended == "'unclear'"


def test_zero_at_a_yes_or_no_question_is_no_answer_to_it() -> None:
    assert asked(yes_or_no(CALL, "sure", LINES), presses("0")).ended == "wants a person"


def test_a_red_flag_at_a_yes_or_no_question_is_heard() -> None:
    assert asked(yes_or_no(CALL, "sure", LINES), says("no but chest pain")).ended.startswith("symptom")


def test_digits_must_be_as_many_as_asked() -> None:
    story = asked(digits(CALL, "zip", LINES, 5), presses("6060"), presses("60601"))
    assert story.ended == "'60601'"
    assert story.heard == ["menu.lead", "sorry.unclear", "menu.lead"]


def test_a_number_of_any_length_is_taken_until_pound() -> None:
    assert asked(digits(CALL, "mrn", LINES, None), presses("4711")).ended == "'4711'"


@pytest.mark.parametrize("keys", ["*1234", "12*45", "1234"])
def test_what_is_no_number_is_asked_again(keys: str) -> None:
    assert asked(digits(CALL, "zip", LINES, 5), presses(keys)).now == "zip/1"


def test_zero_alone_leaves_a_number_question_for_a_person() -> None:
    assert asked(digits(CALL, "zip", LINES, 5), presses("0")).ended == "wants a person"


def test_a_number_question_ends_after_three_tries() -> None:
    assert asked(digits(CALL, "zip", LINES, 5), NOTHING, presses("1"), NOTHING).ended == "not understood"


@pytest.mark.parametrize("danger", [ILL, EMERGENT, FLAGGED])
def test_an_illness_is_heard_where_keys_are_asked_for(danger: str) -> None:
    assert asked(digits(CALL, "zip", LINES, 5), says("blue umbrella", danger)).ended == f"symptom: {danger}"


@pytest.mark.parametrize("danger", [ILL, EMERGENT, FLAGGED])
def test_a_no_in_words_of_an_illness_is_none(danger: str) -> None:
    answered = asked(yes_or_no(CALL.in_emergency(), "sure", LINES), says("no", danger))
    assert answered.now == "sure/1"


def test_what_nothing_has_judged_is_taken_for_an_emergency() -> None:
    assert asked(digits(CALL, "zip", LINES, 5), Spoke("blue umbrella")).ended == f"symptom: {EMERGENT}"


def test_whoever_is_cared_for_already_is_asked_on_at_words_of_an_illness() -> None:
    story = asked(yes_or_no(CALL.in_care(), "sure", LINES), says("blue umbrella", ILL))
    assert story.now == "sure/1"
    assert story.then(says("blue umbrella", EMERGENT)).ended == f"symptom: {EMERGENT}"


BOTH = samples.call(replace(CALL.practice, languages=("es-US", "en-US")))


@pytest.mark.parametrize(
    ("answer", "language"),
    [
        (presses("1"), "es-US"),
        (presses("2"), "en-US"),
        (says("English please"), "en-US"),
        (says("español"), "es-US"),
        (NOTHING, "es-US"),
        (presses("3"), "es-US"),
        (presses("0"), "es-US"),
        (presses("*"), "es-US"),
    ],
)
def test_whoever_does_not_choose_is_served_in_the_first_language(answer: Answer, language: str) -> None:
    story = asked(choose_language(BOTH), answer)
    assert f"language={language!r}" in story.ended


def test_each_language_is_offered_in_its_own_words() -> None:
    offered = asked(choose_language(BOTH)).pending
    assert isinstance(offered, Ask)
    assert [line.spoken() for line in offered.lines] == ["Para español, oprima 1.", "For English, press 2."]


def test_one_language_is_not_asked_about() -> None:
    assert "language='en-US'" in asked(choose_language(CALL)).ended


def test_a_hang_up_goes_through_every_dialogue() -> None:
    for dialogue in (menu(CALL, "a", LINES, OPTIONS), digits(CALL, "b", LINES, 5), yes_or_no(CALL, "c", LINES)):
        assert asked(dialogue, HANGS_UP).ended == "hung-up"


def test_the_caller_hears_questions_in_their_own_language() -> None:
    spanish: Call = CALL.speaking("es-US")
    story = asked(yes_or_no(spanish, "sure", LINES), NOTHING)
    assert isinstance(story.pending, Ask)
    assert story.pending.language == "es-US"
    assert story.pending.lines[0].spoken() == "No le escuché."
