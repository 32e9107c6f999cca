"""Nothing is said that is not so: the table covers every prompt, and the rule finds what is planted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callflows.dialogues.talking import NO_INTERPRETER
from callflows.prompts import CATALOGUES, DEFAULT_LANGUAGE, Line
from callflows.proof import samples
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.offered_keys import KEYS
from callflows.proof.possible import HANG_UP, World
from callflows.proof.true_words import CLAIMS, INTENDED, true_words
from callflows.proof.unclaimed_prompts import OF_THE_SHELL, PARTS, PLAIN
from callflows.values import Call, Offer
from callflows.vocabulary import (
    AcceptOffer,
    Ask,
    AskPin,
    Do,
    EnterWaitingRoom,
    Fact,
    Flow,
    InVain,
    Joined,
    LeaveWaitingRoom,
    NobodyCame,
    OpenPromise,
    Outcome,
    PersonLeft,
    RefuseRecording,
    Say,
    StartEscalation,
    Wait,
    WithPerson,
)

CALL = samples.call(samples.practice(samples.NURSE, protocol=samples.PROTOCOL))
HIDDEN = samples.call(samples.practice(samples.NURSE), caller_id=False)
OFFER = Offer("Maple", "billing", "en-US")
END = Outcome("done")
ALONE = World(interruptions=(HANG_UP,))


def broken(flow: Callable[[Any], Flow], told: object = CALL) -> str:
    """The rule that ``flow`` breaks."""
    rule = true_words(told, frozenset({"nurse"}))
    violation = explore(Subject("bad", "bad", flow, told, (rule,), ALONE)).violation
    return violation.rule if violation else ""


def said(*prompts: str) -> tuple[Line, ...]:
    return tuple(Line(prompt) for prompt in prompts)


def test_every_prompt_is_a_claim_or_none() -> None:
    prompts = {name for name in CATALOGUES[DEFAULT_LANGUAGE] if not name.startswith(PARTS) or name == "language.option"}
    assert prompts == CLAIMS.keys() | INTENDED.keys() | PLAIN | OF_THE_SHELL
    assert not PLAIN & (CLAIMS.keys() | INTENDED.keys())
    assert not OF_THE_SHELL & (CLAIMS.keys() | INTENDED.keys() | PLAIN)
    assert KEYS.keys() <= prompts


BY_WHAT_IS_TOLD = {"promise.number", "called_back"}
"""True of this call from its first word on."""


@pytest.mark.parametrize("prompt", sorted(CLAIMS.keys() - BY_WHAT_IS_TOLD))
def test_no_claim_is_true_of_a_world_in_which_nothing_has_happened(prompt: str) -> None:
    def claims_at_once(_: object) -> Flow:
        yield Say("claim", said(prompt))
        yield Ask("question", ())
        return END

    assert prompt in broken(claims_at_once)


@pytest.mark.parametrize("prompt", sorted(INTENDED))
def test_what_is_announced_and_does_not_happen_is_found(prompt: str) -> None:
    def announces(_: object) -> Flow:
        yield Say("announcement", said(prompt))
        return END

    assert prompt in broken(announces)


@pytest.mark.parametrize("prompt", sorted(KEYS))
def test_a_key_that_is_offered_and_does_nothing_is_found(prompt: str) -> None:
    def offers(_: object) -> Flow:
        if prompt.startswith("wait"):
            yield Do("search", EnterWaitingRoom("nurse" if prompt == "wait.worse" else "billing", "en-US", "routine"))
            yield Wait("wait", said(prompt), keys="12")
        else:
            yield Ask("offer", said(prompt))
        return END

    assert broken(offers, CALL if prompt.startswith(("wait", "called_back")) else OFFER)


def test_a_caller_who_is_said_to_have_left_when_it_was_the_agent_is_found() -> None:
    def mistaken(_: object) -> Flow:
        yield Do("accept", AcceptOffer())
        answer = yield WithPerson("talk", "caller")
        if isinstance(answer, PersonLeft):
            yield Say("ended", said("offer.ended"))
        return END

    assert broken(mistaken, OFFER) == "it is said and is not so: offer.ended"


def test_another_try_that_is_announced_after_the_last_is_found() -> None:
    def hopeful(_: object) -> Flow:
        answer = yield WithPerson("talk", "caller")
        if isinstance(answer, InVain):
            yield Say("ended", said("offer.again"))
        return END

    assert broken(hopeful, OFFER) == "it is said and is not so: offer.again"


def test_a_number_that_we_do_not_have_and_promise_to_call_is_found() -> None:
    def promising(call: Call) -> Flow:
        yield Do("promise", OpenPromise("urgent-callback", "nurse", "now + 15m"))
        yield Say("told", (Line("clinician.promise", values=(("time", "ten"),)),))
        return END

    assert broken(promising) == ""
    assert broken(promising, HIDDEN) == "it is said and is not so: clinician.promise"


def test_an_office_that_is_said_to_be_closed_while_it_is_open_is_found() -> None:
    def closed(_: object) -> Flow:
        yield Fact("opening", "opening")
        yield Ask("question", said("closed"))
        return END

    assert broken(closed) == "it is said and is not so: closed"


def test_a_pin_that_is_called_wrong_when_none_was_keyed_is_found() -> None:
    def strict(_: object) -> Flow:
        yield AskPin("pin", ())
        yield Say("wrong", said("page.pin_wrong"))
        return END

    assert broken(strict, OFFER) == "it is said and is not so: page.pin_wrong"


def test_somebody_still_called_after_the_ladder_ended_is_found() -> None:
    def stubborn(_: object) -> Flow:
        yield Do("page", StartEscalation("urgent"))
        came = yield Wait("wait", said("wait.clinician"))
        if came == NobodyCame("ladder-exhausted"):
            yield Wait("again", said("wait.clinician"))
        return END

    assert broken(stubborn) == "it is said and is not so: wait.clinician"


def test_a_place_in_line_of_somebody_who_left_it_is_found() -> None:
    def confused(_: object) -> Flow:
        yield Do("search", EnterWaitingRoom("billing", "en-US", "routine"))
        yield Do("stop", LeaveWaitingRoom())
        yield Wait("wait", said("wait.comfort"), between=said("wait.still.2"))
        return END

    assert broken(confused).startswith("it is said and is not so: wait.")


def test_a_recording_that_was_refused_and_may_be_refused_again_is_found() -> None:
    def forgetful(_: object) -> Flow:
        yield Ask("menu", said("notice.opt_out"))
        yield Do("refused", RefuseRecording())
        yield Ask("menu/again", said("notice.opt_out"))
        return END

    assert "RefuseRecording" in broken(forgetful)


def test_a_person_said_to_have_left_who_was_cut_off_is_found() -> None:
    def hasty(_: object) -> Flow:
        answer = yield WithPerson("talk", "ana")
        if not isinstance(answer, Joined) and answer != NO_INTERPRETER:
            yield Ask("left", said("person.left", "person.again"))
        return END

    assert broken(hasty) == "it is said and is not so: person.left"
