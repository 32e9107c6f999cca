"""Where the patient is now: one question in the usual case, a ZIP code otherwise, and care whatever is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from callflows.prompts import languages
from callflows.prompts.states import STATES, state_name
from callflows.proof import samples
from callflows.vocabulary import Answer, Ask, EnterWaitingRoom, Fact, NoteCall, OpenPromise, StartEscalation
from ivr.directory.us_states import STATE_NAMES
from tests.flows.playing import HANGS_UP, ILL, NOTHING, Story, calls, presses, says

NO, YES = presses("2"), presses("1")
ZIP = presses("78205")
UNKNOWN: Mapping[str, Mapping[str, str]] = {"state_of_zip": {"state": ""}}


def screened(*answers: Answer, facts: Mapping[str, Mapping[str, str]] | None = None, **changes: Any) -> Story:
    """A caller who has said what is wrong and has been screened."""
    call = samples.call(replace(ILL, **changes))
    return calls(call, presses("1"), says("my knee hurts"), NO, NO, *answers, facts=facts)


def states(story: Story) -> list[str]:
    return [note.patient_state for note in story.did(NoteCall) if note.patient_state is not None]


def spoken(story: Story) -> str:
    assert isinstance(story.pending, Ask)
    return " ".join(line.spoken() for line in story.pending.lines)


def test_whoever_is_in_the_state_of_the_practice_is_asked_one_question() -> None:
    story = screened()
    assert spoken(story) == "Is the patient in Illinois right now? For yes, press 1. For no, press 2."
    assert story.then(YES).now == "nurse/wait"
    assert states(story) == ["IL"]


def test_whoever_is_elsewhere_types_a_zip_code_and_hears_its_state_back() -> None:
    story = screened(NO)
    assert spoken(story).startswith("Enter the five digits of the ZIP code where the patient is now.")
    assert "in Texas" in spoken(story.then(ZIP))
    assert story.then(YES).now == "nurse/wait"
    assert states(story) == ["", "TX"]


def test_a_spanish_speaker_is_asked_in_spanish_and_hears_the_state_as_it_is_said_there() -> None:
    story = screened(facts={"state_of_zip": {"state": "NY"}}, languages=("es-US",))
    assert spoken(story).startswith("¿Está el paciente en Illinois en este momento?")
    assert spoken(story.then(NO)).startswith("Marque los cinco números del código postal")
    assert spoken(story.then(presses("10001"))).startswith("Eso es en Nueva York.")


def test_a_state_that_is_not_confirmed_is_asked_for_once_more_and_then_left() -> None:
    story = screened(NO, ZIP, NO)
    assert story.heard[-1] == "symptom.zip_again"
    story.then(ZIP, NO)
    assert (story.now, states(story)) == ("clinician/wait/0", [""])


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param((NOTHING, NOTHING, NOTHING), id="silence at the first question"),
        pytest.param((says("blue umbrella"), presses("7"), NOTHING), id="nonsense"),
        pytest.param((presses("0"),), id="a person, please"),
        pytest.param((says("operator"),), id="a person, said"),
        pytest.param((NO, NOTHING, NOTHING, NOTHING), id="silence at the ZIP code"),
        pytest.param((NO, presses("0")), id="no ZIP code"),
        pytest.param((NO, presses("123"), presses("*2345"), NOTHING), id="no five digits"),
        pytest.param((NO, ZIP, NOTHING, NOTHING, NOTHING), id="silence when it is read back"),
    ],
)
def test_where_the_state_cannot_be_had_the_clinician_on_call_is_paged_at_once(answers: tuple[Answer, ...]) -> None:
    story = screened(*answers)
    assert (story.now, states(story)) == ("clinician/wait/0", [""])
    assert story.did(StartEscalation) == [StartEscalation("urgent")]
    assert not story.did(EnterWaitingRoom)


def test_zip_codes_that_tell_no_state_are_asked_for_twice() -> None:
    story = screened(NO, presses("09012"), presses("99999"), facts=UNKNOWN)
    assert (story.now, states(story)) == ("clinician/wait/0", [""])
    assert story.heard.count("symptom.zip") == story.heard.count("symptom.zip_again") == 1


def test_a_red_flag_at_the_question_is_an_emergency_without_a_further_word() -> None:
    for answers in ((says("no, chest pain"),), (NO, ZIP, says("chest pain"))):
        story = screened(*answers)
        assert story.now == "emergency/where/address"
        assert story.heard[-3:-1] == ["symptom.911", "symptom.clinician"]


def test_whoever_hangs_up_at_the_zip_code_is_called_back_as_a_patient_of_whom_no_state_is_known() -> None:
    story = screened(NO, HANGS_UP)
    assert [promise.urgency for promise in story.did(OpenPromise)] == ["urgent"]
    assert states(story) == [""]


def test_an_emergency_never_meets_the_question() -> None:
    call = samples.call(ILL)
    for answers in ((says("chest pain"),), (says("my knee hurts"), YES)):
        story = calls(call, presses("1"), *answers)
        assert not [key for key in story.asked if key.startswith("symptom/state")]


def test_a_zip_code_is_shown_by_no_repr() -> None:
    fact = Fact("key", "state_of_zip", (("zip", "78205"),))
    assert "78205" not in repr(fact) + repr(ZIP)


@pytest.mark.parametrize("language", languages())
def test_every_state_and_territory_has_a_spoken_name(language: str) -> None:
    assert STATES[language].keys() == STATE_NAMES.keys()
    assert len(set(STATES[language].values())) == len(STATES[language])


def test_states_are_named_as_they_are_spoken() -> None:
    named = [state_name(state, "es-US") for state in ("NY", "NC", "WV", "VI", "TX")]
    assert named[:3] == ["Nueva York", "Carolina del Norte", "Virginia Occidental"]
    assert named[3:] == ["las Islas Vírgenes de los Estados Unidos", "Texas"]
    assert state_name("WA", "en-US") != state_name("DC", "en-US") == "Washington D.C."
