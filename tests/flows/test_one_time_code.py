"""What a caller is asked for on the way to L2, and how they leave it; and an agent who has a code sent."""

from __future__ import annotations

import pytest

from callflows.conversations.agent_offer import agent_offer
from callflows.proof import samples
from callflows.values import IdentityRule, Offer
from callflows.vocabulary import (
    Answer,
    AskCode,
    AwaitCode,
    CodeChecked,
    DialEnded,
    EnterWaitingRoom,
    HoldCaller,
    NoteCall,
    Pressed,
    SendCode,
)
from callflows.vocabulary.hearing import EMERGENT
from tests.flows.playing import HANGS_UP, NOTHING, Story, calls, play, presses, says

RIGHT, WRONG, OVER, UNSENT = map(CodeChecked, ("right", "wrong", "over", "unsent"))
CHECKING, UNCHECKED = map(CodeChecked, ("checking", "unchecked"))
KNOWN = (presses("1"), presses("02291988"), presses("60699"))
PAYS = samples.practice(samples.BILLING, samples.NURSE, identity=IdentityRule(codes=True))


def asked(*answers: Answer, sent: Answer | None = None, practice: object = PAYS) -> Story:
    """Somebody who was matched wants something of L2."""
    done = {SendCode: sent} if sent else {}
    return calls(samples.call(practice), *KNOWN, *answers, done=done)  # type: ignore[arg-type]


def levels(story: Story) -> list[str]:
    return [note.identity_level for note in story.did(NoteCall) if note.identity_level]


def waits(story: Story) -> bool:
    return story.now == "agent/0/wait/0"


def test_the_right_code_raises_the_call_to_l2() -> None:
    story = asked()
    assert isinstance(story.pending, AskCode)
    story.then(RIGHT)
    assert levels(story) == ["L1", "L2"]
    assert "code.right" in story.heard
    assert waits(story)


@pytest.mark.parametrize("level", ["L0", "L1"])
def test_nobody_is_asked_for_more_than_the_service_wants(level: str) -> None:
    plain = samples.practice(samples.Service("billing", level=level), identity=IdentityRule(codes=True))
    story = calls(samples.call(plain), presses("1"), *(KNOWN[1:] if level == "L1" else ()))
    assert story.did(SendCode) == []
    assert waits(story)


def test_a_practice_without_codes_asks_for_none() -> None:
    assert waits(asked(practice=samples.practice(samples.BILLING)))


def test_where_none_is_needed_nothing_is_said_of_it() -> None:
    story = asked(sent=RIGHT)
    assert waits(story)
    assert not any(prompt.startswith("code.") for prompt in story.heard)


def test_where_none_can_be_sent_the_same_is_said_as_where_it_came_to_nothing() -> None:
    never, later = asked(sent=UNSENT), asked(UNSENT)
    assert waits(never)
    assert [prompt for prompt in never.heard if prompt.startswith("code.")] == ["code.unsent"]
    assert later.heard[-2:] == never.heard[-2:]
    assert levels(never) == ["L1"]


@pytest.mark.parametrize(
    "answers", [(NOTHING,), (WRONG,) * 3, (UNSENT,), (WRONG, UNSENT), (presses("2"), presses("2")), (OVER, OVER)]
)
def test_whoever_has_no_code_goes_on_at_l1(answers: tuple[Answer, ...]) -> None:
    story = asked(*answers)
    assert levels(story) == ["L1"]
    assert waits(story)


@pytest.mark.parametrize("why", [presses("2"), OVER])
def test_another_code_is_sent_once(why: Answer) -> None:
    story = asked(why)
    assert len(story.did(SendCode)) == 2
    story.then(WRONG, WRONG, RIGHT)
    assert levels(story)[-1] == "L2"
    assert len(asked(why, why).did(SendCode)) == 2


def test_a_symptom_leaves_the_question_at_once_and_zero_goes_to_a_person() -> None:
    assert asked(says("my chest hurts", EMERGENT)).now.startswith(("danger", "emergency", "symptom"))
    person = asked(presses("0"))
    assert person.now == "person/0/wait/0"
    assert person.did(EnterWaitingRoom)


def test_three_wrong_ones_are_told_once_each_and_the_question_ends() -> None:
    story = asked(WRONG, WRONG, WRONG)
    assert [prompt for prompt in story.heard if prompt.startswith("code.")] == [
        *("code.sent", "code.enter"),
        *("code.wrong", "code.enter"),
        *("code.wrong", "code.enter"),
        "code.failed",
    ]


