"""Somebody feels ill: a clinician now, or an urgent promise, whatever the caller does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callflows.proof import samples
from callflows.values import Protocol, Question
from callflows.vocabulary import (
    Answer,
    EnterWaitingRoom,
    Joined,
    LeaveWaitingRoom,
    NobodyCame,
    NoteCall,
    OpenPromise,
    PersonLeft,
    RaiseAlert,
    StartEscalation,
    StartRecording,
    Wait,
)
from callflows.vocabulary.hearing import EMERGENT, ILL, PERSON
from tests.flows.playing import HANGS_UP, NOTHING, TAKEN_OVER, Story, calls, presses, says, wishes
from tests.flows.playing import ILL as ILL_PRACTICE

NURSE = Joined("joy", "agent")
DOCTOR = Joined("dr-lee", "clinician")
NO_NURSE = NobodyCame("no-one-awake")
NO_DOCTOR = NobodyCame("ladder-exhausted")
NO, YES = presses("2"), presses("1")


def ill(*answers: Answer, caller_id: bool = True, **changes: Any) -> Story:
    """The caller picks the nurse from the menu."""
    practice = replace(ILL_PRACTICE, **changes)
    return calls(samples.call(practice, caller_id=caller_id), presses("1"), *answers)


def test_the_complaint_is_noted_for_whoever_answers() -> None:
    assert NoteCall(complaint="my knee hurts") in ill(says("my knee hurts")).effects


def test_a_mild_complaint_is_screened_then_goes_to_a_nurse() -> None:
    story = ill(says("my knee hurts"))
    assert story.now == "triage/breath/0"
    assert story.then(NO).now == "triage/fever/0"
    assert story.then(NO).now == "symptom/state/0"
    assert story.then(YES).now == "nurse/wait"
    assert story.did(EnterWaitingRoom) == [EnterWaitingRoom("nurse", "en-US", "urgent")]
    assert story.then(NURSE, PersonLeft("agent"), presses("2")).ended == "with an agent"


def test_whoever_chooses_another_clinical_service_is_cared_for_by_that_one() -> None:
    both = samples.call(samples.practice(samples.NURSE, samples.DENTIST, state="IL"))
    story = calls(both, presses("2"), says("my tooth hurts"), YES)
    assert NoteCall(symptom=True, urgency="urgent", service="dental", language="en-US") in story.effects
    assert story.did(StartEscalation) == [StartEscalation("urgent")]
    assert story.then(HANGS_UP).did(OpenPromise)[0].service == "dental"
    assert (
        NoteCall(symptom=True, urgency="urgent", service="nurse", language="en-US") in calls(both, presses("1")).effects
    )


def test_a_symptom_heard_on_the_way_belongs_to_the_first_clinical_service() -> None:
    both = samples.call(samples.practice(samples.NURSE, samples.DENTIST, state="IL"))
    assert (
        NoteCall(symptom=True, urgency="urgent", service="nurse", language="en-US")
        in calls(both, says("chest pain")).effects
    )


def test_a_red_flag_in_the_complaint_gets_the_911_words_and_the_fast_page() -> None:
    story = ill(says("my chest pain is back"))
    assert story.heard[-3:] == ["symptom.911", "symptom.clinician", "where.address"]
    assert story.did(StartEscalation) == [StartEscalation("emergent")]


def test_a_yes_to_an_emergent_question_gets_the_911_words_before_anything_else_is_asked() -> None:
    story = ill(says("my knee hurts"), YES)
    assert story.now == "emergency/where/address"
    assert story.heard[-3:] == ["symptom.911", "symptom.clinician", "where.address"]


def test_all_that_is_left_is_asked_after_a_yes_to_a_lesser_question() -> None:
    lesser = Question("cough", (("en-US", "A cough?"),), "urgent")
    both = Protocol(questions=(lesser, *samples.PROTOCOL.questions))
    story = ill(says("my knee hurts"), YES, protocol=both)
    assert story.now == "triage/breath/0"
    assert story.then(says("I think so")).now == "emergency/where/address"


@pytest.mark.parametrize(
    "unclear",
    [
        *((NOTHING,), (says("I don't know"),), (says("a little"),), (says("yes"),), (says("no", ILL), says("no", ILL))),
        *((says("blue umbrella"), NOTHING), (presses("5"), presses("5")), (says("blue umbrella"), says("maybe"))),
    ],
)
def test_all_but_a_clear_no_raises(unclear: tuple[Answer, ...]) -> None:
    assert ill(says("my knee hurts"), *unclear).now == "emergency/where/address"


@pytest.mark.parametrize("clear", [(says("no"),), (says("blue umbrella"), says("nope")), (presses("5"), NO)])
def test_a_clear_no_goes_on_to_the_next_question(clear: tuple[Answer, ...]) -> None:
    assert ill(says("my knee hurts"), *clear).now == "triage/fever/0"


@pytest.mark.parametrize("answer", [YES, NOTHING, says("blue umbrella"), says("maybe"), says("no", ILL), presses("0")])
def test_what_sounds_like_an_emergency_is_one_at_all_but_a_clear_no(answer: Answer) -> None:
    story = calls(samples.call(ILL_PRACTICE), says("he fell off the roof", EMERGENT))
    assert story.now == "danger"
    assert story.heard[-2:] == ["danger.911", "danger.ask"]
    assert story.then(answer).did(StartEscalation) == [StartEscalation("emergent")]
    assert NoteCall(complaint="he fell off the roof") in story.effects


def test_whoever_clearly_says_no_is_screened_all_the_same() -> None:
    story = calls(samples.call(ILL_PRACTICE), says("he fell off the roof", EMERGENT), says("no"))
    assert story.now == "triage/breath/0"


def test_what_sounds_like_an_emergency_on_the_way_to_a_nurse_is_one_at_once() -> None:
    story = ill(says("he fell off the roof", EMERGENT))
    assert story.heard[-3:] == ["symptom.911", "symptom.clinician", "where.address"]


def test_an_emergent_question_without_the_911_words_pages_without_them() -> None:
    quiet = Protocol(questions=(Question("x", (("en-US", "Is it x?"),), "emergent"),))
    story = ill(says("my knee hurts"), YES, protocol=quiet)
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert "symptom.911" not in story.heard


def test_words_that_tell_of_an_emergency_end_the_wait_for_a_nurse() -> None:
    story = ill(says("my knee hurts"), NO, NO, YES, says("he is blue", EMERGENT))
    assert story.did(StartEscalation) == [StartEscalation("emergent")]


@pytest.mark.parametrize("answer", [YES, NOTHING, says("blue umbrella"), says("a bit"), says("no", ILL)])
def test_what_sounds_ill_is_cared_for_unless_it_is_clearly_an_errand(answer: Answer) -> None:
    story = calls(samples.call(ILL_PRACTICE), says("a cough for weeks", ILL), answer)
    assert NoteCall(complaint="a cough for weeks") in story.effects
    assert story.now == "triage/breath/0"


def test_an_errand_goes_on_where_it_was() -> None:
    story = calls(samples.call(ILL_PRACTICE), says("a cough for weeks", ILL), NO)
    assert story.now == "reason/1"
    assert not story.did(OpenPromise)
    ended = calls(samples.call(ILL_PRACTICE), wishes("information", ILL), NO)
    assert ended.now == "agent/0/wait/0"


@pytest.mark.parametrize("leaves", [HANGS_UP, TAKEN_OVER])
def test_whoever_leaves_the_question_whether_somebody_is_ill_is_cared_for(leaves: Answer) -> None:
    story = calls(samples.call(ILL_PRACTICE), says("a cough for weeks", ILL), leaves)
    if story.ended:
        assert story.did(OpenPromise)[0].urgency == "urgent"
    else:
        assert story.now == "symptom/takeover/wait"


def test_whoever_is_not_understood_twice_is_taken_for_ill() -> None:
    assert calls(samples.call(ILL_PRACTICE), NOTHING, NOTHING).now == "symptom/words/0"
    assert calls(samples.call(ILL_PRACTICE), presses("7"), NO, presses("7")).now == "symptom/words/0"
    assert calls(samples.call(ILL_PRACTICE), presses("7"), NO, presses("2")).now == "agent/0/wait/0"


def test_red_flag_words_at_a_screening_question_are_an_emergency() -> None:
    assert ill(says("my knee hurts"), says("no but I have chest pain")).now == "emergency/where/address"


def test_questions_are_asked_in_the_callers_language_where_the_protocol_has_it() -> None:
    spanish_only = Question("x", (("es-US", "¿Le duele?"),), "urgent")
    story = ill(says("my knee hurts"), protocol=Protocol(questions=(spanish_only,)))
    assert story.heard[-2:] == ["¿Le duele?", "symptom.yes_no"]


@pytest.mark.parametrize("spoken", [(), (says("my knee hurts"), NO), (says("my knee hurts"), NO, NO)])
def test_zero_skips_every_question_between_a_symptom_and_a_clinician(spoken: tuple[Answer, ...]) -> None:
    story = ill(*spoken, presses("0"))
    assert story.now == "clinician/wait/0"
    assert story.did(StartEscalation) == [StartEscalation("urgent")]


def test_zero_is_no_clear_no_to_a_question_of_emergency() -> None:
    story = ill(says("my knee hurts"), presses("0"))
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert "symptom.911" in story.heard


def test_saying_nothing_at_all_still_reaches_a_nurse() -> None:
    assert ill(NOTHING, YES, protocol=samples.SCREEN).now == "nurse/wait"


def test_no_nurse_awake_means_the_clinician_on_call() -> None:
    story = ill(says("my knee hurts"), NO, NO, YES, NO_NURSE)
    assert story.did(LeaveWaitingRoom)
    assert story.now == "clinician/wait/0"


def test_getting_worse_while_waiting_for_a_nurse_is_an_emergency() -> None:
    story = ill(says("my knee hurts"), NO, NO, YES, presses("2"))
    assert story.did(LeaveWaitingRoom)
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert story.now == "emergency/where/address"


def test_a_nurse_who_is_cut_off_is_followed_by_the_clinician() -> None:
    story = ill(says("my knee hurts"), NO, NO, YES, NURSE, PersonLeft("agent"), presses("1"))
    assert story.now == "clinician/wait/0"


def test_when_no_clinician_answers_the_caller_is_told_promised_and_not_left() -> None:
    story = ill(says("chest pain"), NO_DOCTOR)
    assert RaiseAlert("no-clinician-accepted") in story.effects
    assert story.did(OpenPromise) == [OpenPromise("urgent-callback", "nurse", "now + 5m", urgency="emergent")]
    assert story.heard[-3:] == ["clinician.none", "wait.house", "wait.emergency"]
    assert story.now == "emergency/house/wait"


def test_a_hidden_number_is_asked_for_before_the_urgent_promise() -> None:
    story = ill(says("chest pain"), NO_DOCTOR, caller_id=False)
    assert story.now == "emergency/house/number/0/0"
    story.then(presses("3125550188"), presses("1"))
    assert [promise.number for promise in story.did(OpenPromise)] == ["3125550188"]


def test_being_cut_off_from_three_clinicians_leads_to_the_fallback() -> None:
    again = (DOCTOR, PersonLeft("clinician"), presses("1"))
    assert ill(says("chest pain"), *again, *again, *again).now == "emergency/house/wait"


BEFORE: list[tuple[Answer, ...]] = [
    (),
    (says("my knee hurts"),),
    (says("my knee hurts"), NO, NO),
    (says("my knee hurts"), NO, NO, YES),
    (says("my knee hurts"), NO, NO, NO),
    (says("my knee hurts"), NO, NO, NO, presses("78205")),
]


@pytest.mark.parametrize("before", BEFORE)
def test_a_dropped_line_never_ends_the_care(before: tuple[Answer, ...]) -> None:
    story = ill(*before, HANGS_UP)
    assert story.did(OpenPromise) == [OpenPromise("urgent-callback", "nurse", "now + 15m", urgency="urgent")]
    assert story.ended == "hung up, care goes on"


def test_a_line_dropped_in_an_emergency_is_called_back_as_one() -> None:
    story = ill(says("chest pain"), HANGS_UP)
    assert story.did(OpenPromise) == [OpenPromise("urgent-callback", "nurse", "now + 5m", urgency="emergent")]
    assert not story.did(LeaveWaitingRoom)


def test_a_line_dropped_after_the_promise_is_not_promised_twice() -> None:
    story = ill(says("chest pain"), NO_DOCTOR, HANGS_UP)
    assert len(story.did(OpenPromise)) == 1
    assert story.ended == "hung up, care goes on"


def test_a_line_dropped_after_a_takeover_is_still_called_back() -> None:
    story = ill(says("my knee hurts"), TAKEN_OVER, HANGS_UP)
    assert [promise.urgency for promise in story.did(OpenPromise)] == ["urgent"]


def test_hanging_up_on_a_clinician_ends_the_call() -> None:
    story = ill(says("chest pain"), DOCTOR, HANGS_UP)
    assert story.ended == "with a clinician"
    assert not story.did(OpenPromise)


def test_nobody_asks_an_ill_caller_who_they_are() -> None:
    story = ill(says("my knee hurts"), NO, NO, YES, NO_NURSE, NO_DOCTOR)
    assert not [asked for asked in story.asked if asked.startswith("identity")]


def test_an_urgency_that_was_noted_never_falls() -> None:
    story = ill(says("my knee hurts"), NO, YES, YES, presses("2"), NO_DOCTOR)
    noted = [note.urgency for note in story.did(NoteCall) if note.urgency]
    assert noted == ["urgent", "emergent"]


def test_an_ill_caller_is_recorded_only_after_the_notice() -> None:
    story = ill()
    assert story.heard.index("notice") < len(story.heard) - 1
    assert story.did(StartRecording)


def test_getting_worse_while_a_clinician_is_paged_gets_the_911_words_and_the_fast_page() -> None:
    story = ill(says("my knee hurts"), NO, NO, YES, NobodyCame("no-one-awake"), presses("2"))
    assert [page.urgency for page in story.did(StartEscalation)] == ["urgent", "emergent"]
    assert story.heard[-3:] == ["symptom.911", "symptom.clinician", "where.address"]


def test_getting_worse_in_an_emergency_gets_the_911_words_again_and_the_same_page_goes_on() -> None:
    story = ill(says("chest pain"), NOTHING, presses("2"))
    assert story.heard.count("symptom.911") == 2
    assert {page.urgency for page in story.did(StartEscalation)} == {"emergent"}
    assert isinstance(story.pending, Wait)
    assert story.then(DOCTOR, HANGS_UP).ended == "with a clinician"


SCREENED = (says("my knee hurts"), NO, NO)
GIVEN = (presses("3125550147"), YES)


def test_a_hidden_number_is_asked_for_another_one_before_a_nurse_is_looked_for() -> None:
    story = ill(*SCREENED, YES, caller_id=False)
    assert story.now == "symptom/number/digits/0"
    assert story.heard[-1] == "promise.anonymous"
    assert not story.did(EnterWaitingRoom)
    assert story.then(*GIVEN).now == "nurse/wait"
    (promise,) = story.then(HANGS_UP).did(OpenPromise)
    assert (promise.number, promise.urgency) == ("3125550147", "urgent")
    assert story.ended == "hung up, care goes on"


@pytest.mark.parametrize("none", [NOTHING, presses("0"), wishes(PERSON)])
def test_whoever_gives_no_number_is_not_kept_from_the_nurse(none: Answer) -> None:
    story = ill(*SCREENED, YES, none, caller_id=False)
    assert story.now == "nurse/wait"
    assert story.then(HANGS_UP).did(OpenPromise)[0].number == ""


def test_a_number_that_was_given_is_the_one_that_a_clinician_may_ring_too() -> None:
    story = ill(*SCREENED, YES, *GIVEN, NO_NURSE, caller_id=False)
    assert story.now == "clinician/wait/0"
    assert story.then(HANGS_UP).did(OpenPromise)[0].number == "3125550147"


def test_a_hidden_number_is_asked_while_the_clinician_is_paged_at_once() -> None:
    story = ill(wishes(PERSON), caller_id=False)
    assert story.did(StartEscalation) == [StartEscalation("urgent")]
    assert story.now == "clinician/where/number/digits/0"
    assert story.then(*GIVEN).now == "clinician/wait/0"
    assert story.then(HANGS_UP).did(OpenPromise)[0].number == "3125550147"


def test_words_of_an_emergency_at_the_number_are_heard() -> None:
    story = ill(*SCREENED, YES, says("chest pain"), caller_id=False)
    assert story.did(StartEscalation) == [StartEscalation("emergent")]


def test_whose_number_shows_is_asked_for_none_before_the_nurse() -> None:
    assert "symptom/number/digits/0" not in ill(*SCREENED, YES).asked


def test_a_number_that_was_given_is_not_asked_for_again_when_it_gets_worse() -> None:
    story = ill(*SCREENED, YES, *GIVEN, caller_id=False)
    story.then(presses("2"), says("12 Elm Street"))
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert story.now == "emergency/wait/0"
    assert story.heard.count("promise.anonymous") == 1
    assert story.then(HANGS_UP).did(OpenPromise)[0].number == "3125550147"


@pytest.mark.parametrize("then", [HANGS_UP, NOTHING])
def test_a_number_that_was_given_while_paged_is_kept_when_it_gets_worse(then: Answer) -> None:
    story = ill(wishes(PERSON), *GIVEN, presses("2"), caller_id=False)
    assert story.now == "emergency/where/address"
    (promise,) = [*story.then(then, *([HANGS_UP] if then == NOTHING else [])).did(OpenPromise)]
    assert promise.number == "3125550147"
    assert story.heard.count("promise.anonymous") == 1


def test_a_number_that_was_given_is_kept_when_an_emergency_is_told_after_a_talk() -> None:
    story = ill(wishes(PERSON), *GIVEN, DOCTOR, PersonLeft("clinician"), says("chest pain"), caller_id=False)
    assert story.now == "emergency/where/address"
    assert story.then(HANGS_UP).did(OpenPromise)[0].number == "3125550147"
