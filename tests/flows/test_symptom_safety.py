"""Symptoms and red flags are followed up: each way to break the rules is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callflows.prompts import line, own_words
from callflows.proof.possible import World
from callflows.proof.safety import ListensAlways
from callflows.proof.symptom_safety import RedFlagsRaise, SymptomReachesClinician
from callflows.values import Call
from callflows.vocabulary import (
    Answer,
    Ask,
    Do,
    EnterWaitingRoom,
    Flow,
    NobodyCame,
    NoteCall,
    OpenPromise,
    Outcome,
    Pressed,
    Say,
    Silence,
    StartEscalation,
    Wait,
    WaitBroke,
    WithPerson,
)
from tests.flows.breaking import BREATH, COMFORT, END, broken

# -- symptoms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("prompt", ["identity.birth", "identity.zip", "patient.known"])
def test_asking_an_ill_caller_who_they_are_is_found(prompt: str) -> None:
    def suspicious(call: Call) -> Flow:
        yield Do("note", NoteCall(symptom=True))
        yield Ask("who", call.lines(prompt))
        return END

    assert broken(suspicious, SymptomReachesClinician()) == "a caller with a symptom is asked who they are"


def test_an_ill_caller_who_only_reaches_the_office_is_found() -> None:
    def office_only(call: Call) -> Flow:
        answer = yield Ask("ill", call.lines("identity.symptom"))
        yield Do("search", EnterWaitingRoom("billing", "en-US", "routine"))
        if answer == Pressed("1"):
            yield WithPerson("talk", "ana")
        return END

    assert "without a clinician or a promise" in broken(office_only, SymptomReachesClinician())


def test_a_red_flag_that_nobody_follows_up_is_found() -> None:
    def deaf(call: Call) -> Flow:
        yield Ask("question", (), speech=True)
        return END

    assert "without a clinician or a promise" in broken(deaf, SymptomReachesClinician())


def test_a_waiting_caller_who_gets_worse_and_is_ignored_is_found() -> None:
    def ignoring(call: Call) -> Flow:
        yield Wait("wait", call.lines("wait.keys"), keys="12")
        return END

    assert "without a clinician or a promise" in broken(ignoring, SymptomReachesClinician())


@pytest.mark.parametrize("ended", [NobodyCame, WaitBroke])
def test_a_search_that_ended_is_no_care(ended: type[Answer]) -> None:
    def hopeful(call: Call) -> Flow:
        yield Do("note", NoteCall(symptom=True))
        yield Do("page", StartEscalation("urgent"))
        answer = yield Wait("wait", COMFORT)
        if isinstance(answer, ended):
            yield WithPerson("talk", "somebody")
        else:
            yield Do("promise", OpenPromise("urgent-callback", "nurse", "now + 15m", urgency="urgent"))
        return END

    without_hang_ups = World(interruptions=())
    assert "without a clinician or a promise" in broken(hopeful, SymptomReachesClinician(), without_hang_ups)


# -- red flags ----------------------------------------------------------------------------------


RULE = RedFlagsRaise(BREATH)


def test_words_between_a_red_flag_and_the_911_words_are_found() -> None:
    def talkative(call: Call) -> Flow:
        yield Ask("question", (), speech=True)
        yield Say("thanks", call.lines("language.chosen"))
        yield Say("911", call.lines("symptom.911"))
        return END

    assert broken(talkative, replace(RULE, ill=True)) == "the words after a red flag are not the 911 words"


def test_what_sounds_like_an_emergency_and_is_not_asked_about_is_found() -> None:
    def easy(call: Call) -> Flow:
        yield Ask("question", (), speech=True)
        yield Ask("another", (*call.lines("danger.ask"),), speech=True)
        return END

    assert broken(easy, RULE) == "what sounds like an emergency is neither asked about nor raised at once"


def test_silence_at_the_question_whether_somebody_is_in_danger_that_raises_nothing_is_found() -> None:
    def calm(call: Call) -> Flow:
        answer = yield Ask("danger", call.lines("danger.911", "danger.ask"))
        if answer == Pressed("1"):
            yield Do("page", StartEscalation("emergent"))
        return END

    assert broken(calm, RULE) == "a red flag was heard, and no clinician is paged before the wait"


def test_what_sounds_ill_and_is_served_before_a_clear_no_is_found() -> None:
    def hasty(call: Call) -> Flow:
        yield Ask("reason", (), speech=True)
        answer = yield Ask("errand", call.lines("errand.ask"))
        if answer != Pressed("1"):
            yield Ask("who", call.lines("identity.birth"))
        yield Do("promise", OpenPromise("urgent-callback", "nurse", "now + 15m", urgency="urgent"))
        return END

    assert broken(hasty, SymptomReachesClinician()) == "a caller with a symptom is asked who they are"


@pytest.mark.parametrize("prompt", ["reason.ill", "identity.symptom", "message.ill"])
def test_a_yes_to_whether_anybody_is_ill_that_is_not_followed_up_is_found(prompt: str) -> None:
    def deaf(call: Call) -> Flow:
        yield Ask("ill", call.lines(prompt))
        return END

    assert "without a clinician or a promise" in broken(deaf, SymptomReachesClinician())


def test_a_question_that_does_not_listen_is_found() -> None:
    def keys_only(call: Call) -> Flow:
        yield Ask("question", ())
        return END

    assert broken(keys_only, ListensAlways()) == "a question does not listen for speech"


def test_words_in_a_wait_that_nobody_follows_up_are_found() -> None:
    def ignoring(call: Call) -> Flow:
        yield Wait("wait", call.lines("wait.keys"), alarms=("ill", "emergent", "flagged"))
        return END

    assert "without a clinician or a promise" in broken(ignoring, SymptomReachesClinician())


def test_a_further_question_after_an_emergent_yes_is_found() -> None:
    def thorough(call: Call) -> Flow:
        answer = yield Ask("breath", (own_words("Hard to breathe?", "en-US"),))
        if answer != Pressed("2"):
            yield Ask("state", call.lines("symptom.yes_no"))
        return END

    assert broken(thorough, RULE) == "the words after a red flag are not the 911 words"


def test_waiting_before_the_page_is_found() -> None:
    def late(call: Call) -> Flow:
        yield Ask("question", (), speech=True)
        yield Say("911", call.lines("symptom.911"))
        yield Wait("wait", COMFORT, alarms=("emergent", "flagged"))
        return END

    assert broken(late, replace(RULE, ill=True)) == "a red flag was heard, and no clinician is paged before the wait"


def test_a_slow_page_for_a_red_flag_is_found() -> None:
    def slow(call: Call) -> Flow:
        yield Ask("question", (), speech=True)
        yield Say("911", call.lines("symptom.911"))
        yield Do("page", StartEscalation("urgent"))
        return END

    assert broken(slow, replace(RULE, ill=True)) == "a red flag leads to a page that is only urgent"


@pytest.mark.parametrize(
    "lower",
    [
        NoteCall(urgency="urgent"),
        StartEscalation("urgent"),
        EnterWaitingRoom("nurse", "en-US", "routine"),
        OpenPromise("urgent-callback", "nurse", "now + 15m", urgency="urgent"),
    ],
)
def test_an_urgency_that_falls_is_found(lower: Any) -> None:
    def forgetful(call: Call) -> Flow:
        yield Do("note", NoteCall(urgency="emergent"))
        yield Do("lower", lower)
        return END

    assert broken(forgetful, RULE).startswith("the urgency falls from emergent to")


def test_getting_worse_in_a_wait_that_is_not_taken_for_a_red_flag_is_found() -> None:
    def unmoved(call: Call) -> Flow:
        yield Do("page", StartEscalation("urgent"))
        yield Wait("wait", call.lines("wait.clinician", "wait.worse"), keys="2", alarms=("emergent", "flagged"))
        yield Say("thanks", call.lines("greeting"))
        return END

    assert broken(unmoved, replace(RULE, ill=True)) == "the words after a red flag are not the 911 words"


# -- the way to a nurse -------------------------------------------------------------------------


def test_asking_whoever_chose_the_nurse_who_they_are_is_found() -> None:
    def suspicious(call: Call) -> Flow:
        answer = yield Ask("menu", (line("menu.option", "en-US", service="a nurse", key="1"),), wishes=("nurse",))
        if answer == Pressed("1"):
            yield Ask("who", call.lines("identity.birth"))
        return Outcome("with the house")

    chosen = SymptomReachesClinician(frozenset({"nurse"}), frozenset({"1"}))
    assert broken(suspicious, chosen) == "a caller with a symptom is asked who they are"


@pytest.mark.parametrize("prompt", ["reason.ill", "identity.symptom"])
def test_silence_to_whether_anybody_is_ill_that_is_not_followed_up_is_found(prompt: str) -> None:
    def deaf(call: Call) -> Flow:
        answer = yield Ask("ill", call.lines(prompt))
        if answer != Silence():
            yield Do("promise", OpenPromise("urgent-callback", "nurse", "now + 15m", urgency="urgent"))
        return END

    assert "without a clinician or a promise" in broken(deaf, SymptomReachesClinician())


def test_a_wait_that_does_not_listen_for_a_red_flag_is_found() -> None:
    def deaf(call: Call) -> Flow:
        yield Wait("wait", COMFORT, alarms=("ill", "suspect", "emergent"))
        return END

    assert broken(deaf, RULE) == "a wait does not listen for what would raise the urgency"
