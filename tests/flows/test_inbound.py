"""A patient calls: language, reason, identity, and who takes the call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callflows.dialogues.talking import CLINICIAN_LOST, NO_INTERPRETER
from callflows.proof import samples
from callflows.values import Patience, Service
from callflows.vocabulary import (
    Answer,
    Ask,
    DialEnded,
    EnterWaitingRoom,
    Joined,
    LeaveWaitingRoom,
    MessageLeft,
    NobodyCame,
    NoteCall,
    OpenPromise,
    PersonLeft,
    RefuseRecording,
    Spoke,
    StartRecording,
    Wait,
    WaitBroke,
    WithPerson,
)
from callflows.vocabulary.hearing import EMERGENT, FLAGGED, GRAVE, ILL
from tests.flows.playing import HANGS_UP, NOTHING, OFFICE, TAKEN_OVER, Story, calls, presses, says

ANA = Joined("ana", "agent")
NOBODY = NobodyCame("no-one-awake")
CLOSED = {"opening": {"open": "no"}}
UNKNOWN = {"patient_match": {"found": "none", "patient": ""}}
BIRTH, ZIP = presses("02031980"), presses("60601")


STORM = {"opening": {"open": "no", "closure": "We cannot open: a storm."}}
"""A closure at once, in the practice's own words."""


def office(*answers: Answer, **options: Any) -> Story:
    return calls(samples.call(OFFICE), *answers, **options)


def test_the_emergency_words_come_first_in_every_language() -> None:
    both = samples.call(replace(OFFICE, languages=("es-US", "en-US")))
    assert calls(both).heard[:3] == ["emergency", "emergency", "language.option"]


def test_the_notice_is_heard_in_the_chosen_language_before_anything_is_recorded() -> None:
    story = calls(samples.call(replace(OFFICE, languages=("en-US", "es-US"))), presses("2"))
    asked = story.pending
    assert isinstance(asked, Ask)
    assert asked.language == "es-US"
    assert "notice" in story.heard
    assert not story.did(StartRecording)
    assert story.then(presses("1")).did(StartRecording)


def test_opting_out_is_remembered_before_the_menu_is_asked_again() -> None:
    story = office(presses("9"))
    assert story.did(RefuseRecording)
    assert story.now == "reason/again/0"
    assert story.then(presses("9")).now == "reason/again/ill"


def test_a_practice_that_must_record_offers_no_opt_out() -> None:
    story = calls(samples.call(replace(OFFICE, may_refuse_recording=False)))
    assert "notice.opt_out" not in story.heard
    assert story.then(presses("9")).now == "reason/ill"
    assert not story.did(RefuseRecording)


@pytest.mark.parametrize("answer", [presses("1"), says("information please")])
def test_a_service_without_identity_goes_straight_to_an_agent(answer: Answer) -> None:
    practice = replace(OFFICE, services=(samples.INFORMATION,))
    story = calls(samples.call(practice), presses("1"))
    assert story.did(EnterWaitingRoom) == [EnterWaitingRoom("information", "en-US", "routine")]
    assert story.then(ANA, PersonLeft("agent"), presses("2")).ended == "with an agent"


def test_words_choose_a_service() -> None:
    assert office(says("I need a refill")).now == "identity/birth/0/0"


def test_two_silences_at_the_menu_bring_somebody_who_may_hear_a_symptom() -> None:
    story = office(NOTHING, NOTHING)
    assert story.heard[-1] == "symptom.words"
    assert NoteCall(symptom=True, urgency="urgent", service="nurse", language="en-US") in story.effects


def test_a_matched_caller_is_known_to_whoever_answers() -> None:
    story = office(presses("2"), BIRTH, ZIP)
    known = [note for note in story.did(NoteCall) if note.patient]
    assert known == [NoteCall(patient="patient-1", identity_level="L1")]
    assert story.heard.index("identity.matched") < story.heard.index("wait.comfort")


