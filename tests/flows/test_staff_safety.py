"""Those whom we ring: each way to break their rules is found."""

from __future__ import annotations

import pytest

from callflows.prompts import Line, line, own_words
from callflows.proof.safety import NobodyStranded
from callflows.proof.staff_safety import (
    AcceptedFirst,
    CutOffBeginsAnew,
    HeldComesBack,
    InterpreterAsked,
    NothingTold,
    PinFirst,
    ThereFirst,
)
from callflows.values import Call
from callflows.vocabulary import (
    AcceptOffer,
    Ask,
    AskInterpreter,
    AskPin,
    CutShort,
    DialHouse,
    Do,
    Fact,
    Flow,
    HoldCaller,
    HungUp,
    NoteCall,
    OpenPromise,
    Outcome,
    PersonLeft,
    Pressed,
    ReportCutShort,
    ReportReached,
    Say,
    WithPerson,
)
from tests.flows.breaking import END, RUNG, broken


def test_a_look_up_before_the_pin_is_found() -> None:
    def early(_: object) -> Flow:
        yield Fact("summary", "page_summary")
        yield AskPin("pin", ())
        return END

    assert broken(early, PinFirst(), RUNG) == "something about a patient is looked up before the PIN"


def test_a_summary_after_a_wrong_pin_is_found() -> None:
    def lenient(_: object) -> Flow:
        yield AskPin("pin", ())
        yield Say("summary", (own_words("A cough.", "en-US", private=True),))
        return END

    assert broken(lenient, PinFirst(), RUNG) == "something private is spoken before the PIN"


def test_a_summary_that_is_not_marked_private_is_found() -> None:
    def unmarked(_: object) -> Flow:
        right = yield AskPin("pin", ())
        if right.__class__.__name__ == "PinChecked" and right.right:
            about = yield Fact("summary", "page_summary")
            yield Say("summary", (own_words(about["complaint"] or "none", "en-US"),))
        return END

    assert "without being marked private" in broken(unmarked, PinFirst(), RUNG)


def test_connecting_a_voicemail_is_found() -> None:
    def trusting(_: object) -> Flow:
        yield Say("hello", ())
        yield WithPerson("talk", "caller")
        return END

    assert broken(trusting, AcceptedFirst(), RUNG) == "somebody is connected who has not accepted"


def test_accepting_without_a_key_is_found() -> None:
    def automatic(_: object) -> Flow:
        yield Ask("accept", ())
        yield Do("accept!", AcceptOffer())
        return END

    assert broken(automatic, AcceptedFirst(), RUNG) == "a call is accepted without a key"


def test_connecting_somebody_who_came_too_late_is_found() -> None:
    def careless(_: object) -> Flow:
        answer = yield Ask("accept", ())
        if answer == Pressed("1"):
            yield Do("accept!", AcceptOffer())
            yield WithPerson("talk", "caller")
        return END

    assert broken(careless, AcceptedFirst(), RUNG) == "somebody is connected who has not accepted"


def test_ringing_an_interpreter_for_an_agent_who_has_not_accepted_is_found() -> None:
    def early(_: object) -> Flow:
        yield Do("interpreter", AskInterpreter())
        return END

    assert broken(early, AcceptedFirst(), RUNG) == "an interpreter is rung for somebody who has not accepted"


@pytest.mark.parametrize("needed", [True, False])
def test_an_agent_who_is_told_wrongly_about_an_interpreter_is_found(needed: bool) -> None:
    def wrong(_: object) -> Flow:
        said = "offer.whisper" if needed else "offer.whisper_interpreted"
        yield Ask("accept", (Line(said), Line("offer.accept")))
        return END

    assert "not told rightly" in broken(wrong, InterpreterAsked(needed), RUNG)


@pytest.mark.parametrize("needed", [True, False])
def test_a_talk_without_the_interpreter_that_was_told_of_is_found(needed: bool) -> None:
    def forgets(_: object) -> Flow:
        if not needed:
            yield Do("interpreter", AskInterpreter())
        yield WithPerson("talk", "caller")
        return END

    assert "no interpreter is rung, or one who is not needed" in broken(forgets, InterpreterAsked(needed), RUNG)


