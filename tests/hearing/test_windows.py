"""Every word that was said is scored, in a bounded number of stretches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing.windows import FEWEST, LONGEST_CLAUSE, LONGEST_WORD, MOST, SHORT, STEP, WIDTH, plain_words, windows

word = st.text(alphabet="abcdefghijklmnopqrstuvwxyzáéíñ'0123456789", min_size=1, max_size=12).filter(
    lambda text: any(char.isalnum() for char in text)
)


@given(st.lists(word, min_size=1, max_size=60))
def test_every_word_is_in_the_whole_and_in_some_stretch(words: list[str]) -> None:
    whole, *stretches = windows(" ".join(words))
    assert whole.split() == words
    if len(words) > SHORT:
        assert set(words) == {each for stretch in stretches for each in stretch.split()}


@given(st.lists(word, min_size=SHORT + 1, max_size=40))
def test_a_long_answer_has_every_run_of_six_words_in_one_stretch(words: list[str]) -> None:
    stretches = [stretch.split() for stretch in windows(" ".join(words))]
    for start in range(len(words) - (WIDTH - STEP)):
        run = words[start : start + WIDTH - STEP + 1]
        assert any(_within(run, stretch) for stretch in stretches)


def _within(run: list[str], stretch: list[str]) -> bool:
    return any(stretch[start : start + len(run)] == run for start in range(len(stretch) - len(run) + 1))


@pytest.mark.parametrize(
    ("said", "clauses"),
    [
        ("i need a refill and he's choking", ["i need a refill", "he's choking"]),
        ("he's choking but i need a refill too", ["he's choking", "i need a refill too"]),
        ("necesito una cita. no respira", ["necesito una cita.", "no respira"]),
        ("es por una cita pero mi papá no despierta", ["es por una cita", "mi papá no despierta"]),
        ("and he fell", []),
        ("he fell and", []),
    ],
)
def test_what_is_said_between_joining_words_and_marks_is_scored_alone(said: str, clauses: list[str]) -> None:
    assert windows(said) == [said, *clauses]


@given(st.lists(word | st.sampled_from(["and", "pero", "well,", "yes."]), min_size=1, max_size=60))
def test_no_clause_is_longer_than_it_may_be_nor_a_single_word(words: list[str]) -> None:
    for stretch in windows(" ".join(words))[1:]:
        assert FEWEST <= len(stretch.split()) <= LONGEST_CLAUSE


@pytest.mark.parametrize("count", [500, 1000, 2000, 5000])
def test_a_very_long_answer_is_heard_to_its_last_word_in_a_bounded_number_of_stretches(count: int) -> None:
    words = [f"w{number}" if number % 3 else "and" for number in range(count)]
    found = windows(" ".join(words))
    assert len(found) <= 2 * MOST + 1
    assert {each for stretch in found[1:] for each in stretch.split()} == set(words)


@given(st.text(max_size=80))
def test_whatever_is_said_nothing_breaks_and_only_words_are_heard(text: str) -> None:
    assert bool(windows(text)) == any(char.isalnum() for char in text.lower())


@pytest.mark.parametrize("text", ["", "   ", "...", "¿? !", "—", "_ _", "\n\t"])
def test_what_is_no_word_is_nothing(text: str) -> None:
    assert windows(text) == []


def test_capitals_and_curly_apostrophes_are_the_same_words() -> None:
    assert windows("I CAN’T BREATHE") == windows("i can't breathe") == ["i can't breathe"]


def test_a_word_without_an_end_is_several() -> None:
    assert plain_words("a" * 10_000) == ["a" * LONGEST_WORD] * 166 + ["a" * 40]