def test_a_caller_who_cannot_be_matched_is_told_nothing_of_why_and_asked_whether_they_are_ill() -> None:
    story = office(presses("2"), *(BIRTH, ZIP) * 3, facts=UNKNOWN)
    assert story.now == "identity/ill/0"
    assert story.heard.count("identity.unmatched") == 2
    assert story.heard[-2:] == ["identity.failed", "identity.symptom"]


def test_a_caller_who_cannot_be_matched_and_is_ill_reaches_a_clinician_unverified() -> None:
    story = office(presses("2"), *(BIRTH, ZIP) * 3, presses("1"), facts=UNKNOWN)
    assert story.now == "symptom/words/0"
    assert [note.urgency for note in story.did(NoteCall) if note.symptom] == ["urgent"]


def test_a_caller_who_cannot_be_matched_and_is_well_still_reaches_an_agent() -> None:
    assert office(presses("2"), *(BIRTH, ZIP) * 3, presses("2"), facts=UNKNOWN).now == "agent/0/wait/0"


def test_new_patients_are_not_asked_who_they_are() -> None:
    story = calls(samples.call(samples.practice(samples.SCHEDULING)), presses("1"), presses("2"))
    assert story.now == "agent/0/wait/0"
    assert NoteCall(identity_level="L0") in story.effects


@pytest.mark.parametrize(
    "before",
    [
        [],
        [presses("2")],
        [presses("2"), BIRTH],
        [presses("2"), *[BIRTH, ZIP] * 3],
    ],
    ids=["menu", "birth", "zip", "ill"],
)
def test_zero_reaches_a_person_from_anywhere(before: list[Answer]) -> None:
    assert office(*before, presses("0"), facts=UNKNOWN).now == "person/0/wait/0"


def test_a_red_flag_at_the_menu_gets_the_911_words_at_once() -> None:
    story = office(says("my father has chest pain"))
    assert story.heard[story.heard.index("menu.person") + 2 :][:1] == ["symptom.911"]
    assert story.now == "emergency/where/address"


def test_a_closure_at_once_is_told_before_what_is_offered_instead() -> None:
    story = office(presses("2"), BIRTH, ZIP, facts=STORM)
    told = story.heard.index("We cannot open: a storm.")
    assert story.heard[told + 1 :] != []
    assert "We cannot open: a storm." not in office(presses("2"), BIRTH, ZIP, facts=CLOSED).heard


def test_a_symptom_is_never_held_up_by_a_closure() -> None:
    story = calls(samples.usual(), presses("1"), facts=STORM)
    assert "symptom.words" in story.heard
    assert "We cannot open: a storm." not in story.heard


def test_an_open_office_is_not_treated_as_closed() -> None:
    assert office(presses("2"), BIRTH, ZIP).now == "agent/0/wait/0"


def test_after_hours_a_message_is_taken_and_its_answer_promised() -> None:
    story = office(presses("2"), BIRTH, ZIP, facts=CLOSED)
    assert story.now == "office/message/ill"
    assert story.then(NOTHING).now == "office/message/record"
    story.then(MessageLeft("recording-1", 20))
    assert story.did(OpenPromise) == [
        OpenPromise("message", "prescriptions", "next_open + 2h", recording="recording-1")
    ]
    assert story.heard[-2:] == ["message.thanks", "promise.message"]
    assert story.ended == "message left"


@pytest.mark.parametrize("ill", [presses("1"), says("yes"), says("maybe"), says("he is hot", ILL)])
def test_whoever_would_leave_a_message_about_an_illness_is_cared_for(ill: Answer) -> None:
    story = office(presses("2"), BIRTH, ZIP, ill, facts=CLOSED)
    assert NoteCall(symptom=True, urgency="urgent", service="nurse", language="en-US") in story.effects
    assert not story.did(OpenPromise)


@pytest.mark.parametrize("well", [NOTHING, presses("2"), presses("0"), says("no"), says("blue umbrella")])
def test_all_others_leave_their_message(well: Answer) -> None:
    assert office(presses("2"), BIRTH, ZIP, well, facts=CLOSED).now == "office/message/record"