def test_looking_something_up_for_an_interpreter_is_found() -> None:
    def curious(_: object) -> Flow:
        yield Fact("summary", "page_summary")
        return END

    assert broken(curious, NothingTold(), RUNG) == "something is looked up for an interpreter"


@pytest.mark.parametrize(
    "said",
    [
        line("page.complaint", "en-US", complaint="a cough"),
        own_words("A cough.", "en-US"),
        line("interpreter.asked", "en-US", operator="Sunline", spoken_language="Spanish", patient="Evelyn"),
    ],
)
def test_an_interpreter_who_hears_more_than_the_language_is_found(said: Line) -> None:
    def talkative(_: object) -> Flow:
        yield Say("about", (said,))
        return END

    assert broken(talkative, NothingTold(), RUNG).startswith("an interpreter hears")


def test_a_caller_left_on_hold_is_found() -> None:
    def forgetful(_: object) -> Flow:
        yield Do("hold", HoldCaller(True))
        try:
            yield Ask("step-out", ())
        except HungUp:
            return END
        yield Do("unhold", HoldCaller(False))
        return END

    assert broken(forgetful, HeldComesBack(), RUNG) == "the caller is left on hold"


def test_a_patient_who_is_connected_without_a_key_is_found() -> None:
    def hasty(_: object) -> Flow:
        yield Ask("ready", ())
        yield WithPerson("talk", "person")
        return END

    assert broken(hasty, ThereFirst(), RUNG) == "a patient is connected who pressed nothing"


def test_a_waiting_person_who_hears_nothing_is_found() -> None:
    def silent(_: object) -> Flow:
        yield Ask("ready", ())
        return END

    assert broken(silent, ThereFirst(), RUNG) == "nobody is told whether the patient came"


def test_a_false_report_is_found() -> None:
    def lying(_: object) -> Flow:
        yield Ask("ready", ())
        yield Do("report", ReportReached(True))
        return END

    assert broken(lying, ThereFirst(), RUNG) == "the report on the patient is not what happened"


def test_a_fallback_call_that_nobody_answered_is_no_person() -> None:
    def optimistic(call: Call) -> Flow:
        yield DialHouse("dial", "+13125550190")
        return END

    assert "without a person or a promise" in broken(optimistic, NobodyStranded())


def test_a_talk_is_a_person_and_one_that_is_cut_short_is_none() -> None:
    def good(call: Call) -> Flow:
        answer = yield WithPerson("talk", "ana")
        if isinstance(answer, CutShort):
            yield Do("promise", OpenPromise("callback", "scheduling", "now + 1h"))
            yield Say("told", call.lines("promise.made"))
        return Outcome("left" if isinstance(answer, PersonLeft) else "done")

    def bad(call: Call) -> Flow:
        yield WithPerson("talk", "ana")
        return END

    assert broken(good, NobodyStranded()) == ""
    assert "without a person or a promise" in broken(bad, NobodyStranded())


def test_a_caller_with_a_symptom_who_hangs_up_before_a_talk_and_is_forgotten_is_found() -> None:
    def forgotten(call: Call) -> Flow:
        yield Do("note", NoteCall(symptom=True))
        try:
            yield WithPerson("talk", "dr-lee")
        except HungUp:
            yield Fact("talked", "talked")
            return END
        yield Do("promise", OpenPromise("urgent-callback", "nurse", "now + 15m"))
        yield Say("told", call.lines("promise.made"))
        return END

    assert "without a person or a promise" in broken(forgotten, NobodyStranded())


def test_a_patient_who_is_cut_off_and_hears_goodbye_is_found() -> None:
    def polite(call: Call) -> Flow:
        ended = yield WithPerson("talk", "person")
        if isinstance(ended, CutShort):
            yield Do("cut", ReportCutShort())
        yield Say("goodbye", call.lines("farewell"))
        return END

    assert broken(polite, CutOffBeginsAnew(), RUNG) == "a patient who was cut off hears goodbye"


def test_a_patient_who_is_cut_off_and_reported_to_nobody_is_found() -> None:
    def silent(call: Call) -> Flow:
        yield WithPerson("talk", "person")
        return END

    assert broken(silent, CutOffBeginsAnew(), RUNG) == "a patient is cut off, and it stays so"
