"""Where the patient is: each way to break the rule is found."""

from __future__ import annotations

from callflows.prompts import line, own_words
from callflows.proof.licence_safety import LicensedWhereThePatientIs
from callflows.values import Call
from callflows.vocabulary import (
    Ask,
    Do,
    EnterWaitingRoom,
    Flow,
    NoteCall,
    OpenPromise,
    StartEscalation,
)
from tests.flows.breaking import BREATH, END, broken

PLACE = LicensedWhereThePatientIs(frozenset({"nurse"}), BREATH)
WHERE = (line("symptom.here", "en-US", state="Illinois"),)


def test_looking_for_a_nurse_without_knowing_where_the_patient_is_is_found() -> None:
    def blind(call: Call) -> Flow:
        yield Do("note", NoteCall(patient_state=""))
        yield Do("search", EnterWaitingRoom("nurse", call.language, "urgent"))
        return END

    assert "where the patient is is not known" in broken(blind, PLACE)


def test_promising_a_nurse_without_knowing_where_the_patient_is_is_found() -> None:
    def blind(call: Call) -> Flow:
        yield Do("promise", OpenPromise("callback", "nurse", "now + 1h"))
        return END

    assert "where the patient is is not known" in broken(blind, PLACE)


def test_the_fallback_the_office_and_an_urgent_promise_need_no_state() -> None:
    def plain(call: Call) -> Flow:
        yield Do("house", EnterWaitingRoom("nurse", call.language, "urgent", pool="house"))
        yield Do("office", EnterWaitingRoom("scheduling", call.language, "routine"))
        yield Do("promise", OpenPromise("urgent-callback", "nurse", "now + 15m", urgency="urgent"))
        return END

    assert broken(plain, PLACE) == ""


def test_asking_where_the_patient_is_before_what_is_wrong_is_found() -> None:
    def curious(call: Call) -> Flow:
        yield Ask("where", WHERE)
        return END

    assert "before what is wrong" in broken(curious, PLACE)


def test_a_screening_question_after_where_the_patient_is_is_found() -> None:
    def slow(call: Call) -> Flow:
        yield Do("note", NoteCall(complaint="my knee"))
        yield Ask("where", WHERE)
        yield Ask("breath", (own_words("Hard to breathe?", "en-US"),))
        return END

    assert "a screening question waits" in broken(slow, PLACE)


def test_an_emergency_that_is_asked_where_the_patient_is_is_found() -> None:
    def careless(call: Call) -> Flow:
        yield Do("note", NoteCall(complaint="my chest", urgency="emergent"))
        yield Ask("where", WHERE)
        return END

    assert "for whom a clinician is due is asked" in broken(careless, PLACE)


def test_asking_where_the_patient_is_once_a_clinician_is_paged_is_found() -> None:
    def late(call: Call) -> Flow:
        yield Do("note", NoteCall(complaint="my knee"))
        yield Do("page", StartEscalation("urgent"))
        yield Ask("where", WHERE)
        return END

    assert "for whom a clinician is due is asked" in broken(late, PLACE)