def test_a_caller_who_leaves_no_message_is_called_back_instead() -> None:
    story = office(presses("2"), BIRTH, ZIP, NOTHING, NOTHING, presses("1"), facts=CLOSED)
    assert [promise.kind for promise in story.did(OpenPromise)] == ["callback"]
    assert "message.none" in story.heard


UNFIT = {"number_to_ring": {"fit": "no", "spoken": ""}}


def billing(*answers: Answer, caller_id: bool = True, facts: dict[str, dict[str, str]] = CLOSED) -> Story:
    practice = samples.practice(replace(samples.BILLING, level="L0"))
    return calls(samples.call(practice, caller_id=caller_id), presses("1"), *answers, facts=facts)


def test_a_call_back_goes_to_the_number_the_caller_is_calling_from() -> None:
    story = billing(presses("1"))
    assert [promise.number for promise in story.did(OpenPromise)] == [""]
    assert story.heard[-2:] == ["promise.made", "goodbye"]
    assert story.ended == "promised"


def test_a_call_back_may_go_to_another_number() -> None:
    story = billing(presses("2"), presses("3125550188"))
    assert story.heard[-1] == "promise.confirm"
    assert not story.did(OpenPromise)
    assert [promise.number for promise in story.then(presses("1")).did(OpenPromise)] == ["3125550188"]


def test_a_number_that_was_spoken_back_may_be_changed() -> None:
    story = billing(presses("2"), presses("3125550188"), presses("2"), presses("3125550147"), presses("1"))
    assert [promise.number for promise in story.did(OpenPromise)] == ["3125550147"]


@pytest.mark.parametrize("how", [(presses("0"),), (NOTHING,), (says("blue umbrella"),)])
def test_a_number_that_was_spoken_back_and_not_objected_to_stands(how: tuple[Answer, ...]) -> None:
    story = billing(presses("2"), presses("3125550188"), *how)
    assert [promise.number for promise in story.did(OpenPromise)] == ["3125550188"]


def test_a_number_that_may_not_be_rung_is_asked_again() -> None:
    story = billing(presses("9005550188"), caller_id=False, facts=CLOSED | UNFIT)
    assert story.heard[-1] == "promise.unfit"
    story.then(presses("9005550188"))
    assert not story.did(OpenPromise)
    assert story.now == "unreachable/wait"


@pytest.mark.parametrize("how", [presses("0"), HANGS_UP])
def test_a_caller_who_gives_no_answer_is_called_back_where_they_called_from(how: Answer) -> None:
    assert [promise.number for promise in billing(how).did(OpenPromise)] == [""]


def test_a_hidden_number_is_asked_for_at_once() -> None:
    story = billing(caller_id=False)
    assert story.heard[-2:] == ["closed", "promise.anonymous"]
    story.then(presses("3125550188"), presses("1"))
    assert [promise.number for promise in story.did(OpenPromise)] == ["3125550188"]


def test_a_caller_whom_nobody_could_call_back_gets_a_person_instead_of_an_empty_promise() -> None:
    story = billing(NOTHING, NOTHING, NOTHING, caller_id=False)
    assert not story.did(OpenPromise)
    assert story.now == "unreachable/wait"


def test_a_hidden_caller_who_hangs_up_is_promised_nothing() -> None:
    assert billing(HANGS_UP, caller_id=False).ended == "hung-up"


def waiting(*answers: Answer) -> Story:
    return office(presses("1"), *answers)


def test_a_waiting_caller_may_ask_for_a_call_back() -> None:
    story = waiting(presses("1"), presses("1"))
    assert story.did(LeaveWaitingRoom)
    assert story.did(OpenPromise) == [OpenPromise("callback", "information", "next_open + 4h", in_turn=True)]
    assert story.heard[-2:] == ["promise.in_turn", "goodbye"]
    assert story.ended == "promised"


