"""What a professional is asked while the page runs, and what whoever answers at a listed number hears."""

from __future__ import annotations

import pytest

from callflows.conversations.clinician_page import clinician_page
from callflows.proof import samples
from callflows.values import Page
from callflows.vocabulary import (
    Answer,
    AskOrganisationCode,
    CodeChecked,
    ConfirmCallBack,
    Effect,
    Granted,
    Joined,
    NoteCall,
    OpenPromise,
    PauseRecording,
    PinChecked,
    ResumeEscalation,
    ResumeRecording,
    RingListed,
    StartEscalation,
    StartRecording,
)
from callflows.vocabulary.hearing import EMERGENT, GRAVE
from tests.flows.playing import HANGS_UP, NOTHING, Story, calls, play, presses, says

RIGHT, WRONG = CodeChecked("right"), CodeChecked("wrong")
CAME = Joined("dr-lee", "clinician")
ALARM = says("she has stopped breathing", EMERGENT)
LABORATORY = (presses("2"), NOTHING)
RUNG: dict[type[Effect], Answer] = {RingListed: Granted(True)}


def asked(*answers: Answer, hidden: bool = False, done: dict[type[Effect], Answer] | None = None) -> Story:
    """A laboratory whose practice lists professionals; the language is asked for by nobody."""
    facts = {"listed_number": {"number": "+13125550177"}}
    told = samples.listed(caller_id=not hidden)
    return calls(told, *LABORATORY, *answers, flow="backline", facts=facts, done=done)


def at_listed(*answers: Answer, confirmed: bool = True, urgency: str = "urgent") -> Story:
    """The listed number was rung and picked up, in a call of that urgency."""
    done: dict[type[Effect], Answer] = {ConfirmCallBack: Granted(confirmed)}
    facts = {"call_urgency": {"urgency": urgency}}
    return calls(samples.listed(), *answers, flow="listed_number", done=done, facts=facts)


def levels(story: Story) -> list[str]:
    return [note.caller_level for note in story.did(NoteCall) if note.caller_level]


def test_a_practice_that_lists_nobody_asks_for_no_code() -> None:
    plain = samples.call(samples.practice(samples.NURSE, has_backline=True))
    assert calls(plain, *LABORATORY, flow="backline").now == "backline/wait/0"


def test_the_page_is_asked_for_before_the_code() -> None:
    story = asked()
    assert isinstance(story.pending, AskOrganisationCode)
    assert len(story.did(StartEscalation)) == 1


@pytest.mark.parametrize(
    "answers", [(RIGHT,), (WRONG, WRONG), (NOTHING,), (CAME,), (says("stopped breathing", EMERGENT),)]
)
def test_nothing_is_recorded_while_a_code_is_asked_for(answers: tuple[Answer, ...]) -> None:
    assert (len(asked().did(PauseRecording)), asked().did(ResumeRecording)) == (1, [])
    assert len(asked(*answers).did(ResumeRecording)) == 1


@pytest.mark.parametrize("answer", [NOTHING, presses("5"), presses("0"), presses("*"), says("blue umbrella")])
def test_anything_but_a_code_goes_on(answer: Answer) -> None:
    assert asked(answer).now == "backline/wait/0"


def test_a_wrong_code_may_be_given_once_more() -> None:
    story = asked(WRONG)
    assert (story.now, story.heard[-1]) == ("backline/listed/code/1", "listed.wrong")
    assert story.then(RIGHT).now == "backline/listed/offer"
    assert "listed.failed" in asked(WRONG, WRONG).heard


@pytest.mark.parametrize("before", [(), (RIGHT,), (WRONG,)])
def test_whoever_comes_ends_the_questions(before: tuple[Answer, ...]) -> None:
    assert asked(*before, CAME).now == "backline/0/talk/0"


@pytest.mark.parametrize("before", [(), (RIGHT,), (WRONG,)])
@pytest.mark.parametrize(("danger", "words"), [(EMERGENT, True), (GRAVE, False)])
def test_words_of_an_emergency_raise_and_nobody_is_asked_again(
    before: tuple[Answer, ...], danger: str, words: bool
) -> None:
    story = asked(*before, says("she has stopped breathing", danger))
    assert ("symptom.911" in story.heard) is words
    assert [one.urgency for one in story.did(StartEscalation)] == ["urgent", "emergent"]
    assert story.now == "emergency/wait/0"


def test_an_emergency_that_is_told_as_the_matter_pages_first_and_asks_then() -> None:
    story = calls(samples.listed(), presses("2"), says("she is dying", EMERGENT), flow="backline")
    assert [one.urgency for one in story.did(StartEscalation)] == ["emergent"]
    assert story.now == "emergency/listed/code/0"


@pytest.mark.parametrize("before", [(), (RIGHT,), (WRONG,)])
def test_whoever_hangs_up_is_promised_a_call_back(before: tuple[Answer, ...]) -> None:
    story = asked(*before, HANGS_UP)
    assert [one.kind for one in story.did(OpenPromise)] == ["urgent-callback"]
    assert story.did(RingListed) == []


@pytest.mark.parametrize("answer", [presses("2"), NOTHING, says("no"), presses("7")])
def test_only_a_yes_is_rung_back(answer: Answer) -> None:
    story = asked(RIGHT, answer)
    assert (story.did(RingListed), story.now) == ([], "backline/wait/0")


