"""Who it is about, the set that was signed for them, and what is asked and offered while the page runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callflows.prompts import own_words
from callflows.proof import samples
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.licence_safety import LicensedWhereThePatientIs
from callflows.proof.possible import World
from callflows.proof.screening_safety import HelpLinesConnect, ScreenedAsSigned
from callflows.proof.symptom_safety import RedFlagsRaise
from callflows.values import CHILD, INFANT, NEWBORN, Call
from callflows.vocabulary import (
    Answer,
    Ask,
    AskMeanwhile,
    DialEnded,
    DialHelpLine,
    Do,
    EnterWaitingRoom,
    Flow,
    Joined,
    NobodyCame,
    NoteCall,
    OpenPromise,
    Outcome,
    Pressed,
    Say,
    Spoke,
    StartEscalation,
    TakenOver,
)
from callflows.vocabulary.hearing import FLAGGED, GRAVE
from tests.flows.playing import HANGS_UP, NOTHING, Story, calls, presses, says, wishes

NO, YES = presses("2"), presses("1")
DOCTOR = Joined("dr-lee", "clinician")
PRACTICE = samples.practice(samples.NURSE, protocols=samples.PROTOCOLS, state="IL")
HELPED: dict[str, Any] = {"protocols": (), "protocol": samples.HELPED}
BABY, ADULTS = presses("1"), presses("4")
DYING = Spoke("i want to die", danger=FLAGGED, flag="self_harm")


def ill(*answers: Answer, caller_id: bool = True, **changes: Any) -> Story:
    """The caller picks the nurse and says what is wrong, where ``answers`` do not begin otherwise."""
    return calls(samples.call(replace(PRACTICE, **changes), caller_id=caller_id), presses("1"), *answers)


def screened(*answers: Answer, **changes: Any) -> Story:
    return ill(says("it hurts"), *answers, **changes)


def test_who_it_is_about_is_asked_before_anything_is_screened() -> None:
    assert screened().now == "patient/age/0"


@pytest.mark.parametrize(("who", "asked"), [(NEWBORN, ["limp", "hot"]), (INFANT, ["limp"]), (CHILD, ["limp"])])
def test_a_child_is_asked_what_was_signed_for_its_age_and_nothing_else(who: str, asked: list[str]) -> None:
    story = screened(wishes(who), *[NO for _ in asked])
    assert [key for key in story.asked if key.startswith("triage")] == [f"triage/{key}/0" for key in asked]
    assert story.now == "symptom/state/0"


def test_an_adult_is_asked_about_pregnancy_first_and_then_the_whole_set() -> None:
    story = screened(ADULTS, NO, NO, NO, YES)
    assert [key for key in story.asked if key.startswith(("patient", "triage"))] == [
        *("patient/age/0", "patient/pregnant/0", "triage/harm/0", "triage/belly/0", "triage/cough/0"),
    ]


@pytest.mark.parametrize("answers", [(YES,), (says("no sé"),), (says("blue umbrella"), says("blue umbrella"))])
def test_all_but_a_clear_no_to_pregnancy_is_screened_for_it(answers: tuple[Answer, ...]) -> None:
    assert screened(ADULTS, *answers).now == "triage/birth/0"


@pytest.mark.parametrize("answers", [(NOTHING,), (says("umbrella"), says("umbrella")), (ADULTS, NOTHING)])
def test_whoever_cannot_be_placed_is_an_emergency(answers: tuple[Answer, ...]) -> None:
    story = screened(*answers)
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert "symptom.911" in story.heard


def test_a_patient_for_whom_no_set_was_signed_is_an_emergency_and_meets_no_other_set() -> None:
    story = screened(BABY, protocols=samples.PROTOCOLS[:1])
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert not [key for key in story.asked if key.startswith("triage")]


def test_one_protocol_for_everybody_asks_nobody_who_it_is_about() -> None:
    assert screened(protocols=(), protocol=samples.PROTOCOL).now == "triage/breath/0"


@pytest.mark.parametrize(("answers", "said"), [((YES,), True), ((NO, YES), False)])
def test_the_911_words_are_said_where_they_were_signed(answers: tuple[Answer, ...], said: bool) -> None:
    story = screened(ADULTS, NO, *answers)
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert ("symptom.911" in story.heard) is said


def test_a_phrase_signed_without_the_911_words_pages_at_once_without_them() -> None:
    story = ill(says("my stitches came out", GRAVE))
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert "symptom.911" not in story.heard


def test_the_page_runs_before_anything_is_asked_about_the_place() -> None:
    story = ill(says("chest pain"))
    assert story.did(StartEscalation)
    assert isinstance(story.pending, AskMeanwhile)
    story.then(says("five Elm Street"), YES, YES)
    assert [key for key in story.asked if "where" in key] == [
        *("emergency/where/address", "where/state", "emergency/where/number/same"),
    ]
    assert story.now == "emergency/wait/0"


def test_a_clinician_who_comes_while_the_place_is_asked_is_talked_to_at_once() -> None:
    assert ill(says("chest pain"), DOCTOR).now == "emergency/0/talk/0"
    assert ill(says("chest pain"), says("five Elm Street"), DOCTOR).now == "emergency/0/talk/0"


def test_that_nobody_comes_while_the_place_is_asked_is_told() -> None:
    story = ill(says("chest pain"), NobodyCame("ladder-exhausted"))
    assert "clinician.none" in story.heard


def test_the_number_that_was_given_is_the_one_that_is_called_back() -> None:
    story = ill(says("chest pain"), says("five Elm Street"), YES, NO, presses("3125550147"), YES, HANGS_UP)
    assert [promise.number for promise in story.did(OpenPromise)] == ["3125550147"]


def test_whoever_is_silent_at_the_address_is_asked_nothing_more() -> None:
    assert ill(says("chest pain"), NOTHING).now == "emergency/wait/0"


def test_a_page_without_nurses_runs_while_the_state_is_asked() -> None:
    doctors_only = replace(samples.NURSE, nurses_first=False)
    story = screened(BABY, NO, NO, services=(doctors_only,), menu=(("1", doctors_only),))
    assert story.did(StartEscalation) == [StartEscalation("urgent")]
    assert story.now == "symptom/state/0"
    assert story.then(DOCTOR).now == "clinician/0/talk/0"


def test_a_help_line_is_dialled_by_its_key_and_the_page_goes_on() -> None:
    story = ill(DYING, **HELPED)
    assert story.heard[-1] == "help.crisis"
    story.then(presses("8"))
    assert story.pending == DialHelpLine("emergency/help/line/dial", "+18002738255", story.pending.lines)
    story.then(DialEnded(True))
    assert story.did(StartEscalation) == [StartEscalation("emergent")] * 2
    assert story.now == "emergency/where/address"


def test_a_clinician_who_accepts_takes_the_caller_from_a_help_line() -> None:
    story = ill(DYING, presses("8"), DOCTOR, **HELPED)
    assert story.now == "emergency/0/talk/0"
    assert "help.clinician" in story.heard


def test_a_help_line_stays_within_reach_while_waiting() -> None:
    story = ill(DYING, NOTHING, NOTHING, **HELPED)
    assert story.pending.keys == "28"
    assert "help.failed" in story.then(presses("8"), DialEnded(False)).heard


def test_a_question_with_a_help_line_offers_it() -> None:
    assert "help.crisis" in screened(YES, **HELPED).heard


# -- the rules can fail ------------------------------------------------------------------------

CALL = samples.call(PRACTICE)
RULE = ScreenedAsSigned(samples.PROTOCOLS, frozenset({"nurse"}))
END = Outcome("done")


def broken(flow: Any, monitor: Any) -> str:
    violation = explore(Subject("bad", "bad", flow, CALL, (monitor,), World())).violation
    return violation.rule if violation else ""


def asks(*texts: str, age: str = "") -> Any:
    def flow(call: Call) -> Flow:
        if age:
            answer = yield Ask("age", call.lines("patient.age"))
            if answer != Pressed(age):
                return END
        for number, text in enumerate(texts):
            yield Ask(f"q/{number}", (own_words(text, "en-US"),))
        yield Do("search", EnterWaitingRoom("nurse", "en-US", "urgent"))
        return END

    return flow


def test_a_question_before_it_is_known_who_it_is_about_is_found() -> None:
    assert "no set known" in broken(asks("Is the child limp?"), RULE)


def test_a_no_to_pregnancy_makes_nobody_an_adult_whose_age_was_not_told() -> None:
    def presumed(call: Call) -> Flow:
        age = yield Ask("age", call.lines("patient.age"))
        pregnant = yield Ask("pregnant", call.lines("patient.pregnant"))
        if age == NOTHING and pregnant == NO:
            yield Ask("q", (own_words("Do they want to die?", "en-US"),))
        return END

    assert "no set known" in broken(presumed, RULE)


def test_an_adult_question_about_a_baby_is_found() -> None:
    assert "another set" in broken(asks("Very bad belly pain?", age="1"), RULE)


def test_a_question_out_of_order_is_found() -> None:
    assert "out of order" in broken(asks("Does the baby feel hot?", "Is the child limp?", age="1"), RULE)


def test_a_question_that_is_left_out_is_found() -> None:
    assert "before the whole set" in broken(asks("Is the child limp?", age="1"), RULE)
    assert broken(asks("Is the child limp?", age="3"), RULE) == ""


def test_an_urgent_page_before_the_last_question_is_found() -> None:
    def hasty(call: Call) -> Flow:
        yield Do("page", StartEscalation("urgent"))
        return END

    assert "not emergent begins" in broken(hasty, RULE)


def test_a_question_after_the_last_one_is_found() -> None:
    def endless(call: Call) -> Flow:
        age = yield Ask("age", call.lines("patient.age"))
        if age != Pressed("3"):
            return END
        yield Ask("q/1", (own_words("Is the child limp?", "en-US"),))
        yield Ask("where", call.lines("where.address"))
        yield Ask("q/2", (own_words("Is the child limp?", "en-US"),))
        return END

    assert "follows the last one" in broken(endless, RULE)


def test_another_patient_who_is_told_of_after_the_last_question_is_screened_too() -> None:
    def late(call: Call) -> Flow:
        age = yield Ask("age", call.lines("patient.age"))
        if age == Pressed("3"):
            yield Ask("q/1", (own_words("Is the child limp?", "en-US"),))
            yield Ask("where", call.lines("where.address"))
            yield Ask("age/again", call.lines("patient.age"))
            yield Do("search", EnterWaitingRoom("nurse", "en-US", "urgent"))
        return END

    assert "before the whole set" in broken(late, RULE)


@pytest.mark.parametrize(
    ("goes_on", "found"),
    [
        (Ask("q/2", (own_words("Is the child limp?", "en-US"),)), "whom a supervisor has taken over"),
        (Do("page", StartEscalation("urgent")), "not emergent begins"),
        (Do("search", EnterWaitingRoom("nurse", "en-US", "urgent")), "before the whole set"),
        (Do("page", StartEscalation("emergent")), ""),
    ],
)
def test_screening_that_goes_on_after_a_takeover_is_found(goes_on: Ask | Do, found: str) -> None:
    def stubborn(call: Call) -> Flow:
        try:
            age = yield Ask("age", call.lines("patient.age"))
            if age == Pressed("3"):
                yield Ask("q/1", (own_words("Is the child limp?", "en-US"),))
        except TakenOver:
            yield goes_on
        return END

    assert found in broken(stubborn, RULE)
    assert bool(found) is bool(broken(stubborn, RULE))


def test_asking_where_before_the_page_in_an_emergency_is_found() -> None:
    def slow(call: Call) -> Flow:
        yield Do("note", NoteCall(complaint="my chest", urgency="emergent"))
        yield AskMeanwhile("where", call.lines("where.address"))
        return END

    assert "is asked where" in broken(slow, LicensedWhereThePatientIs(frozenset({"nurse"})))


def test_911_words_that_were_signed_away_are_found() -> None:
    def loud(call: Call) -> Flow:
        yield Ask("question", (own_words("Very bad belly pain?", "en-US"),))
        yield Say("911", call.lines("symptom.911"))
        return END

    assert "signed away" in broken(loud, RedFlagsRaise(quiet=frozenset({"Very bad belly pain?"})))


def test_a_help_line_that_nobody_dials_is_found() -> None:
    def deaf(call: Call) -> Flow:
        yield Do("page", StartEscalation("emergent"))
        yield Ask("offer", (call.line("help.crisis", number="1"),))
        yield Ask("other", call.lines("where.address"))
        return END

    assert "nobody dials" in broken(deaf, HelpLinesConnect())
