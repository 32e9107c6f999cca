"""The safety rules hold on every path of every flow, for each way practices differ; and each rule can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from callflows.dialogues.emergency_911 import emergency_words
from callflows.prompts import Line, line, own_words
from callflows.proof import samples
from callflows.proof.events import Monitor
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.kept_safety import AlarmsRaised, ChosenLanguage, RefusalKept, TrueTime
from callflows.proof.licence_safety import LicensedWhereThePatientIs
from callflows.proof.possible import HANG_UP, World
from callflows.proof.safety import ListensAlways, NobodyStranded, ZeroReachesPerson
from callflows.proof.spoken_safety import EmergencyFirst, NeverAlone, NothingPrivate, RecordingAfterNotice, WaitsTell
from callflows.proof.staff_safety import (
    AcceptedFirst,
    CutOffBeginsAnew,
    HeldComesBack,
    InterpreterAsked,
    NothingTold,
    PinFirst,
    ThereFirst,
)
from callflows.proof.symptom_safety import RedFlagsRaise, SymptomReachesClinician
from callflows.proof.transcript import told
from callflows.values import Call
from callflows.vocabulary import (
    AcceptOffer,
    Answer,
    Ask,
    AskInterpreter,
    AskPin,
    CutShort,
    DialHouse,
    Do,
    Effect,
    EnterWaitingRoom,
    Fact,
    Flow,
    HoldCaller,
    HungUp,
    LeaveWaitingRoom,
    NobodyCame,
    NoteCall,
    OpenPromise,
    Outcome,
    PersonLeft,
    Pressed,
    RefuseRecording,
    ReportCutShort,
    ReportReached,
    Request,
    Say,
    Silence,
    StartEscalation,
    StartRecording,
    Wait,
    WaitBroke,
    WithPerson,
)
from ivr.flows.proofs import ProofFolder
from tests.conftest import thorough
from tests.flows.small import BIG, SMALL

CALL = samples.call(samples.practice(samples.NURSE, protocol=samples.PROTOCOL, languages=("en-US", "es-US")))
COMFORT = (Line("wait.comfort"),)
BREATH = frozenset({"Hard to breathe?"})
END = Outcome("done")
RED = World()
RUNG = World(interruptions=(HANG_UP,))


def named(subject: Subject) -> str:
    return f"{subject.flow}, {subject.label}"


@pytest.mark.parametrize(
    "subject",
    [
        *(pytest.param(one, id=named(one)) for one in SMALL),
        *(thorough(one, id=f"{named(one)}, in full") for one in BIG),
    ],
)
def test_every_rule_holds_on_every_path(subject: Subject, proofs: ProofFolder) -> None:
    walked = proofs.prove(subject)
    assert walked.report is None or told(walked.report) == ""
    assert walked.proof
    assert walked.proof.paths > walked.proof.states


def broken(flow: Callable[[Any], Flow], monitor: Monitor, world: World = RED, told_: object = CALL) -> str:
    """The rule that ``flow`` breaks."""
    violation = explore(Subject("bad", "bad", flow, told_, (monitor,), world)).violation
    return violation.rule if violation else ""


# -- where the patient is ----------------------------------------------------------------------

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


# -- the first words ---------------------------------------------------------------------------


def test_a_language_question_before_the_emergency_words_is_found() -> None:
    def late(call: Call) -> Flow:
        yield Ask("language", call.lines("language.option"))
        yield Say("emergency", emergency_words(call.practice.languages))
        return END

    assert broken(late, EmergencyFirst(CALL.practice.languages)) == "something comes before the emergency words"


def test_a_look_up_before_the_emergency_words_is_found() -> None:
    def slow(call: Call) -> Flow:
        yield Fact("opening", "opening")
        yield Say("emergency", emergency_words(call.practice.languages))
        return END

    assert broken(slow, EmergencyFirst(CALL.practice.languages)) == "something comes before the emergency words"


def test_emergency_words_in_one_language_only_are_found() -> None:
    def english(call: Call) -> Flow:
        yield Say("emergency", (*emergency_words(("en-US",)), *call.lines("notice")))
        return END

    assert "not the emergency words in every language" in broken(english, EmergencyFirst(CALL.practice.languages))


# -- nobody stranded ---------------------------------------------------------------------------


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


# -- symptoms ----------------------------------------------------------------------------------


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


# -- red flags ---------------------------------------------------------------------------------

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


# -- recording ---------------------------------------------------------------------------------


def test_a_recording_before_the_notice_is_found() -> None:
    def hasty(call: Call) -> Flow:
        yield Do("language", NoteCall(language="en-US"))
        yield Do("record", StartRecording())
        yield Say("notice", call.lines("notice"))
        return END

    assert "before the notice" in broken(hasty, RecordingAfterNotice())


def test_a_recording_after_a_notice_in_another_language_is_found() -> None:
    def foreign(call: Call) -> Flow:
        yield Say("notice", call.lines("notice"))
        yield Ask("question", ())
        yield Do("language", NoteCall(language="es-US"))
        yield Do("record", StartRecording())
        return END

    assert "before the notice in the caller's language" in broken(foreign, RecordingAfterNotice())


def test_a_recording_while_the_notice_may_still_be_playing_is_found() -> None:
    def quick(call: Call) -> Flow:
        yield Ask("question", ())
        yield Do("language", NoteCall(language="en-US"))
        yield Say("notice", call.lines("notice"))
        yield Fact("opening", "opening")
        yield Do("record", StartRecording())
        return END

    assert "before anything came back" in broken(quick, RecordingAfterNotice())


# -- zero --------------------------------------------------------------------------------------


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


# -- waiting -----------------------------------------------------------------------------------


def test_waiting_for_nobody_is_found() -> None:
    def lonely(call: Call) -> Flow:
        yield Wait("wait", COMFORT)
        return END

    assert broken(lonely, NeverAlone()) == "a caller waits, and nobody is being looked for"


def test_waiting_on_after_the_search_was_stopped_is_found() -> None:
    def confused(call: Call) -> Flow:
        yield Do("search", EnterWaitingRoom("billing", "en-US", "routine"))
        yield Do("stop", LeaveWaitingRoom())
        yield Wait("wait", COMFORT)
        return END

    assert broken(confused, NeverAlone()) == "a caller waits, and nobody is being looked for"


def test_waiting_on_after_the_ladder_ended_is_found() -> None:
    def hopeful(call: Call) -> Flow:
        yield Do("page", StartEscalation("urgent"))
        yield Wait("one", COMFORT)
        yield Wait("two", COMFORT)
        return END

    assert broken(hopeful, NeverAlone()) == "a caller waits, and nobody is being looked for"


def test_waiting_in_silence_is_found() -> None:
    def silent(call: Call) -> Flow:
        yield Do("search", EnterWaitingRoom("billing", "en-US", "routine"))
        yield Wait("wait", ())
        return END

    assert broken(silent, NeverAlone()) == "a caller waits in silence"


def test_a_wait_of_somebody_ill_that_says_nothing_of_911_is_found() -> None:
    def mute(call: Call) -> Flow:
        yield Do("page", StartEscalation("urgent"))
        yield Wait("wait", call.lines("wait.clinician"), between=call.lines("wait.clinician.1", "wait.still.1"))
        return END

    assert broken(mute, WaitsTell()) == "whoever is ill waits without the 911 words"


def test_a_key_that_is_not_told_to_whoever_waits_is_found() -> None:
    def secret(call: Call) -> Flow:
        yield Wait("wait", call.lines("wait.clinician"), keys="2")
        return END

    assert broken(secret, WaitsTell()) == "a key may be pressed in a wait that does not tell it"


def test_getting_worse_in_a_wait_that_is_not_taken_for_a_red_flag_is_found() -> None:
    def unmoved(call: Call) -> Flow:
        yield Do("page", StartEscalation("urgent"))
        yield Wait("wait", call.lines("wait.clinician", "wait.worse"), keys="2", alarms=("emergent", "flagged"))
        yield Say("thanks", call.lines("greeting"))
        return END

    assert broken(unmoved, replace(RULE, ill=True)) == "the words after a red flag are not the 911 words"


def test_two_searches_at_once_are_found() -> None:
    def double(call: Call) -> Flow:
        yield Do("one", EnterWaitingRoom("billing", "en-US", "routine"))
        yield Do("two", EnterWaitingRoom("nurse", "en-US", "routine"))
        return END

    assert broken(double, NeverAlone()) == "a second search begins before the first has ended"


# -- private -----------------------------------------------------------------------------------


def test_something_private_below_its_level_is_found() -> None:
    def indiscreet(call: Call) -> Flow:
        yield Say("result", (own_words("Your result is fine.", "en-US", private=True),))
        return END

    assert broken(indiscreet, NothingPrivate()) == "something private is spoken below its identity level"


def test_something_about_a_patient_that_is_not_marked_is_found() -> None:
    def unmarked(call: Call) -> Flow:
        match = yield Fact("match", "patient_match")
        yield Do("note", NoteCall(identity_level="L1"))
        yield Say("hello", (line("greeting", "en-US", practice=match["patient"] or "you"),))
        return END

    assert "without being marked private" in broken(unmarked, NothingPrivate())


def test_a_matched_caller_may_hear_what_is_private() -> None:
    def discreet(call: Call) -> Flow:
        yield Do("note", NoteCall(identity_level="L1"))
        yield Say("result", (own_words("Your result is fine.", "en-US", private=True),))
        return END

    assert broken(discreet, NothingPrivate()) == ""


# -- those whom we ring ------------------------------------------------------------------------


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


# -- what a caller chose is kept ---------------------------------------------------------------


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


# -- the way to a nurse ------------------------------------------------------------------------


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
