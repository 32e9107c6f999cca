"""How late callers are helped at worst, by language and by what they say first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from callflows.dialogues.assessing import assess
from callflows.dialogues.emergency_911 import red_flag_words
from callflows.dialogues.questions import TOLD, SymptomHeard, language_lines
from callflows.dialogues.whereabouts import whereabouts
from callflows.prompts import line, own_words
from callflows.proof import samples
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.possible import World
from callflows.proof.slowness import Slowest, slowest
from callflows.values import Call
from callflows.vocabulary import (
    Ask,
    Do,
    EnterWaitingRoom,
    Flow,
    HungUp,
    Outcome,
    Pressed,
    Say,
    Silence,
    Spoke,
    StartEscalation,
    Wait,
)
from ivr.flows.proofs import ProofFolder
from tests.flows.small import SMALLER

TEN_WORDS = (own_words("one two three four five six seven eight nine ten", "en-US"),)
CALL = samples.call(samples.practice(samples.NURSE))
GROUPS = samples.call(samples.practice(samples.NURSE, protocols=samples.PROTOCOLS, state="IL"))

Limits = dict[str, tuple[int, int]]
"""By first answer: seconds at worst, and where nothing more is said."""
AT_ONCE = ("grave", "flagged", "emergent", "unjudged", "person")
CALLING: Limits = {
    **{"nurse": (580, 80), "silence": (855, 85), "ill": (865, 85), "nonsense": (865, 95), "unrecorded": (730, 110)},
    **dict.fromkeys((*AT_ONCE, "suspect"), (55, 55)),
}
"""What the walk shows, and less than five seconds more.

At worst each question of the screening and about the place is asked as often as it may be before a nurse is looked for;
whoever says nothing more is silent at the first question about danger, and hears the 911 words then.
"""
SCREENED: Limits = {
    "silence": (15, 15),
    **dict.fromkeys(AT_ONCE, (25, 25)),
    **dict.fromkeys(("newborn", "infant", "child"), (535, 40)),
    **{"adult": (635, 45), "ill": (665, 45), "nonsense": (665, 45), "suspect": (665, 45)},
}
"""The same from the question who it is about on: whoever cannot speak is helped after its five seconds of silence."""


def figures(flow: object, world: World | None = None) -> dict[str, tuple[int, int]]:
    """By first answer: seconds at worst, and where nothing more is said."""
    report = explore(Subject("made", "up", flow, CALL, (), world or World(takeovers=0)))  # type: ignore[arg-type]
    return {one.first: (one.seconds, one.then) for one in slowest(report)}


def late(found: Iterable[Slowest], limits: Limits) -> list[Slowest]:
    """What is over its limits."""
    return [one for one in found if one.seconds > limits[one.first][0] or one.then > limits[one.first][1]]


def asks_twice(call: Call) -> Flow:
    yield Say("welcome", TEN_WORDS)
    yield Ask("menu", TEN_WORDS, speech=True, wishes=("nurse",), timeout=5)
    answer = yield Ask("more", TEN_WORDS, timeout=7)
    if answer == Silence():
        yield Say("pity", TEN_WORDS)
    yield Do("search", EnterWaitingRoom("nurse", "en-US", "urgent"))
    yield Wait("wait", TEN_WORDS)
    return Outcome("done")


def test_prompts_are_heard_to_their_end_and_answers_come_at_the_last_moment() -> None:
    # Thirty words at 150 a minute, five seconds and then seven to answer, and ten more words after silence.
    assert figures(asks_twice)["silence"] == (28, 28)
    # Whoever speaks takes ten seconds more.
    assert figures(asks_twice)["nurse"] == (38, 38)


def brought(call: Call) -> Flow:
    answer = yield Ask("menu", TEN_WORDS, speech=True, timeout=5)
    yield Say("sorry", TEN_WORDS)
    yield Do("page", StartEscalation("urgent"))
    yield Wait("wait", TEN_WORDS)
    return Outcome(str(answer))


def test_a_flow_that_offers_nothing_to_choose_has_no_figures() -> None:
    assert figures(brought) == {}


def test_the_911_words_help_as_soon_as_they_begin() -> None:
    def warned(call: Call) -> Flow:
        answer = yield Ask("menu", TEN_WORDS, speech=True, wishes=("nurse",), timeout=5)
        if isinstance(answer, Spoke):
            yield Say("911", (line("symptom.911", "en-US"),))
        yield Ask("more", TEN_WORDS, timeout=7)
        return Outcome("done")

    assert figures(warned)["nurse"] == (19, 19)
    assert figures(warned)["silence"] == (20, 20)


def test_whoever_hangs_up_is_left_out() -> None:
    def patient(call: Call) -> Flow:
        yield Ask("menu", TEN_WORDS, speech=True, wishes=("nurse",), timeout=5)
        try:
            yield Ask("more", TEN_WORDS, timeout=7)
        except HungUp:
            yield Ask("never", TEN_WORDS, timeout=700)
        return Outcome("done")

    assert figures(patient)["silence"] == (20, 20)


def test_saying_nothing_more_is_measured_apart() -> None:
    def talkative(call: Call) -> Flow:
        yield Ask("menu", TEN_WORDS, speech=True, wishes=("nurse",), timeout=5)
        answer = yield Ask("more", TEN_WORDS, timeout=7)
        if answer == Pressed("1"):
            yield Ask("still-more", TEN_WORDS, timeout=7)
        return Outcome("done")

    assert figures(talkative)["silence"] == (31, 20)


def test_each_language_has_figures_of_its_own() -> None:
    def spoken(call: Call) -> Flow:
        languages = ("es-US", "en-US")
        picked = yield Ask("language", language_lines(languages), speech=True, wishes=languages, timeout=5)
        language = "es-US" if picked == Pressed("1") else "en-US"
        yield Ask("menu", TEN_WORDS, speech=True, wishes=("letters",), language=language, timeout=5)
        return Outcome(language)

    found = slowest(explore(Subject("made", "up", spoken, CALL, (), World(takeovers=0))))
    for language in ("en-US", "es-US"):
        firsts = {one.first for one in found if one.language == language}
        assert firsts >= {"letters", "person", "flagged", "silence"}


def test_whoever_is_screened_is_helped_within_the_limits() -> None:
    def sought(call: Call) -> Flow:
        try:
            urgency = yield from assess(call.in_care(), "it hurts", TOLD, "")
            if urgency:
                yield from whereabouts(call.in_care())
            yield Do("search", EnterWaitingRoom("nurse", "en-US", "urgent"))
        except SymptomHeard:
            yield Say("911", red_flag_words(call))
        return Outcome("done")

    found = slowest(explore(Subject("made", "up", sought, GROUPS, (), World(takeovers=0))))
    assert late(found, SCREENED) == []
    assert {one.first for one in found} == set(SCREENED)


@pytest.mark.thorough
def test_nobody_who_calls_is_helped_later_than_the_limits(proofs: ProofFolder) -> None:
    proof = proofs.prove(SMALLER["a usual practice"]).proof
    assert proof
    assert late(proof.seconds, CALLING) == []
    assert {one.first for one in proof.seconds} == set(CALLING)


@pytest.mark.parametrize("takeovers", [0, 1])
def test_the_slowest_comes_first(takeovers: int) -> None:
    report = explore(replace(Subject("made", "up", asks_twice, CALL), world=World(takeovers=takeovers)))
    found = slowest(report)
    assert found[0] == Slowest("en-US", found[0].first, 38, 38)
    assert [one.seconds for one in found] == sorted((one.seconds for one in found), reverse=True)
