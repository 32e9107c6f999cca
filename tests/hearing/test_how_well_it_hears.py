"""How well the ear hears what it never learned. The floors are what was reached: below them something was lost.

docs/hearing.md has the figures with their ranges. Nothing here chooses anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.directory.emergent_phrases import read_emergent_phrases
from ivr.hearing.ear import Ear
from ivr.hearing.figures import Trial, answered, asked, right, to_nurse
from ivr.hearing.heard import NOTHING, Class, judge
from ivr.hearing.held_out import HeldOut
from ivr.hearing.measuring import measure
from ivr.hearing.paging import paged_by
from ivr.hearing.places import PROTOCOLS

LANGUAGES = ("en-US", "es-US")


def hear(ear: Ear, held_out: HeldOut, style: str, *kinds: str, every: int = 1) -> list[Trial]:
    """What is heard in one style of the sentences of these kinds, or of one in so many of them."""
    sentences = tuple(one for one in held_out.sentences if one.kind in kinds)[::every]
    ((_, trials),) = measure(ear, HeldOut(sentences, held_out.frames), [style])
    return trials


def share(trials: list[Trial], question: Callable[..., bool], language: str = "") -> float:
    chosen = [trial for trial in trials if trial[0].language == language or not language]
    return sum(question(*trial) for trial in chosen) / len(chosen)


def test_an_emergency_is_asked_about(ear: Ear, held_out: HeldOut, second: HeldOut) -> None:
    trials, others = (hear(ear, one, "as is", "emergent") for one in (held_out, second))
    for language in LANGUAGES:
        assert share([*trials, *others], asked, language) >= 0.991
        assert share(trials, asked, language) >= 0.992
        assert share(others, asked, language) >= 0.99
        assert share([*trials, *others], to_nurse, language) == 1


def test_an_emergency_of_which_words_are_lost_is_asked_about(ear: Ear, held_out: HeldOut) -> None:
    trials = hear(ear, held_out, "one word in ten lost", "emergent", every=2)
    for language in LANGUAGES:
        assert share(trials, asked, language) >= 0.984
        assert share(trials, to_nurse, language) >= 0.99


def test_an_emergency_without_accents_is_asked_about(ear: Ear, held_out: HeldOut) -> None:
    trials = hear(ear, held_out, "without accents", "emergent", every=2)
    for language in LANGUAGES:
        assert share(trials, asked, language) >= 0.984
        assert share(trials, to_nurse, language) == 1


@pytest.mark.parametrize(("style", "floor"), [("errand", 0.99), ("greeting", 0.99), ("story", 0.98)])
def test_an_emergency_behind_other_talk_is_asked_about(ear: Ear, held_out: HeldOut, style: str, floor: float) -> None:
    assert share(hear(ear, held_out, f"behind: {style}", "emergent", every=5), asked) >= floor


def test_capitals_change_nothing(ear: Ear, held_out: HeldOut) -> None:
    texts = [one.text for one in held_out.sentences[::25]]
    assert ear.hear_each([text.upper() for text in texts]) == ear.hear_each([text.upper().lower() for text in texts])


def test_illness_reaches_the_nurse(ear: Ear, held_out: HeldOut, second: HeldOut) -> None:
    for one in (held_out, second):
        trials = hear(ear, one, "as is", "clinical")
        for language in LANGUAGES:
            assert share(trials, to_nurse, language) >= 0.985


def test_few_wishes_behind_a_story_are_asked_about(ear: Ear, held_out: HeldOut) -> None:
    trials = hear(ear, held_out, "behind: story", "office", every=3)
    assert share(trials, asked) <= 0.55


def test_few_wishes_to_the_office_are_asked_about_and_their_service_is_right(ear: Ear, held_out: HeldOut) -> None:
    trials = hear(ear, held_out, "as is", "office", "errand")
    taken = [trial for trial in trials if answered(*trial)]
    for language in LANGUAGES:
        assert share([trial for trial in trials if trial[0].kind == "office"], asked, language) <= 0.10
        assert share(trials, asked, language) <= 0.15
        assert share(taken, right, language) >= 0.95
        assert share(trials, lambda *trial: not answered(*trial) and not to_nurse(*trial), language) <= 0.25


def test_the_service_that_is_taken_is_right_in_the_second_set_too(ear: Ear, second: HeldOut) -> None:
    taken = [trial for trial in hear(ear, second, "as is", "office", "errand") if answered(*trial)]
    for language in LANGUAGES:
        assert share(taken, right, language) >= 0.94


def test_few_wishes_to_the_office_page_anybody_before_a_question_is_answered(held_out: HeldOut) -> None:
    """Of 290, one in a hundred: the phrases are those that a clinical lead signed, and the ear alone pages nobody."""
    at_the_menu, _ = paged_by(read_emergent_phrases(PROTOCOLS))
    wishes = [one for one in held_out.sentences if one.kind == "office"]
    assert sum(at_the_menu(one, NOTHING) for one in wishes) / len(wishes) <= 0.01


def test_few_everyday_sentences_are_asked_about(ear: Ear, test_data: Path) -> None:
    """CLINC150 (Larson et al. 2019), a part of it: never learned from, and not in this repository."""
    rows = json.loads((test_data / "clinc150" / "train.json").read_text("utf-8"))["train"][::15]
    heard = ear.hear_each([text for text, _ in rows])
    assert sum(judge(one) is Class.EMERGENT for one in heard) / len(heard) <= 0.025


def test_every_emergency_among_written_cases_is_asked_about(ear: Ear, test_data: Path) -> None:
    lines = (test_data / "triage_vignettes" / "semigran_vignettes.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    heard = ear.hear_each([case["case_description"] for case in cases if case["urgency_level"] == "em"])
    assert len(heard) == 15
    assert {judge(one) for one in heard} == {Class.EMERGENT}
