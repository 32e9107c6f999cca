"""Words that raise a call."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing.phrases import SPREAD, raises

PHRASES = ("chest pain", "can't breathe", "dolor de pecho", "bleed*", "*")


@pytest.mark.parametrize(
    "words",
    [
        "chest pain",
        "I have CHEST PAIN!",
        "my chest really does feel pain",
        "I can’t breathe",
        "she cant breathe",
        "tengo dolor de pecho",
        "tengo DOLÓR de pécho",
        "the cut is bleeding",
        "no chest pain at all",
        "first the chest, then another chest with pain",
    ],
)
def test_a_phrase_raises_whatever_its_case_accents_and_fillers(words: str) -> None:
    assert raises(words, PHRASES)


@pytest.mark.parametrize(
    "words",
    ["", "I need an appointment", "pain in my chest hair", "painful chest", "chest", "blee", "chestpain", "¡¿!?"],
)
def test_other_words_do_not_raise(words: str) -> None:
    assert not raises(words, PHRASES)


def test_negation_is_deliberately_not_understood() -> None:
    assert raises("I do not have chest pain", ("chest pain",))


def test_words_may_stand_apart_only_so_far() -> None:
    assert raises(f"chest {'so ' * SPREAD}pain", ("chest pain",))
    assert not raises(f"chest {'so ' * (SPREAD + 1)}pain", ("chest pain",))


def test_the_spread_is_counted_from_each_place_the_phrase_may_begin() -> None:
    assert raises(f"chest {'so ' * (SPREAD + 1)}chest pain", ("chest pain",))


WORDS = st.lists(st.sampled_from(["chest", "pain", "my", "arm", "no", "a"]), max_size=8)


@given(WORDS, WORDS)
def test_saying_more_around_it_never_hides_a_red_flag(before: list[str], after: list[str]) -> None:
    assert raises(" ".join([*before, "chest", "pain", *after]), ("chest pain",))


@given(WORDS, st.lists(st.sampled_from(["chest pain", "arm", "my arm"]), max_size=3))
def test_more_phrases_only_ever_raise_more(words: list[str], more: list[str]) -> None:
    said = " ".join(words)
    if raises(said, ("chest pain",)):
        assert raises(said, ("chest pain", *more))


@given(st.text())
def test_any_text_can_be_heard(words: str) -> None:
    assert raises(f"{words} chest pain", ("chest pain",))