@pytest.mark.parametrize(("key", "asked_before"), [("1", False), ("3", True), ("0", False)])
def test_only_the_caller_says_that_they_asked_for_the_call_back_before(key: str, asked_before: bool) -> None:
    story = office(presses("1"), facts={"waiting_room": {"refused": "full"}}).then(presses(key))
    (made,) = story.did(OpenPromise)
    assert (made.asked_before, made.number) == (asked_before, "")


@pytest.mark.parametrize(("why", "prompt"), [("full", "person.full"), ("no-one-awake", "person.none")])
def test_a_caller_for_whom_there_is_nobody_or_no_room_hears_so_at_once_and_is_promised_a_call_back(
    why: str, prompt: str
) -> None:
    story = office(presses("1"), facts={"waiting_room": {"refused": why}})
    assert story.heard[-4:] == [prompt, "promise.number", "promise.asked_before", "promise.when"]
    assert "wait.comfort" not in story.heard
    assert story.did(LeaveWaitingRoom)
    assert story.then(presses("1")).ended == "promised"


def test_a_caller_who_comes_back_in_time_hears_that_the_place_was_kept() -> None:
    assert "greeting.kept" in office(facts={"kept_place": {"kept": "yes"}}).heard
    assert "greeting.kept" not in office().heard


def test_a_waiting_caller_who_feels_worse_reaches_a_clinician() -> None:
    story = waiting(presses("2"))
    assert story.did(LeaveWaitingRoom)
    assert story.now == "symptom/words/0"


@pytest.mark.parametrize(
    ("why", "said"),
    [(NOBODY, "person.none"), (NobodyCame("too-long"), "person.none"), (WaitBroke("error"), "person.broke")],
)
def test_when_nobody_comes_a_call_back_is_promised(why: Answer, said: str) -> None:
    story = waiting(why, presses("1"))
    assert said in story.heard
    assert story.ended == "promised"


def test_keys_that_mean_nothing_keep_the_caller_waiting_only_so_long() -> None:
    story = waiting(*[presses("9")] * 5)
    assert isinstance(story.pending, Wait)
    assert story.then(presses("9")).now.startswith("agent/promise")


def test_a_caller_hears_that_an_interpreter_is_called_before_the_talk_and_where_none_came_within_it() -> None:
    story = waiting(Joined("ana", "agent", interpreter=True))
    assert story.heard[-1] == "interpreter.coming"
    story.then(NO_INTERPRETER)
    assert story.heard[-1] == "interpreter.none"
    assert isinstance(story.pending, WithPerson)
    assert story.then(PersonLeft("agent")).heard[-2:] == ["person.left", "person.again"]


def test_a_talk_whose_every_turn_brings_news_of_interpreters_still_offers_a_person() -> None:
    assert waiting(ANA, *[NO_INTERPRETER] * Patience().talks).heard[-2:] == ["person.cut", "person.again"]


def test_a_caller_who_talks_with_an_agent_hears_that_the_clinician_was_lost_and_goes_back_to_them() -> None:
    story = waiting(ANA, CLINICIAN_LOST)
    assert story.heard[-2:] == ["person.clinician_cut", "wait.emergency"]
    assert isinstance(story.pending, WithPerson)
    assert story.then(PersonLeft("agent")).heard[-2:] == ["person.left", "person.again"]


def test_a_caller_left_alone_is_connected_again() -> None:
    story = waiting(ANA, PersonLeft("agent"))
    assert story.now == "agent/0/left"
    assert story.then(presses("1")).now == "agent/1/wait/0"


@pytest.mark.parametrize(("talked", "outcome"), [("yes", "with an agent"), ("no", "short talk")])
def test_a_caller_who_hangs_up_was_with_an_agent_where_both_have_talked(talked: str, outcome: str) -> None:
    practice = replace(OFFICE, services=(samples.INFORMATION,))
    story = calls(samples.call(practice), presses("1"), facts={"talked": {"talked": talked}})
    assert story.then(ANA, HANGS_UP).ended == outcome


