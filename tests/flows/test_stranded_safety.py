"""Nobody is stranded, and zero leads to a person: each way to break the rules is found."""

from __future__ import annotations

import pytest

from callflows.prompts import line
from callflows.proof.safety import NobodyStranded, ZeroReachesPerson
from callflows.values import Call
from callflows.vocabulary import (
    Ask,
    Do,
    Effect,
    EnterWaitingRoom,
    Flow,
    NoteCall,
    OpenPromise,
    Outcome,
    Pressed,
    Say,
    StartEscalation,
    Wait,
    WithPerson,
)
from tests.flows.breaking import COMFORT, END, broken

# -- nobody stranded ----------------------------------------------------------------------------


def test_an_end_without_a_person_or_a_promise_is_found() -> None:
    def curt(call: Call) -> Flow:
        yield Ask("question", ())
        return Outcome("goodbye")

    assert "the call ends (goodbye) without a person or a promise" in broken(curt, NobodyStranded())


def test_a_hang_up_with_a_symptom_open_is_found() -> None:
    def careless(call: Call) -> Flow:
        yield Do("note", NoteCall(symptom=True))
        yield Ask("question", ())
        yield WithPerson("talk", "joy")
        return END

    assert "the call ends (hung-up) without a person or a promise" in broken(careless, NobodyStranded())


def test_a_promise_whose_time_is_never_told_is_found() -> None:
    def vague(call: Call) -> Flow:
        yield Do("promise", OpenPromise("callback", "billing", "now + 4h"))
        return END

    assert "before the caller was told when" in broken(vague, NobodyStranded())


def test_a_promise_without_a_due_time_is_found() -> None:
    def hollow(call: Call) -> Flow:
        yield Do("promise", OpenPromise("callback", "billing", ""))
        return END

    assert "has no due time" in broken(hollow, NobodyStranded())


def test_a_doubled_promise_is_found() -> None:
    def eager(call: Call) -> Flow:
        yield Do("one", OpenPromise("callback", "billing", "now + 4h"))
        yield Do("two", OpenPromise("callback", "billing", "now + 4h"))
        return END

    assert "opened twice" in broken(eager, NobodyStranded())


def test_a_call_back_to_nobody_is_found() -> None:
    def empty(call: Call) -> Flow:
        yield Do("promise", OpenPromise("callback", "billing", "now + 4h"))
        return END

    assert "without a number who was not asked for one" in broken(empty, NobodyStranded(caller_id=False))


def test_a_person_who_came_in_vain_is_found() -> None:
    def rude(call: Call) -> Flow:
        yield Do("promise", OpenPromise("callback", "billing", "now + 4h"))
        yield Say("told", (line("promise.made", "en-US", time="ten"),))
        yield Wait("wait", COMFORT)
        return END

    assert "without a word between them" in broken(rude, NobodyStranded())


def test_a_caller_who_was_offered_a_person_again_and_got_none_is_found() -> None:
    def teasing(call: Call) -> Flow:
        yield WithPerson("talk", "ana")
        yield Ask("left", call.lines("person.left", "person.again"))
        return END

    assert "without a person or a promise" in broken(teasing, NobodyStranded())


@pytest.mark.parametrize(
    "effect", [NoteCall(symptom=True), EnterWaitingRoom("billing", "en-US", "routine"), StartEscalation("urgent")]
)
def test_a_caller_who_needs_a_second_person_and_gets_none_is_found(effect: Effect) -> None:
    def once(call: Call) -> Flow:
        yield WithPerson("talk", "ana")
        yield Do("again", effect)
        return END

    assert "without a person or a promise" in broken(once, NobodyStranded())


def test_a_number_asked_for_before_somebody_else_was_looked_for_is_not_enough() -> None:
    def remembering(call: Call) -> Flow:
        yield Ask("number", call.lines("promise.anonymous"))
        yield Do("page", StartEscalation("urgent"))
        yield Do("promise", OpenPromise("urgent-callback", "nurse", "now + 15m"))
        return END

    assert "who was not asked for one" in broken(remembering, NobodyStranded(caller_id=False))


# -- zero ---------------------------------------------------------------------------------------


def test_a_zero_that_leads_to_another_question_is_found() -> None:
    def stubborn(call: Call) -> Flow:
        yield Ask("one", ())
        yield Ask("two", ())
        return END

    assert broken(stubborn, ZeroReachesPerson()) == "the caller asked for a person in vain"


def test_the_word_agent_that_leads_to_another_question_is_found() -> None:
    def stubborn(call: Call) -> Flow:
        answer = yield Ask("one", (), speech=True, wishes=("tea",))
        if answer != Pressed("0"):
            yield Ask("two", ())
        yield Do("promise", OpenPromise("callback", "billing", "now + 4h"))
        return END

    assert broken(stubborn, ZeroReachesPerson()) == "the caller asked for a person in vain"
