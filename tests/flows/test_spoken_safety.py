"""What is said, recorded and kept private: each way to break the rules is found."""

from __future__ import annotations

from callflows.dialogues.emergency_911 import emergency_words
from callflows.prompts import line, own_words
from callflows.proof.spoken_safety import (
    EmergencyFirst,
    NeverAlone,
    NothingPrivate,
    RaisedByCode,
    RecordingAfterNotice,
    WaitsTell,
)
from callflows.values import Call
from callflows.vocabulary import (
    Ask,
    AskCode,
    CodeChecked,
    Do,
    EnterWaitingRoom,
    Fact,
    Flow,
    LeaveWaitingRoom,
    NoteCall,
    Say,
    SendCode,
    StartEscalation,
    StartRecording,
    Wait,
)
from tests.flows.breaking import CALL, COMFORT, END, broken

# -- the first words ----------------------------------------------------------------------------


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


# -- recording ----------------------------------------------------------------------------------


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


# -- waiting ------------------------------------------------------------------------------------


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


def test_two_searches_at_once_are_found() -> None:
    def double(call: Call) -> Flow:
        yield Do("one", EnterWaitingRoom("billing", "en-US", "routine"))
        yield Do("two", EnterWaitingRoom("nurse", "en-US", "routine"))
        return END

    assert broken(double, NeverAlone()) == "a second search begins before the first has ended"


# -- private ------------------------------------------------------------------------------------


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


def test_something_private_while_a_person_is_looked_for_is_found() -> None:
    def late(call: Call) -> Flow:
        yield Do("note", NoteCall(identity_level="L1"))
        yield Do("search", EnterWaitingRoom("scheduling", "en-US", "routine"))
        yield Say("result", (own_words("Your result is fine.", "en-US", private=True),))
        return END

    assert broken(late, NothingPrivate()) == "something private is spoken below its identity level"


# -- raised ---------------------------------------------------------------------------------------

UNPROVED = "a call is raised to L2 without a code that was right"


def test_a_level_beyond_l1_without_a_right_code_is_found() -> None:
    def credulous(call: Call) -> Flow:
        yield Do("send", SendCode())
        checked = yield AskCode("code", (), 6)
        if isinstance(checked, CodeChecked) and checked.how in ("right", "over"):
            yield Do("note", NoteCall(identity_level="L2"))
        return END

    assert broken(credulous, RaisedByCode()) == UNPROVED


def test_that_a_code_was_sent_or_the_call_is_known_raises_nothing() -> None:
    def hasty(call: Call) -> Flow:
        yield Do("send", SendCode())
        yield Do("note", NoteCall(identity_level="L2"))
        return END

    assert broken(hasty, RaisedByCode()) == UNPROVED


def test_one_right_code_raises_once() -> None:
    def twice(call: Call) -> Flow:
        checked = yield AskCode("code", (), 6)
        if checked == CodeChecked("right"):
            yield Do("note", NoteCall(identity_level="L2"))
            yield Do("again", NoteCall(identity_level="L2"))
        return END

    assert broken(twice, RaisedByCode()) == UNPROVED


def test_no_conversation_brings_anybody_to_l3() -> None:
    def generous(call: Call) -> Flow:
        checked = yield AskCode("code", (), 6)
        if checked == CodeChecked("right"):
            yield Do("note", NoteCall(identity_level="L3"))
        return END

    assert broken(generous, RaisedByCode()) == "a call is raised to a level that no conversation brings anybody to"


# The number on file is the patient's: it proves nothing of whoever speaks for them.
SPOKEN_FOR = NoteCall(
    patient="patient-1", identity_level="L1", representative="person-1", relation="parent", caller_level="L1"
)
NOT_THEM = "somebody who speaks for a patient, or is being connected"


def test_a_code_for_whoever_speaks_for_a_patient_is_found() -> None:
    def generous(call: Call) -> Flow:
        yield Do("known", SPOKEN_FOR)
        yield Do("send", SendCode())
        return END

    assert broken(generous, RaisedByCode()) == f"a code is sent to {NOT_THEM}"


def test_that_a_right_code_raises_whoever_speaks_for_a_patient_is_found() -> None:
    def late(call: Call) -> Flow:
        checked = yield AskCode("code", (), 6)
        yield Do("known", SPOKEN_FOR)
        if checked == CodeChecked("right"):
            yield Do("note", NoteCall(identity_level="L2"))
        return END

    assert broken(late, RaisedByCode()) == f"a code raises {NOT_THEM}"


def test_a_code_in_the_waiting_room_is_found() -> None:
    def busy(call: Call) -> Flow:
        yield Do("search", EnterWaitingRoom("billing", "en-US", "routine"))
        yield Do("send", SendCode())
        return END

    assert broken(busy, RaisedByCode()) == f"a code is sent to {NOT_THEM}"


def test_the_patient_may_be_sent_a_code_and_raised_by_it() -> None:
    def careful(call: Call) -> Flow:
        yield Do("known", NoteCall(patient="patient-1", identity_level="L1"))
        yield Do("send", SendCode())
        checked = yield AskCode("code", (), 6)
        if checked == CodeChecked("right"):
            yield Do("note", NoteCall(identity_level="L2"))
        return END

    assert broken(careful, RaisedByCode()) == ""
