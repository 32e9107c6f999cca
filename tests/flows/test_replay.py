"""The engine: what it replays, and what it refuses."""

from __future__ import annotations

import pytest

from callflows.engine.replay import LONGEST_LOG, Entry, FlowError, LogMismatch, Run, replay
from callflows.vocabulary import (
    Ask,
    Do,
    Done,
    Flow,
    HungUp,
    Interrupted,
    Outcome,
    Pressed,
    RaiseAlert,
    Say,
    Silence,
    TakenOver,
)

NO_LINES = ()


def two_questions() -> Flow:
    yield Say("hello", NO_LINES)
    first = yield Ask("first", NO_LINES)
    yield Say("between", NO_LINES)
    second = yield Ask("second", NO_LINES)
    return Outcome(f"{first.digits}{second.digits}")


def test_a_log_leads_to_the_question_after_it() -> None:
    run = replay(two_questions(), [Entry("first", Pressed("1"))], "second")
    assert run.request is not None
    assert run.request.key == "second"
    assert [said.key for said in run.said] == ["between"]


def test_a_whole_log_leads_to_the_outcome() -> None:
    log = [Entry("first", Pressed("1")), Entry("second", Pressed("2"))]
    assert replay(two_questions(), log).outcome == Outcome("12")


def test_a_row_under_another_key_is_refused() -> None:
    with pytest.raises(LogMismatch, match="answers 'second', but the flow asks 'first'"):
        replay(two_questions(), [Entry("second", Pressed("1"))])


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ("agent/stop", "agent/1/stop"),
        ("person/promise/number/0", "person/0/promise/number/0"),
        ("errand/message", "errand/2/message"),
        ("talk/0", "talk"),
        ("talk/1", "talk/again"),
        ("talk/2", "talk/lost/0"),
        ("talk/3", "talk/lost/0/again"),
    ],
)
def test_a_row_under_the_key_of_a_release_before_goes_on(asked: str, logged: str) -> None:
    def flow() -> Flow:
        yield Ask(asked, ())
        return Outcome("done")

    assert replay(flow(), [Entry(logged, Pressed("1"))]).outcome == Outcome("done")
    assert replay(flow(), [], logged).request


@pytest.mark.parametrize(
    "logged", ["agent/1/stopped", "agent/1/wait/0", "nurse/1/stop", "agent/1/2/stop", "x/agent/1/stop"]
)
def test_a_row_under_a_key_that_only_looks_like_one_is_refused(logged: str) -> None:
    def flow() -> Flow:
        yield Ask("agent/stop", ())
        return Outcome("done")

    with pytest.raises(LogMismatch):
        replay(flow(), [Entry(logged, Pressed("1"))])


def test_rows_left_over_are_refused() -> None:
    log = [Entry(key, Pressed("1")) for key in ("first", "second", "third")]
    with pytest.raises(LogMismatch, match="asks 'nothing more'"):
        replay(two_questions(), log)


def test_an_answer_is_never_taken_for_another_question_than_the_caller_heard() -> None:
    with pytest.raises(LogMismatch, match="the caller was asked 'third', but the flow now asks 'second'"):
        replay(two_questions(), [Entry("first", Pressed("1"))], "third")


def test_a_pending_question_of_an_ended_conversation_is_refused() -> None:
    log = [Entry("first", Pressed("1")), Entry("second", Pressed("2"))]
    with pytest.raises(LogMismatch, match="now asks 'nothing more'"):
        replay(two_questions(), log, "second")


def test_an_answer_after_the_end_is_refused() -> None:
    run = replay(two_questions(), [Entry("first", Pressed("1")), Entry("second", Pressed("2"))])
    with pytest.raises(LogMismatch, match="after the conversation ended"):
        run.answer(Pressed("3"))


def test_a_key_asked_twice_is_refused() -> None:
    def forgetful() -> Flow:
        yield Ask("same", NO_LINES)
        yield Ask("same", NO_LINES)
        return Outcome("done")

    with pytest.raises(FlowError, match="'same' is asked twice"):
        replay(forgetful(), [Entry("same", Silence())])


def test_a_conversation_without_an_end_is_stopped() -> None:
    def endless() -> Flow:
        turn = 0
        while True:
            turn += 1
            yield Ask(f"turn/{turn}", NO_LINES)

    run = Run(endless()).start()
    for _ in range(LONGEST_LOG):
        run.answer(Silence())
    with pytest.raises(FlowError, match=f"more than {LONGEST_LOG} answers"):
        run.answer(Silence())


def test_what_was_said_since_the_last_answer_can_be_said_again_after_an_effect() -> None:
    def effect_between() -> Flow:
        yield Ask("first", NO_LINES)
        yield Say("before", NO_LINES)
        yield Do("effect", RaiseAlert("nothing"))
        yield Say("after", NO_LINES)
        yield Ask("second", NO_LINES)
        return Outcome("done")

    run = replay(effect_between(), [Entry("first", Silence()), Entry("effect", Done())])
    assert [said.key for said in run.said] == ["before", "after"]


def test_a_flow_may_record_effects_after_a_hang_up_but_not_speak() -> None:
    def tidy() -> Flow:
        try:
            yield Ask("question", NO_LINES)
        except HungUp:
            yield Say("into the void", NO_LINES)
            yield Do("tidy", RaiseAlert("gone"))
        return Outcome("tidied")

    run = replay(tidy(), [Entry("question", Interrupted("hung-up"))], "tidy")
    assert run.said == ()
    assert run.answer(Done()).outcome == Outcome("tidied")


def test_a_flow_that_asks_somebody_who_has_gone_is_refused() -> None:
    def deaf() -> Flow:
        try:
            yield Ask("question", NO_LINES)
        except HungUp:
            yield Ask("still there?", NO_LINES)
        return Outcome("done")

    with pytest.raises(FlowError, match="wants to speak to somebody who has hung up"):
        replay(deaf(), [Entry("question", Interrupted("hung-up"))])


def test_a_hang_up_that_nobody_handles_ends_the_conversation() -> None:
    assert replay(two_questions(), [Entry("first", Interrupted("hung-up"))]).outcome == Outcome("hung-up")


def test_a_takeover_that_nobody_handles_leaves_the_flow() -> None:
    with pytest.raises(TakenOver):
        replay(two_questions(), [Entry("first", Interrupted("taken-over"))])


def test_a_flow_must_end_with_an_outcome() -> None:
    def vague() -> Flow:
        yield Ask("question", NO_LINES)
        return None  # type: ignore[return-value]

    with pytest.raises(FlowError, match="not with NoneType"):
        replay(vague(), [Entry("question", Silence())])
