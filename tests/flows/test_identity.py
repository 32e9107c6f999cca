"""Who is calling: which items are asked for, in which order, and what follows their answers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.dialogues.identity import given as given_so_far
from callflows.identity import ITEMS
from callflows.proof import samples
from callflows.values import IdentityRule
from callflows.vocabulary import Answer, NoteCall, Pressed, Silence, Spoke
from callflows.vocabulary.hearing import CALM, FLAGGED, NO, PERSON, YES
from tests.flows.playing import NOTHING, Story, calls, presses

Facts = Mapping[str, Mapping[str, str]]
UNKNOWN: Facts = {"patient_match": {"found": "none", "patient": ""}}
NEAR = {"patient_match": {"found": "more", "patient": ""}}
STAR = Pressed("*")
UNREADABLE = {"spoken_item": {"understood": "no", "spoken": ""}}
EVERYTHING = IdentityRule(("name", "date_of_birth", "zip", "mrn", "phone_on_file"), ("date_of_birth",), 2, 3)
KEYED = {"date_of_birth": "03141980", "zip": "60601", "mrn": "440187", "phone_on_file": "3125550142"}


def says(words: str, danger: str = CALM, reply: str = "", wish: str = "") -> Spoke:
    return Spoke(words, None, danger, reply, wish)


def asked(rule: IdentityRule, *answers: Answer, facts: Facts | None = None) -> Story:
    """Somebody who asks for what needs L1, in a practice that asks by ``rule``."""
    practice = samples.practice(samples.PRESCRIPTIONS, samples.NURSE, identity=rule)
    return calls(samples.call(practice), presses("1"), *answers, facts=facts)


def questions(story: Story) -> list[str]:
    return [key for key in story.asked if key.startswith("identity/") and key[-1].isdigit() and "match" not in key]


def answers_to(rule: IdentityRule, attempts: int) -> list[Answer]:
    """Keys for each item in the order of asking; nothing for a name."""
    given: list[Answer] = []
    for attempt in range(attempts):
        more = rule.one_more(attempt)
        for item in (*rule.asked_at_once(), *([more] if more else [])):
            given.append(Silence() if item == "name" else Pressed(KEYED[item]))
    return given


def test_what_is_required_is_asked_first_then_as_listed_and_one_more_in_turn() -> None:
    story = asked(EVERYTHING, *answers_to(EVERYTHING, 3), facts=UNKNOWN)
    assert questions(story) == [
        *("identity/birth/0/0", "identity/name/0/0", "identity/zip/0/0"),
        *("identity/birth/1/0", "identity/name/1/0", "identity/mrn/1/0"),
        *("identity/birth/2/0", "identity/name/2/0", "identity/phone_on_file/2/0"),
        "identity/ill/0",
    ]


@pytest.mark.parametrize("facts", [UNKNOWN, NEAR], ids=["none", "several"])
def test_whether_several_are_near_or_none_a_caller_hears_the_same(facts: Facts) -> None:
    story = asked(EVERYTHING, *answers_to(EVERYTHING, 3), facts=facts)
    assert story.heard == asked(EVERYTHING, *answers_to(EVERYTHING, 3), facts=UNKNOWN).heard
    assert story.heard.count("identity.unmatched") == 2


@given(st.permutations(ITEMS).flatmap(lambda items: st.integers(2, 5).map(lambda many: items[:many])), st.data())
def test_no_practice_asks_more_than_it_may(items: list[str], data: st.DataObject) -> None:
    need = data.draw(st.integers(2, min(4, len(items))))
    require = data.draw(st.lists(st.sampled_from(items), unique=True, max_size=need))
    rule = IdentityRule(tuple(items), tuple(require), need, data.draw(st.integers(1, 5)))
    story = asked(rule, *answers_to(rule, rule.tries), facts=UNKNOWN)
    assert story.now == "identity/ill/0"
    assert len(questions(story)) - 1 == rule.tries * (need + (len(items) > need)) <= rule.tries * (need + 1)
    assert set(rule.asked_at_once()) >= set(require)
    assert all(one != other for one, other in pairwise(questions(story)))


def test_a_record_that_is_found_at_once_asks_for_nothing_more() -> None:
    story = asked(EVERYTHING, Pressed(KEYED["date_of_birth"]), says("Evelyn Carter"))
    assert NoteCall(patient="patient-1", identity_level="L1") in story.effects
    assert questions(story) == ["identity/birth/0/0", "identity/name/0/0"]


def test_a_spoken_date_is_read_back_and_a_keyed_one_is_not() -> None:
    rule = IdentityRule()
    spoken = asked(rule, says("March fourteenth nineteen eighty"))
    assert spoken.now == "identity/birth/0/0/right"
    assert spoken.heard[-1] == "identity.read_back"
    assert spoken.then(says("yes", reply=YES)).now == "identity/zip/0/0"
    assert asked(rule, Pressed(KEYED["date_of_birth"])).now == "identity/zip/0/0"


@pytest.mark.parametrize("answer", [presses("2"), says("no", reply=NO)])
def test_a_date_that_is_denied_is_asked_for_again(answer: Answer) -> None:
    story = asked(IdentityRule(), says("March fourth"), answer)
    assert story.now == "identity/birth/0/1"
    assert story.heard[-2:] == ["identity.once_more", "identity.birth"]


@pytest.mark.parametrize("keyed", ["02291985", "00000000", "14031980", "01012030"])
def test_a_keyed_date_that_there_is_not_is_asked_for_again_like_a_spoken_one(keyed: str) -> None:
    story = asked(IdentityRule(), Pressed(keyed), facts=UNREADABLE)
    assert (story.now, story.heard[-2:]) == ("identity/birth/0/1", ["sorry.unclear", "identity.birth"])
    story.then(Pressed(keyed), Pressed(keyed))
    assert story.now == "identity/ill/0"
    assert not any("match" in key for key in story.asked)


def test_star_repeats_an_item_and_costs_no_try() -> None:
    story = asked(IdentityRule(), NOTHING, NOTHING, STAR, STAR)
    assert story.now == "identity/birth/0/2/again/1"
    assert story.heard[-2:] == ["identity.birth", "identity.birth"]
    assert story.then(Pressed(KEYED["date_of_birth"])).now == "identity/zip/0/0"


def test_whoever_does_nothing_but_repeat_goes_on_to_a_person() -> None:
    story = asked(IdentityRule(), *[STAR] * 9)
    assert story.now == "identity/ill/0"


def test_star_repeats_what_was_read_back() -> None:
    story = asked(IdentityRule(), says("March fourteenth nineteen eighty"), STAR)
    assert (story.now, story.heard[-1]) == ("identity/birth/0/0/right/again/0", "identity.read_back")
    assert story.then(Pressed("1")).now == "identity/zip/0/0"


def test_star_repeats_whether_anybody_is_ill_and_is_taken_for_ill_at_last() -> None:
    silent = [NOTHING] * 3
    story = asked(IdentityRule(), *silent, STAR)
    assert (story.now, story.heard[-1]) == ("identity/ill/0/again/0", "identity.symptom")
    assert story.then(Pressed("2")).now == "agent/0/wait/0"
    worst = asked(IdentityRule(), *silent, STAR, STAR, STAR)
    assert not worst.now.startswith(("identity/", "agent/"))


def seen(*answers: Answer) -> Story:
    """Somebody who wants an appointment, and is asked whether they have been seen before."""
    return calls(samples.call(samples.practice(samples.SCHEDULING, samples.NURSE)), presses("1"), *answers)


@pytest.mark.parametrize("known", [presses("1"), says("yes", reply=YES), says("I have been here", wish="known")])
def test_a_yes_says_that_somebody_has_been_seen_before(known: Answer) -> None:
    assert seen(known).now == "identity/birth/0/0"


@pytest.mark.parametrize(
    "new", [presses("2"), says("no", reply=NO), says("new", wish="new"), says("yes, I am new", reply=YES, wish="new")]
)
def test_a_no_says_that_somebody_is_new(new: Answer) -> None:
    assert NoteCall(identity_level="L0") in seen(new).effects


@pytest.mark.parametrize("ill", [says("no, it hurts", FLAGGED, NO), says("yes, my chest hurts", FLAGGED, YES)])
def test_a_yes_and_a_no_in_which_an_illness_is_told_answer_nothing(ill: Answer) -> None:
    assert not seen(ill).now.startswith("identity/")


def test_star_repeats_whether_somebody_was_seen_before() -> None:
    assert seen(STAR).now == "identity/seen/0/again/0"
    assert seen(NOTHING, STAR, STAR, Pressed("1")).now == "identity/birth/0/0"


def test_words_that_cannot_be_read_are_asked_for_again_and_then_end_in_a_person() -> None:
    story = asked(IdentityRule(), says("blah"), facts=UNREADABLE)
    assert (story.now, story.heard[-2]) == ("identity/birth/0/1", "sorry.unclear")
    assert story.then(says("blah"), NOTHING).now == "identity/ill/0"


def test_what_decides_nothing_may_be_passed_over_by_pound_and_so_may_a_name() -> None:
    rule = IdentityRule(("date_of_birth", "name", "mrn"), ("date_of_birth",), 2, 1)
    story = asked(rule, Pressed(KEYED["date_of_birth"]), facts=UNKNOWN)
    assert story.heard[-2:] == ["identity.name", "identity.pound"]
    story = story.then(NOTHING)
    assert story.heard[-2:] == ["identity.mrn", "identity.pound"]
    assert story.then(NOTHING).heard[-2:] == ["identity.failed", "identity.symptom"]


@pytest.mark.parametrize("before", [0, 1, 2], ids=["date", "name", "one more"])
def test_a_symptom_said_at_any_item_leaves_it_at_once(before: int) -> None:
    story = asked(EVERYTHING, *answers_to(EVERYTHING, 1)[:before], says("my chest hurts", FLAGGED), facts=UNKNOWN)
    assert "symptom.911" in story.heard
    assert not story.now.startswith("identity/")


def test_a_symptom_said_where_a_date_is_read_back_leaves_it_at_once() -> None:
    story = asked(IdentityRule(), says("March fourteenth"), says("no my chest hurts", FLAGGED, NO))
    assert "symptom.911" in story.heard


def test_whoever_asks_for_a_person_at_a_name_gets_one() -> None:
    story = asked(EVERYTHING, Pressed(KEYED["date_of_birth"]), says("an agent please", wish=PERSON))
    assert story.now == "person/0/wait/0"


def test_all_that_was_given_is_looked_for_by_the_keys_of_its_questions() -> None:
    call = samples.call(samples.practice(samples.PRESCRIPTIONS))
    assert dict(given_so_far(call, 1)) == {
        "date_of_birth": "identity/birth/0 identity/birth/1",
        "zip": "identity/zip/0 identity/zip/1",
        "language": "en-US",
    }
