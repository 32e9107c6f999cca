"""The house, the safe landing, strangers, and the line for professionals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callflows.proof import samples
from callflows.vocabulary import (
    Answer,
    CutShort,
    DialEnded,
    DialHouse,
    EnterWaitingRoom,
    Joined,
    NobodyCame,
    NoteCall,
    OpenPromise,
    PersonLeft,
    RaiseAlert,
    StartEscalation,
    StartRecording,
    Wait,
)
from callflows.vocabulary.hearing import EMERGENT
from tests.flows.playing import HANGS_UP, ILL, NOTHING, TAKEN_OVER, Story, calls, presses, says

NOBODY = NobodyCame("no-one-awake")


HOUSE = ["wait.house", "wait.emergency"]


def landed(*answers: Answer, caller_id: bool = True) -> Story:
    return calls(samples.call(ILL, caller_id=caller_id), *answers, flow="safe_landing")


def test_a_landing_apologises_alerts_and_looks_for_a_person() -> None:
    story = landed()
    assert story.effects[0] == RaiseAlert("safe-landing")
    assert story.heard == ["apology", *HOUSE]
    assert story.did(EnterWaitingRoom)[0].pool == samples.FALLBACK_POOL


def test_the_fallback_is_a_pool_then_a_number_then_a_promise() -> None:
    story = landed(NOBODY)
    assert isinstance(story.pending, DialHouse)
    assert story.pending.number == samples.FALLBACK_NUMBER
    story.then(DialEnded(False))
    assert story.did(OpenPromise)[0].urgency == "urgent"
    assert story.heard[-1] == "clinician.promise"
    assert story.ended == "promised"


def test_a_house_that_answers_ends_it_well() -> None:
    assert landed(NOBODY, DialEnded(True)).ended == "with the house"
    assert landed(Joined("thandi", "agent"), PersonLeft("agent")).ended == "with an agent"


def test_whoever_is_cut_off_from_the_fallback_at_once_is_put_through_to_the_house() -> None:
    story = landed(Joined("thandi", "agent"), CutShort("agent"))
    assert (story.heard[-2], isinstance(story.pending, DialHouse)) == ("person.cut", True)


def test_a_clinician_takes_the_caller_from_the_house() -> None:
    story = landed(NOBODY, Joined("dr-lee", "clinician"))
    assert (story.heard[-1], story.now) == ("help.clinician", "landing/clinician/talk/0")
    assert landed(NOBODY, Joined("dr-lee", "clinician"), PersonLeft("clinician")).ended == "with a clinician"
    assert landed(NOBODY, Joined("dr-lee", "clinician"), CutShort("clinician")).heard[-1] == "clinician.promise"


def test_the_fallback_offers_nobody_again() -> None:
    assert landed(Joined("thandi", "agent"), PersonLeft("agent")).heard[-1] == "goodbye"


def test_a_hidden_caller_is_asked_for_a_number_before_the_last_promise() -> None:
    story = landed(NOBODY, DialEnded(False), presses("3125550188"), presses("1"), caller_id=False)
    assert [promise.number for promise in story.did(OpenPromise)] == ["3125550188"]


def test_whoever_hangs_up_on_a_landing_is_called_back_because_nobody_knows_what_they_had_said() -> None:
    story = landed(HANGS_UP)
    assert [promise.kind for promise in story.did(OpenPromise)] == ["urgent-callback"]


def test_a_takeover_of_a_landed_call_begins_the_search_once_more() -> None:
    assert landed(TAKEN_OVER).now == "landing/again/wait"


def test_a_number_that_no_practice_owns_is_answered_by_the_fallback() -> None:
    story = calls(samples.call(ILL), flow="unknown_number")
    assert story.heard == ["emergency", *HOUSE]
    assert RaiseAlert("unknown-number") in story.effects
    assert story.then(HANGS_UP).ended == "hung up"


def backline(*answers: Answer, **changes: Any) -> Story:
    return calls(samples.call(replace(ILL, **changes)), *answers, flow="backline")


def test_a_professional_is_through_to_the_ladder_in_two_answers() -> None:
    story = backline(presses("2"), says("critical potassium"))
    assert story.now == "backline/wait/0"
    assert story.did(NoteCall)[0].service == "backline-laboratory"
    assert NoteCall(complaint="critical potassium") in story.effects
    assert story.did(StartEscalation) == [StartEscalation("urgent")]


@pytest.mark.parametrize("unclear", [(NOTHING,) * 3, (presses("0"),), (says("agent"),)])
def test_a_professional_who_is_not_understood_is_not_held_up(unclear: tuple[Answer, ...]) -> None:
    story = backline(*unclear)
    assert story.now == "backline/wait/0"
    assert story.did(NoteCall)[0].service == "backline-professional"


def test_zero_instead_of_the_matter_pages_at_once() -> None:
    assert backline(presses("1"), presses("0")).now == "backline/wait/0"


@pytest.mark.parametrize("answers", [(says("chest pain here"),), (presses("1"), says("patient with chest pain"))])
def test_a_red_flag_on_the_backline_is_an_emergency_with_its_words_kept(answers: tuple[Answer, ...]) -> None:
    story = backline(*answers)
    assert story.did(StartEscalation) == [StartEscalation("emergent")]
    assert "chest pain" in story.did(NoteCall)[-2].complaint


@pytest.mark.parametrize("before", [(), (presses("1"),), (presses("1"), says("a result"))])
def test_a_dropped_professional_line_does_not_end_the_page(before: tuple[Answer, ...]) -> None:
    story = backline(*before, HANGS_UP)
    assert [promise.kind for promise in story.did(OpenPromise)] == ["urgent-callback"]


def test_a_professional_line_dropped_after_a_takeover_is_called_back() -> None:
    assert backline(TAKEN_OVER, HANGS_UP).did(OpenPromise)


def test_a_professional_who_tells_of_an_emergency_at_once_is_answered_in_the_practices_first_language() -> None:
    story = backline(says("she is not breathing", EMERGENT), languages=("es-US", "en-US"))
    assert isinstance(story.pending, Wait)
    assert story.pending.language == "es-US"
    assert story.did(NoteCall)[0].language == "es-US"


def test_a_takeover_of_a_professional_goes_on_in_the_language_that_was_chosen() -> None:
    story = backline(presses("2"), TAKEN_OVER, languages=("en-US", "es-US"))
    assert story.did(EnterWaitingRoom)[-1].language == "es-US"


def test_the_backline_chooses_the_language_first_and_records_after_the_notice() -> None:
    story = backline(presses("2"), languages=("en-US", "es-US"))
    assert not story.did(StartRecording)
    story.then(presses("1"))
    assert story.did(NoteCall)[0].language == "es-US"
    assert story.did(StartRecording)