def test_star_repeats_the_question_and_takes_no_try() -> None:
    story = asked(WRONG, WRONG, presses("*"), presses("*"))
    assert isinstance(story.pending, AskCode)
    assert story.heard[-2:] == ["code.enter", "code.enter"]
    assert levels(story.then(RIGHT)) == ["L1", "L2"]


def test_whoever_waits_for_a_check_is_raised_when_it_says_right() -> None:
    story = asked(CHECKING)
    assert isinstance(story.pending, AwaitCode)
    assert (story.pending.speech, levels(story)) == (True, ["L1"])
    story.then(RIGHT)
    assert levels(story) == ["L1", "L2"]
    assert waits(story)


def test_a_wrong_one_is_asked_for_again_and_one_that_is_over_gets_another() -> None:
    story = asked(CHECKING, WRONG, CHECKING, OVER, CHECKING, RIGHT)
    assert levels(story) == ["L1", "L2"]
    assert len(story.did(SendCode)) == 2


@pytest.mark.parametrize(
    "answers", [(UNCHECKED,), (NOTHING,), (says("hello"), UNCHECKED), (presses("5"), NOTHING), (presses("5"),) * 2]
)
def test_a_check_that_does_not_come_takes_nothing_but_the_level(answers: tuple[Answer, ...]) -> None:
    story = asked(CHECKING, *answers)
    assert levels(story) == ["L1"]
    assert "code.unchecked" in story.heard
    assert waits(story)


def test_who_presses_something_meanwhile_still_gets_what_comes_of_the_check() -> None:
    assert levels(asked(CHECKING, presses("5"), RIGHT)) == ["L1", "L2"]


def test_a_symptom_leaves_the_wait_for_a_check_and_zero_goes_to_a_person() -> None:
    ill = asked(CHECKING, says("my chest hurts", EMERGENT))
    assert ill.now.startswith(("danger", "emergency", "symptom"))
    assert asked(CHECKING, presses("0")).now == "person/0/wait/0"


# -- an agent in a talk ---------------------------------------------------------------------------------------------

OFFER = Offer("Maple Family Medicine", "scheduling", "en-US", codes=True)
OUT = (Pressed("1"), DialEnded(True))


def stepped_out(*answers: Answer, offer: Offer = OFFER, sent: Answer | None = None) -> Story:
    return play(agent_offer(offer), *OUT, *answers, done={SendCode: sent} if sent else {})


def test_an_agent_has_a_code_sent_and_goes_back() -> None:
    story = stepped_out(presses("4"))
    assert "step_out.code_sent" in story.heard
    assert story.now == "talk/1"
    assert [hold.hold for hold in story.did(HoldCaller)] == [True, False]


@pytest.mark.parametrize(
    ("given", "told", "raised"),
    [
        (RIGHT, "step_out.code_right", ["L2"]),
        (WRONG, "step_out.code_wrong", []),
        (OVER, "step_out.code_over", []),
        (UNSENT, "step_out.code_unsent", []),
        (NOTHING, "step_out.code_none", []),
    ],
)
def test_what_the_caller_reads_out_is_checked_and_told(given: Answer, told: str, raised: list[str]) -> None:
    story = stepped_out(presses("5"), given)
    assert told in story.heard
    assert levels(story) == raised
    assert story.now == "talk/1"


@pytest.mark.parametrize(
    ("came", "told", "raised"),
    [
        (RIGHT, "step_out.code_right", ["L2"]),
        (WRONG, "step_out.code_wrong", []),
        (OVER, "step_out.code_over", []),
        (UNCHECKED, "step_out.code_unchecked", []),
        (NOTHING, "step_out.code_unchecked", []),
        (presses("5"), "step_out.code_unchecked", []),
    ],
)
def test_an_agent_hears_what_came_of_a_check(came: Answer, told: str, raised: list[str]) -> None:
    story = stepped_out(presses("5"), CHECKING, came)
    assert told in story.heard
    assert levels(story) == raised
    assert story.now == "talk/1"


def test_an_agent_of_a_practice_without_codes_is_offered_none() -> None:
    for key in ("4", "5"):
        story = stepped_out(presses(key), offer=Offer("Maple", "scheduling", "en-US"))
        assert story.did(SendCode) == []
        assert "step_out.codes" not in story.heard
        assert story.now == "talk/1"


def test_an_agent_who_hangs_up_at_the_code_takes_the_caller_off_hold() -> None:
    story = stepped_out(presses("5"), HANGS_UP)
    assert [hold.hold for hold in story.did(HoldCaller)] == [True, False]
    assert story.ended == "done"