@pytest.mark.parametrize(("hidden", "number"), [(False, ""), (True, "+13125550177")])
def test_whoever_is_rung_back_has_a_promise_and_hears_when_it_is_due(hidden: bool, number: str) -> None:
    story = asked(RIGHT, presses("1"), hidden=hidden, done=RUNG)
    (promised,) = story.did(OpenPromise)
    assert (promised.kind, promised.number) == ("urgent-callback", number)
    assert (story.heard[-1], story.ended) == ("listed.hanging_up", "rung back")


def test_a_code_that_was_withdrawn_meanwhile_rings_nobody_and_stays_on_the_line() -> None:
    story = asked(RIGHT, says("yes"), done={RingListed: Granted(False)})
    assert "listed.not_now" in story.heard
    assert (story.did(OpenPromise), story.now) == ([], "backline/wait/0")


def test_the_key_at_the_listed_number_is_level_p() -> None:
    story = at_listed(presses("1"))
    assert levels(story) == ["P"]
    assert len(story.did(ResumeEscalation)) == 1
    assert story.now == "clinician/wait/0"
    assert story.heard[:2] == ["listed.called", "listed.press"]


def test_nothing_is_recorded_at_the_listed_number_and_nobody_is_told_so() -> None:
    story = at_listed(presses("1"))
    assert (story.did(StartRecording), "notice" in story.heard) == ([], False)


def test_nobody_hangs_up_on_an_emergency_to_be_rung_back() -> None:
    story = calls(samples.listed(), presses("2"), says("she is dying", EMERGENT), RIGHT, flow="backline")
    assert ("listed.right" in story.heard, "listed.offer" in story.heard) == (True, False)
    assert story.now == "emergency/wait/0"


def test_a_key_after_the_code_was_withdrawn_is_no_proof_and_goes_on() -> None:
    story = at_listed(presses("1"), confirmed=False)
    assert (levels(story), story.now) == ([], "clinician/wait/0")
    assert "listed.reached" not in story.heard


GREETING = says("yes, you have reached Mercy Hospital, for the laboratory press 1")


@pytest.mark.parametrize(
    "answer", [NOTHING, presses("7"), says("hello"), says("yes"), says("sure, one moment"), GREETING]
)
def test_no_words_and_no_silence_prove_and_the_key_may_come_after_them(answer: Answer) -> None:
    story = at_listed(answer, answer)
    assert (levels(story), story.now) == ([], "ready/2")
    assert levels(at_listed(answer, presses("1"))) == ["P"]
    story.then(answer)
    assert (levels(story), story.heard[-1], story.ended) == ([], "farewell", "not reached")
    assert story.did(ConfirmCallBack) == []


@pytest.mark.parametrize("answer", [presses("2"), presses("0"), says("no")])
def test_whoever_wants_no_call_hears_goodbye_at_once(answer: Answer) -> None:
    story = at_listed(answer)
    assert (levels(story), story.heard[-1], story.ended) == ([], "farewell", "not reached")


def test_an_emergency_at_the_listed_number_raises_and_a_key_still_proves() -> None:
    story = at_listed(ALARM)
    assert [one.urgency for one in story.did(StartEscalation)] == ["emergent"]
    assert ("symptom.911" in story.heard, story.now) == (True, "ready/1")
    story.then(presses("1"))
    assert (levels(story), story.now) == (["P"], "emergency/wait/0")


@pytest.mark.parametrize("after", [ALARM, NOTHING, says("please hurry"), presses("7")])
def test_whoever_told_of_an_emergency_is_kept_on_the_line_unproved(after: Answer) -> None:
    story = at_listed(ALARM, after, after)
    assert (levels(story), story.now) == ([], "emergency/wait/0")


@pytest.mark.parametrize("after", [presses("2"), presses("0"), says("no")])
def test_a_no_after_an_emergency_hangs_up_on_nobody(after: Answer) -> None:
    story = at_listed(ALARM, after)
    assert (levels(story), story.now) == ([], "emergency/wait/0")


def test_an_emergency_on_the_line_before_is_one_at_the_listed_number() -> None:
    story = at_listed(presses("1"), urgency="emergent")
    assert [one.urgency for one in story.did(ResumeEscalation)] == ["emergent"]
    assert story.now == "emergency/wait/0"


def clinician(told: str, now: str) -> Story:
    """A clinician who was told of one proof, and accepts when it is another one."""
    about = {"urgency": "urgent", "language": "en-US", "complaint": "", "source": "laboratory", "first": "this"}
    facts = {
        "page_summary": {**about, "proof": told, "organisation": "Lakeside"},
        "caller_proof": {"proof": now, "organisation": "Lakeside"},
    }
    return play(clinician_page(Page("Maple")), PinChecked(True), presses("1"), facts=facts)


@pytest.mark.parametrize("told", ["none", "code", "rings", "unanswered", "reached"])
def test_a_clinician_hears_the_proof_with_the_summary_and_again_as_it_is_before_they_join(told: str) -> None:
    story = clinician(told, "reached")
    assert [one for one in story.heard if "proof" in one] == [f"page.proof_{told}", "page.proof_reached"]
    assert story.heard[-1] == "offer.joining"


def test_a_clinician_hears_of_no_proof_where_the_practice_lists_nobody() -> None:
    story = clinician("", "")
    assert [one for one in story.heard if "proof" in one] == []
    assert "proof" not in story.asked
