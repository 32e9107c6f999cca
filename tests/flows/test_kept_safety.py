"""What a caller chose is kept, and what was promised is true: each way to break the rules is found."""

from __future__ import annotations

import pytest

from callflows.prompts import line, own_words
from callflows.proof.kept_safety import AlarmsRaised, ChosenLanguage, RefusalKept, TrueTime
from callflows.proof.safety import NobodyStranded
from callflows.values import Call
from callflows.vocabulary import (
    Ask,
    Do,
    EnterWaitingRoom,
    Fact,
    Flow,
    NoteCall,
    OpenPromise,
    Pressed,
    RefuseRecording,
    Request,
    Say,
    StartEscalation,
    StartRecording,
    Wait,
)
from tests.flows.breaking import BREATH, COMFORT, END, broken


def test_a_recording_after_a_refusal_by_key_or_in_words_is_found() -> None:
    def deaf(call: Call) -> Flow:
        yield Ask("menu", call.lines("notice.opt_out"), speech=True, wishes=("unrecorded",))
        yield Do("record", StartRecording())
        return END

    assert broken(deaf, RefusalKept()) == "a refusal of recording is not kept"


def test_a_refusal_after_the_recording_has_begun_is_found() -> None:
    def late(call: Call) -> Flow:
        yield Do("record", StartRecording())
        yield Do("refuse", RefuseRecording())
        return END

    assert broken(late, RefusalKept()) == "a refusal of recording comes after the recording has begun"


def test_a_refusal_that_is_written_down_first_is_kept() -> None:
    def good(call: Call) -> Flow:
        answer = yield Ask("menu", call.lines("notice.opt_out"))
        if answer == Pressed("9"):
            yield Do("refuse", RefuseRecording())
        yield Do("record", StartRecording())
        return END

    assert broken(good, RefusalKept()) == ""


def test_english_after_spanish_was_chosen_is_found() -> None:
    def stubborn(call: Call) -> Flow:
        yield Ask("language", (line("language.option", "es-US", key="2"),))
        yield Say("thanks", call.lines("notice"))
        return END

    assert broken(stubborn, ChosenLanguage()) == "something is said in another language than the caller's"


@pytest.mark.parametrize(
    "request_",
    [
        Ask("question", ()),
        Wait("wait", ()),
        Do("search", EnterWaitingRoom("nurse", "en-US", "urgent")),
        Do("note", NoteCall(language="en-US")),
    ],
)
def test_listening_or_looking_for_english_speakers_for_a_spanish_call_is_found(request_: Request) -> None:
    def stubborn(call: Call) -> Flow:
        yield request_
        return END

    found = broken(stubborn, ChosenLanguage(language="es-US"))
    assert found == "another language than the caller's is listened for or looked for"


def test_a_question_that_a_protocol_has_in_no_other_language_is_let_pass() -> None:
    def asking(call: Call) -> Flow:
        yield Ask("breath", (own_words("Hard to breathe?", "en-US"),), language="es-US")
        return END

    assert broken(asking, ChosenLanguage(BREATH, "es-US")) == ""
    assert broken(asking, ChosenLanguage(language="es-US")) != ""


def test_a_time_that_was_looked_up_before_the_promise_is_found() -> None:
    def early(call: Call) -> Flow:
        due = yield Fact("due", "promise_due")
        yield Do("promise", OpenPromise("callback", "billing", "now + 4h"))
        yield Say("told", (line("promise.made", "en-US", time=due["spoken"]),))
        return END

    assert broken(early, TrueTime()) == "a promise says a time that is not when it is due"


def test_a_time_that_nobody_looked_up_is_found() -> None:
    def vague(call: Call) -> Flow:
        yield Do("promise", OpenPromise("callback", "billing", "now + 4h"))
        yield Say("told", (line("promise.made", "en-US", time="soon"),))
        return END

    assert broken(vague, TrueTime()) == "a promise says a time that is not when it is due"


def test_a_call_back_to_a_hidden_number_that_was_asked_for_in_vain_is_found() -> None:
    def hopeful(call: Call) -> Flow:
        yield Ask("number", call.lines("promise.anonymous"))
        yield Do("promise", OpenPromise("callback", "billing", "now + 4h"))
        return END

    found = broken(hopeful, NobodyStranded(caller_id=False))
    assert found == "a call-back is promised to a hidden number, and none was given"


def test_no_alarm_when_no_clinician_came_is_found() -> None:
    def quiet(call: Call) -> Flow:
        yield Do("page", StartEscalation("urgent"))
        yield Wait("wait", COMFORT)
        return END

    assert broken(quiet, AlarmsRaised()) == "no alarm is raised where nobody could come"


def test_a_call_that_went_wrong_without_an_alarm_is_found() -> None:
    def quiet(call: Call) -> Flow:
        yield Wait("wait", COMFORT)
        return END

    assert broken(quiet, AlarmsRaised(owed=True)) == "no alarm is raised where nobody could come"