def test_a_caller_who_falls_out_of_the_conference_is_asked_too() -> None:
    story = waiting(ANA, DialEnded(True))
    assert story.now == "agent/0/left"
    assert story.heard[-2:] == ["person.cut", "person.again"]


def test_the_third_time_nobody_is_offered_again() -> None:
    again = (ANA, PersonLeft("agent"), presses("1"))
    story = waiting(*again, *again, ANA, PersonLeft("agent"))
    assert story.heard[-1] == "goodbye"
    assert story.ended == "with an agent"


def test_a_caller_handed_over_stays_in_the_talk() -> None:
    story = waiting(ANA, Joined("dr-lee", "clinician"), PersonLeft("clinician"))
    assert story.now == "agent/0/left"


@pytest.mark.parametrize("before", [[], [presses("2")], [presses("1")]], ids=["menu", "identity", "wait"])
def test_a_takeover_brings_the_caller_to_the_fallback(before: list[Answer]) -> None:
    story = office(*before, TAKEN_OVER)
    assert story.now == "takeover/wait"
    assert story.did(EnterWaitingRoom)[-1].pool == samples.FALLBACK_POOL


def test_a_takeover_while_the_language_is_chosen_is_heard() -> None:
    both = samples.call(replace(OFFICE, languages=("en-US", "es-US")))
    assert calls(both, TAKEN_OVER).now == "takeover/wait"


@pytest.mark.parametrize("before", [[], [presses("1")], [presses("0")]], ids=["menu", "service", "wait"])
def test_a_takeover_goes_on_in_the_language_that_was_chosen(before: list[Answer]) -> None:
    both = samples.call(replace(OFFICE, languages=("en-US", "es-US")))
    story = calls(both, presses("2"), *before, TAKEN_OVER)
    assert story.did(EnterWaitingRoom)[-1].language == "es-US"
    assert isinstance(story.pending, Wait)
    assert story.pending.language == "es-US"


@pytest.mark.parametrize("danger", [ILL, EMERGENT, GRAVE, FLAGGED])
def test_an_illness_told_with_the_language_is_answered_in_that_language(danger: str) -> None:
    both = samples.call(replace(OFFICE, languages=("en-US", "es-US")))
    story = calls(both, Spoke("español, mi hijo está mal", danger=danger, wish="es-US"))
    assert {line.language for line in story.pending.lines} == {"es-US"}


def test_a_takeover_on_the_way_to_the_fallback_begins_it_once_more() -> None:
    assert office(TAKEN_OVER, TAKEN_OVER).now == "takeover/again/wait"


def test_hanging_up_with_nothing_open_ends_the_call() -> None:
    assert office(HANGS_UP).ended == "hung-up"


def test_a_service_may_be_a_message_even_in_open_hours() -> None:
    letters = Service("letters", when_open="message")
    assert calls(samples.call(samples.practice(letters)), presses("1"), NOTHING).now == "office/message/record"


def test_words_of_a_symptom_lead_to_care_from_any_question_and_are_screened_like_others() -> None:
    practice = replace(samples.practice(samples.SCHEDULING, samples.NURSE, state="IL"), protocol=samples.PROTOCOL)
    told = calls(samples.call(practice), presses("1"), says("my son is very tired", ILL), presses("1"))
    assert told.did(NoteCall)[-1].complaint == "my son is very tired"
    assert "symptom.911" not in told.heard
    assert told.now.startswith("triage/")


@pytest.mark.parametrize(
    ("how", "outcome"), [("message", "office/new/message/ill"), ("callback", "office/new/promise/number/0")]
)
def test_whoever_is_no_patient_yet_is_served_as_the_practice_wants(how: str, outcome: str) -> None:
    service = replace(samples.SCHEDULING, new_patients=how)
    told = calls(samples.call(samples.practice(service, samples.NURSE)), presses("1"), presses("2"))
    assert told.now == outcome
