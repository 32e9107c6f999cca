"""Those whom we ring: an agent, a clinician, a patient who is called back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callflows.conversations.agent_offer import agent_offer
from callflows.conversations.called_back import called_back
from callflows.conversations.clinician_page import GOES_ON, clinician_page
from callflows.conversations.drill_call import GONE, REACHED, UNCONFIRMED, drill_call
from callflows.conversations.interpreter_call import TRIES, interpreter_call
from callflows.dialogues.hand_off import SUMMARY_LETTERS
from callflows.dialogues.talking import CLINICIAN_LOST, NO_INTERPRETER
from callflows.proof import samples
from callflows.values import Interpreting, Offer, Page
from callflows.vocabulary import (
    AcceptInterpreting,
    AcceptOffer,
    AcceptPage,
    Answer,
    Ask,
    AskInterpreter,
    CallPatient,
    ConfirmReachable,
    CutShort,
    DeclineInterpreting,
    DeclineOffer,
    DeclinePage,
    DialEnded,
    Effect,
    Granted,
    HandOn,
    HoldCaller,
    InVain,
    NobodyCame,
    NotReached,
    PersonLeft,
    PinChecked,
    ReportCutShort,
    ReportReached,
    StartConsult,
    WithPerson,
)
from tests.flows.playing import HANGS_UP, NOTHING, Story, play, presses

STAR = DialEnded(True)
RIGHT, WRONG = PinChecked(True), PinChecked(False)


def offered(*answers: Answer, granted: Granted | None = None, **about: Any) -> Story:
    offer = Offer("Maple Family Medicine", "scheduling", "es-US", **about)
    return play(agent_offer(offer), *answers, granted=granted)


def spoken(story: Story) -> str:
    assert isinstance(story.pending, Ask)
    return " ".join(line.spoken() for line in story.pending.lines)


def test_an_agent_hears_what_it_is_about_before_deciding() -> None:
    words = spoken(offered(waited_seconds=40, identity_level="L1"))
    assert words.startswith("Sunline call for Maple Family Medicine: appointments, in Spanish.")
    assert "waited 40 seconds" in words
    assert "level L1" in words


def test_an_agent_without_the_language_hears_of_the_interpreter_and_has_one_rung_after_the_accept() -> None:
    story = offered(interpreter=True)
    assert spoken(story).startswith(
        "Sunline call for Maple Family Medicine: appointments, in Spanish, with an interpreter."
    )
    assert not story.did(AskInterpreter)
    story.then(presses("1"))
    assert story.did(AskInterpreter)
    assert story.heard[-2:] == ["offer.joining", "offer.interpreter_coming"]
    assert not offered(presses("1")).did(AskInterpreter)


def test_an_agent_for_whom_no_interpreter_came_goes_back_to_the_caller() -> None:
    story = offered(presses("1"), NO_INTERPRETER, interpreter=True)
    assert (story.heard[-1], story.now) == ("offer.no_interpreter", "talk/1")


def test_an_agent_whose_clinician_was_lost_goes_back_to_the_caller() -> None:
    story = offered(presses("1"), CLINICIAN_LOST)
    assert (story.heard[-1], story.now) == ("offer.clinician_cut", "talk/1")


def test_an_urgent_offer_says_so_first() -> None:
    assert spoken(offered(urgency="urgent")).startswith("This is urgent.")


def test_a_call_back_is_announced_and_rings_the_patient_only_after_the_accept() -> None:
    story = offered(is_callback=True)
    assert "offer.callback" in story.heard
    assert "offer.waited" not in story.heard
    assert not story.did(CallPatient)
    assert story.then(presses("1")).did(CallPatient)


def test_an_agent_who_presses_one_is_connected() -> None:
    story = offered(NOTHING, presses("1"))
    assert story.did(AcceptOffer)
    assert isinstance(story.pending, WithPerson)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((presses("2"),), "declined"),
        ((NOTHING, NOTHING), "unaccepted"),
        ((presses("5"), presses("9")), "unaccepted"),
    ],
)
def test_no_accept_key_means_no_call(answers: tuple[Answer, ...], reason: str) -> None:
    story = offered(*answers)
    assert story.did(DeclineOffer) == [DeclineOffer(reason)]
    assert story.ended == "declined"
    assert not story.did(AcceptOffer)


def test_an_agent_hears_after_accepting_where_a_patient_is_who_is_elsewhere() -> None:
    story = offered(patient_state="TX")
    assert "Texas" not in spoken(story)
    assert story.then(presses("1")).heard[-2:] == ["offer.elsewhere", "offer.joining"]
    assert "offer.elsewhere" not in offered(presses("1")).heard


def test_an_agent_who_is_late_hears_that_it_is_taken_care_of() -> None:
    story = offered(presses("1"), granted=Granted(False))
    assert story.heard[-1] == "offer.gone"
    assert story.ended == "gone"


def test_a_line_dropped_before_the_accept_connects_nobody() -> None:
    story = offered(HANGS_UP)
    assert story.ended == "hung-up"
    assert not story.effects


def test_stepping_out_holds_the_caller_and_going_back_frees_them() -> None:
    story = offered(presses("1"), STAR)
    assert story.did(HoldCaller) == [HoldCaller(True)]
    story.then(presses("2"))
    assert story.did(HoldCaller) == [HoldCaller(True), HoldCaller(False)]
    assert story.now == "talk/1"


def test_a_clinician_is_brought_in_while_the_agent_goes_back() -> None:
    story = offered(presses("1"), STAR, presses("1"))
    assert story.did(StartConsult) == [StartConsult("urgent")]
    assert story.now == "talk/1"
    assert story.then(NobodyCame("ladder-exhausted")).heard[-1] == "offer.no_clinician"


@pytest.mark.parametrize("how", [presses("3"), HANGS_UP])
def test_an_agent_who_leaves_never_leaves_the_caller_on_hold(how: Answer) -> None:
    story = offered(presses("1"), STAR, how)
    assert story.did(HoldCaller)[-1] == HoldCaller(False)
    assert story.ended == "done"


@pytest.mark.parametrize(
    ("answer", "prompts", "ended"),
    [
        (PersonLeft("caller"), ["offer.ended"], "done"),
        (PersonLeft("patient"), ["offer.ended"], "done"),
        (PersonLeft("clinician"), ["offer.alone"], "done"),
        (PersonLeft(""), ["offer.alone"], "done"),
        (NotReached(), ["offer.not_reached", "offer.again"], "not reached"),
        (InVain("given-up"), ["offer.not_reached", "offer.last_try"], "not reached"),
        (InVain("given-up", rung=False), ["offer.no_number", "offer.last_try"], "not reached"),
        (InVain("", rung=True), ["offer.not_reached"], "not reached"),
    ],
)
def test_an_agent_hears_how_it_ended_and_what_follows(answer: Answer, prompts: list[str], ended: str) -> None:
    story = offered(presses("1"), answer)
    assert story.heard[-len(prompts) - 1 :] == [*prompts, "farewell"]
    assert story.ended == ended


def paged(
    *answers: Answer,
    complaint: str = "chest tight",
    granted: Granted | None = None,
    source: str = "",
    calls: dict[str, str] | None = None,
    done: dict[type[Effect], Answer] | None = None,
    urgency: str = "emergent",
    **place: str,
) -> Story:
    about = {"urgency": urgency, "language": "es-US", "complaint": complaint, "source": source, **place}
    more = {"complaint": complaint, "asked": "2", "raised": "Hard to breathe?", "level": "L1", "told_911": "yes"}
    facts = {"page_summary": about | (calls or {}), "page_more": more} | ({"wanted_calls": calls} if calls else {})
    page = clinician_page(Page("Maple Family Medicine"))
    return play(page, *answers, facts=facts, granted=granted, done=done or {})


def test_nothing_is_looked_up_or_said_about_a_patient_before_the_pin() -> None:
    story = paged()
    assert story.asked == ["pin/0"]
    assert story.heard == ["page.pin"]


def test_a_wrong_pin_is_asked_three_times_and_then_the_page_moves_on() -> None:
    story = paged(WRONG, NOTHING)
    assert story.heard == ["page.pin", "page.pin_wrong", "page.pin"]
    story.then(WRONG)
    assert story.did(DeclinePage) == [DeclinePage("wrong-pin")]
    assert story.heard[-1] == "page.pin_failed"
    assert story.asked == ["pin/0", "pin/1", "pin/2"]


def test_after_the_pin_the_clinician_hears_a_short_summary_then_the_accept_key() -> None:
    words = spoken(paged(RIGHT))
    assert words.startswith("Emergent call for Maple Family Medicine. Language: Spanish. The caller said: chest tight.")
    assert words.endswith("To accept this emergent call, press 1. To pass it on, press 2. To hear more, press 3.")


def test_the_callers_words_are_cut_short_and_marked_private() -> None:
    story = paged(RIGHT, complaint="x" * 1000)
    assert isinstance(story.pending, Ask)
    private = [line for line in story.pending.lines if line.private]
    assert len(private) == 1
    assert private[0].spoken().count("x") > SUMMARY_LETTERS / 2


@pytest.mark.parametrize("place", [{}, {"where": "unlicensed", "state": "TX"}])
def test_whatever_is_known_the_summary_takes_fifteen_seconds(place: dict[str, str]) -> None:
    known = place or {"address": "y" * 1000, "age": "adult", "flag": "asked"}
    story = paged(RIGHT, complaint="x" * 1000, **known)
    assert isinstance(story.pending, Ask)
    told = [line.spoken() for line in story.pending.lines if line.prompt not in ("page.accept", "page.more")]
    assert sum(map(len, told)) <= SUMMARY_LETTERS


def test_a_clinician_hears_the_rest_as_often_as_they_want_and_then_takes_the_call_that_is_read_back() -> None:
    story = paged(RIGHT, complaint="x" * 300, age="newborn", flag="asked")
    assert "Under three months old. Screening raised it." in spoken(story)
    for _ in range(2):
        story.then(presses("3"))
        assert spoken(story).count("x") == 300
        assert "Identity level L1. They were told when to dial 911." in spoken(story)
        assert "No clear no to: Hard to breathe?" in spoken(story)
    assert story.then(presses("3")).heard[-1] == "page.accept", "after that a key must decide"
    story.then(presses("1"))
    assert story.heard[-2:] == ["page.taken", "offer.joining"]
    assert isinstance(story.pending, WithPerson)


@pytest.mark.parametrize("source", ["hospital", "laboratory", "pharmacy"])
def test_a_professional_caller_is_named_by_kind(source: str) -> None:
    assert f"Calling: a {source}." in spoken(paged(RIGHT, source=source))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"where": "elsewhere", "state": "TX"}, "The patient is in Texas now. The caller said"),
        ({"where": "unlicensed", "state": "TX"}, "in Texas now. We know of no license of yours there. The caller said"),
        ({"where": "unasked", "state": "IL"}, "The practice is in Illinois. We know of no license of yours there."),
        ({"where": "unknown", "state": ""}, "We do not know which state the patient is in. The caller said"),
        ({"where": "", "state": "IL"}, "Language: Spanish. The caller said"),
    ],
)
def test_a_clinician_hears_where_the_patient_is_in_every_unusual_case(place: dict[str, str], words: str) -> None:
    assert words in spoken(paged(RIGHT, **place))


def test_a_caller_who_said_nothing_is_not_given_words() -> None:
    assert "No words were recorded." in spoken(paged(RIGHT, complaint=""))


def test_an_accept_connects() -> None:
    story = paged(RIGHT, presses("1"))
    assert story.did(AcceptPage)
    assert isinstance(story.pending, WithPerson)
    assert story.then(PersonLeft("caller")).ended == "done"


@pytest.mark.parametrize(
    ("answers", "reason"), [((presses("2"),), "declined"), ((NOTHING, presses("8")), "unaccepted")]
)
def test_a_page_that_is_not_accepted_moves_on(answers: tuple[Answer, ...], reason: str) -> None:
    assert paged(RIGHT, *answers).did(DeclinePage) == [DeclinePage(reason)]


def ring_for(first: str, calls: int, *, emergent: int = 0, same: int = 1) -> dict[str, str]:
    return {"first": first, "calls": str(calls), "emergent": str(emergent), "same": str(same)}


def test_a_clinician_hears_how_many_calls_there_are_before_the_first_of_them() -> None:
    alone = spoken(paged(RIGHT))
    several = spoken(paged(RIGHT, calls=ring_for("this", 3, emergent=2)))
    same = spoken(paged(RIGHT, calls=ring_for("this", 3, emergent=2, same=2)))
    lead = "3 calls wait for you, of which 2 are emergent. The first of them:"
    assert several == f"{lead} {alone}"
    assert same == f"{lead} 2 come from the telephone of this one. {alone}"


def test_a_clinician_for_whom_another_call_is_first_goes_on_there_after_the_pin() -> None:
    story = paged(RIGHT, calls=ring_for("another", 2))
    assert (story.heard, story.ended) == (["page.pin"], GOES_ON)


@pytest.mark.parametrize("answers", [(presses("2"),), (presses("1"), PersonLeft("caller"))], ids=["declined", "talked"])
def test_a_clinician_for_whom_another_call_waits_afterwards_goes_on_there(answers: tuple[Answer, ...]) -> None:
    calls = ring_for("this", 2)
    story = paged(RIGHT, calls=calls)
    calls["first"] = "another"
    for answer in answers:
        story.then(answer)
    assert story.ended == GOES_ON
    assert "farewell" not in story.heard


def test_nobody_is_asked_twice_for_the_pin_in_one_telephone_call() -> None:
    page = Page("Maple Family Medicine", admitted=True)
    facts = {"page_summary": {"urgency": "urgent", "language": "en-US", "complaint": "a cough", "source": ""}}
    story = play(clinician_page(page), facts=facts)
    assert (story.now, "page.pin" in story.heard) == ("accept/0", False)


def test_a_clinician_for_whom_no_interpreter_came_goes_back_to_the_caller() -> None:
    story = paged(RIGHT, presses("1"), NO_INTERPRETER)
    assert (story.heard[-1], story.now) == ("offer.no_interpreter", "talk/again")
    assert story.then(PersonLeft("caller")).ended == "done"


def test_a_page_that_somebody_else_took_is_over() -> None:
    assert paged(RIGHT, presses("1"), granted=Granted(False)).heard[-1] == "page.gone"


def test_a_clinician_whose_caller_dropped_may_ring_the_patient() -> None:
    story = paged(RIGHT, presses("1"), granted=Granted(True, caller_here=False))
    assert story.now == "dropped"
    assert story.then(presses("1")).did(CallPatient)


def test_a_clinician_is_not_told_to_ring_a_patient_without_a_number() -> None:
    story = paged(RIGHT, presses("1"), granted=Granted(True, caller_here=False, number=False))
    assert (story.heard[-3:], story.ended) == (["page.no_number", "page.unreached", "page.held"], "accepted")


@pytest.mark.parametrize("key", ["2", "9"])
def test_a_clinician_who_presses_another_key_keeps_the_call(key: str) -> None:
    story = paged(RIGHT, presses("1"), presses(key), granted=Granted(True, caller_here=False), urgency="urgent")
    assert (story.heard[-3:], story.ended) == (["page.later", "page.held_until", "page.held"], "accepted")
    assert (story.did(CallPatient), story.did(HandOn)) == ([], [])


@pytest.mark.parametrize("key", ["2", "9"])
@pytest.mark.parametrize("cut", [False, True])
def test_an_emergency_stays_with_no_clinician_who_does_not_ring_now(key: str, cut: bool) -> None:
    answers = (CutShort("caller"), presses(key)) if cut else (presses(key),)
    story = paged(RIGHT, presses("1"), *answers, granted=Granted(True, caller_here=cut))
    assert (story.heard[-3:], story.ended) == (["page.pass_on", "page.handed_on", "farewell"], "let go")
    assert (len(story.did(HandOn)), story.did(CallPatient)) == (1, [])


@pytest.mark.parametrize(("urgency", "otherwise"), [("emergent", "page.pass_on"), ("urgent", "page.later")])
@pytest.mark.parametrize(("follows", "told"), [("again", ["page.again"]), ("given-up", ["offer.last_try"]), ("", [])])
@pytest.mark.parametrize("cut", [False, True])
def test_silence_keeps_no_call_and_the_clinician_hears_what_follows(
    follows: str, told: list[str], cut: bool, urgency: str, otherwise: str
) -> None:
    done = {ReportCutShort: InVain(follows)}
    answers = (CutShort("caller"), NOTHING) if cut else (NOTHING,)
    story = paged(RIGHT, presses("1"), *answers, granted=Granted(True, caller_here=cut), done=done, urgency=urgency)
    heard = ["page.dropped", otherwise, *told, "farewell"]
    assert (story.heard[-len(heard) :], story.ended) == (heard, "let go")


CALL = samples.call(samples.practice())


def test_a_called_back_phone_hears_the_practice_and_nothing_else() -> None:
    story = play(called_back(CALL))
    assert spoken(story) == "This is Maple Family Medicine, with the call you asked for. To talk with us, press 1."


def test_a_patient_whose_line_dropped_does_not_hear_that_they_asked_to_be_called() -> None:
    story = play(called_back(replace(CALL, asked_back=False)))
    assert spoken(story) == "This is Maple Family Medicine. We are calling you back. To talk with us, press 1."


def test_a_patient_who_presses_one_is_connected_and_reported() -> None:
    story = play(called_back(CALL), NOTHING, presses("1"))
    assert story.did(ReportReached) == [ReportReached(True)]
    assert isinstance(story.pending, WithPerson)
    assert story.then(PersonLeft("agent")).ended == "called back"


@pytest.mark.parametrize(("then", "told"), [("again", "called_back.again"), ("", "called_back.call_us")])
def test_a_patient_for_whom_nobody_waits_any_more_is_told_so(then: str, told: str) -> None:
    story = play(called_back(CALL), presses("1"), done={ReportReached: InVain(then)})
    assert story.heard == ["called_back", "called_back.cut", told, "wait.emergency"]
    assert story.ended == "not reached"


@pytest.mark.parametrize(
    ("then", "told"),
    [("again", "called_back.again"), ("given-up", "called_back.call_us"), ("", "called_back.call_us")],
)
@pytest.mark.parametrize("cut", [CutShort("clinician"), DialEnded(True)])
def test_a_patient_who_is_cut_off_before_both_have_talked_hears_what_follows(cut: Answer, then: str, told: str) -> None:
    facts = {"talked": {"talked": "no"}}
    story = play(called_back(CALL), presses("1"), cut, facts=facts, done={ReportCutShort: InVain(then)})
    assert story.heard[-3:] == ["called_back.cut", told, "wait.emergency"]
    assert (story.did(ReportCutShort), story.ended) == ([ReportCutShort()], "cut off")


def test_a_patient_whose_conference_ends_after_the_talk_hears_goodbye() -> None:
    story = play(called_back(CALL), presses("1"), DialEnded(True), facts={"talked": {"talked": "yes"}})
    assert (story.heard[-1], story.did(ReportCutShort), story.ended) == ("farewell", [], "called back")


@pytest.mark.parametrize(("talked", "ended"), [("yes", "called back"), ("no", "cut off")])
def test_a_patient_who_hangs_up_was_called_back_only_by_a_talk(talked: str, ended: str) -> None:
    story = play(called_back(CALL), presses("1"), HANGS_UP, facts={"talked": {"talked": talked}})
    assert story.ended == ended


@pytest.mark.parametrize("role", ["caller", "patient", ""])
def test_a_clinician_who_is_alone_before_both_have_talked_may_ring_the_patient(role: str) -> None:
    story = paged(RIGHT, presses("1"), CutShort(role))
    assert (story.heard[-2:], story.now) == (["page.dropped", "page.pass_on"], "cut/0/dropped")
    story.then(presses("1"))
    assert (len(story.did(CallPatient)), story.now) == (1, "cut/0/talk")
    story.then(CutShort("patient"), presses("1"), CutShort("patient"), presses("1"), CutShort("patient"))
    assert (len(story.did(CallPatient)), story.ended) == (3, "done")
    assert len(story.did(ReportCutShort)) == 1


def test_a_clinician_who_presses_another_key_after_a_cut_keeps_the_call() -> None:
    story = paged(RIGHT, presses("1"), CutShort("caller"), presses("2"), urgency="urgent")
    assert (story.heard[-3:], story.ended) == (["page.later", "page.held_until", "page.held"], "accepted")


def test_a_clinician_whose_colleague_is_cut_off_is_not_told_that_the_caller_was() -> None:
    story = paged(RIGHT, presses("1"), CutShort("agent"))
    assert (story.heard[-2:], story.ended) == (["offer.alone", "farewell"], "done")


def test_a_clinician_is_told_that_the_caller_is_put_through_to_the_house() -> None:
    assert "The caller is being put through to our own house now." in spoken(paged(RIGHT, at_house="yes"))
    assert "house" not in spoken(paged(RIGHT))


@pytest.mark.parametrize("answers", [(NOTHING, NOTHING), (HANGS_UP,), (presses("2"), NOTHING)])
def test_a_machine_or_a_stranger_is_not_connected(answers: tuple[Answer, ...]) -> None:
    story = play(called_back(CALL), *answers)
    assert story.did(ReportReached) == [ReportReached(False)]
    assert story.ended == "not reached"


def test_a_called_back_patient_hears_of_the_interpreter_and_that_none_came() -> None:
    story = play(called_back(CALL.speaking("es-US")), presses("1"), facts={"interpreter": {"coming": "yes"}})
    assert story.heard[-2:] == ["called_back.joining", "interpreter.coming"]
    story.then(NO_INTERPRETER)
    assert (story.heard[-1], story.now) == ("interpreter.none", "talk/1")
    assert story.then(PersonLeft("agent")).ended == "called back"


def test_a_called_back_patient_hears_that_the_clinician_was_lost_and_goes_back_to_the_agent() -> None:
    story = play(called_back(CALL), presses("1"), NO_INTERPRETER, CLINICIAN_LOST)
    assert (story.heard[-2:], story.now) == (["person.clinician_cut", "wait.emergency"], "talk/2")
    assert story.then(PersonLeft("agent")).ended == "called back"


def test_a_called_back_patient_hears_that_no_interpreter_came_after_the_clinician_was_lost_and_goes_back() -> None:
    story = play(called_back(CALL), presses("1"), CLINICIAN_LOST, NO_INTERPRETER)
    assert (story.heard[-1], story.now) == ("interpreter.none", "talk/2")
    assert story.then(CLINICIAN_LOST).now == "talk/3"


def interpreter(*answers: Answer, granted: Granted | None = None, language: str = "es-US") -> Story:
    return play(interpreter_call(Interpreting("Sunline Care", language)), *answers, granted=granted)


def test_an_interpreter_is_asked_in_both_languages_and_joins_with_a_key() -> None:
    story = interpreter()
    assert spoken(story).startswith("This is Sunline Care. We need an interpreter for Spanish.")
    assert "Necesitamos un intérprete de español" in spoken(story)
    story.then(presses("1"))
    assert story.did(AcceptInterpreting)
    assert isinstance(story.pending, WithPerson)
    assert story.then(PersonLeft("caller")).heard[-2:] == ["interpreter.ended"] * 2


def test_an_interpreter_of_english_is_asked_once() -> None:
    assert spoken(interpreter(language="en-US")).count("Sunline Care") == 1


@pytest.mark.parametrize(
    ("answers", "reason"), [((presses("2"),), "declined"), ((NOTHING,) * len(TRIES), "unaccepted")]
)
def test_without_a_key_the_next_interpreter_is_rung(answers: tuple[Answer, ...], reason: str) -> None:
    story = interpreter(*answers)
    assert story.did(DeclineInterpreting) == [DeclineInterpreting(reason)]
    assert story.ended == "declined"


def test_an_interpreter_who_comes_too_late_hears_so() -> None:
    assert interpreter(presses("1"), granted=Granted(False)).heard[-1] == "interpreter.gone"


def drilled(*answers: Answer, granted: Granted | None = None) -> Story:
    return play(drill_call(Page("Maple Family Medicine")), *answers, granted=granted)


def test_whoever_goes_on_call_hears_whose_line_is_tested_and_that_the_key_counted() -> None:
    story = drilled()
    assert spoken(story) == (
        "This is a test of the on-call line of Maple Family Medicine. To say that you can be reached, press 1."
    )
    story.then(presses("1"))
    assert story.did(ConfirmReachable) == [ConfirmReachable()]
    assert (story.heard[-2:], story.ended) == (["drill.confirmed", "farewell"], REACHED)


@pytest.mark.parametrize("answers", [(NOTHING, NOTHING), (presses("2"), presses("3")), (presses("9"), NOTHING)])
def test_silence_and_any_other_key_are_no_yes(answers: tuple[Answer, ...]) -> None:
    story = drilled(*answers)
    assert not story.did(ConfirmReachable)
    assert (story.heard[-2:], story.ended) == (["drill.unconfirmed", "farewell"], UNCONFIRMED)


def test_a_key_at_the_second_try_counts() -> None:
    assert drilled(presses("2"), presses("1")).ended == REACHED


def test_whoever_presses_when_the_test_is_over_hears_so() -> None:
    story = drilled(presses("1"), granted=Granted(False))
    assert (story.heard[-2:], story.ended) == (["drill.gone", "farewell"], GONE)
