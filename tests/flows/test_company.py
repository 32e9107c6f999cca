"""What somebody hears who waits: words that vary, what has changed, and the keys again each minute."""

from __future__ import annotations

from itertools import pairwise

import pytest

from callflows.dialogues.company import News, Told, tell, words_for_key, words_of_hold
from callflows.dialogues.people import wait_for_agent
from callflows.prompts import languages
from callflows.proof import samples
from callflows.vocabulary import Wait

CALL = samples.call(samples.practice(samples.NURSE))


def wait_of(language: str) -> Wait:
    asked = next(wait_for_agent(CALL.speaking(language), "line"))
    assert isinstance(asked, Wait)
    return asked


WAIT = wait_of("en-US")
FIRST = News(place=1, offered_in=10)


def prompts(news: News, told: Told, *, everything: bool = False) -> list[str]:
    return [one.prompt for one in tell(WAIT, news, told, everything=everything)[0]]


def after(*told: News) -> Told:
    kept = Told()
    for number, news in enumerate(told):
        _, kept = tell(WAIT, news, kept, everything=number == 0)
    return kept


def test_everything_is_said_at_first() -> None:
    assert prompts(FIRST, Told(), everything=True) == ["wait.comfort", "wait.position", "wait.keys"]
    known = News(place=1, low=2, high=5)
    assert prompts(known, Told(), everything=True) == ["wait.comfort", "wait.position", "wait.between", "wait.keys"]


@pytest.mark.parametrize(
    ("news", "said"),
    [
        (FIRST, []),
        (News(place=2, offered_in=10), ["wait.position"]),
        (News(place=1, high=2, low=0), ["wait.under"]),
        (News(place=1, rings="agent"), ["wait.rings"]),
        (News(place=None), []),
    ],
)
def test_only_what_has_changed_is_said_between(news: News, said: list[str]) -> None:
    assert prompts(news, after(FIRST)) == ["wait.still.1", *said]


def test_what_was_told_is_no_news_any_more() -> None:
    rings = News(place=1, rings="agent", offered_in=10)
    assert "wait.rings" not in prompts(rings, after(FIRST, rings))
    assert "wait.rings" in prompts(rings, after(FIRST, rings, FIRST))


def test_when_something_else_is_offered_is_told_at_first_and_when_half_of_it_is_over() -> None:
    told = after(FIRST, FIRST)
    assert prompts(FIRST, told)[-1] == "wait.offered_in"
    told = after(FIRST, FIRST, FIRST)
    assert "wait.offered_in" not in prompts(News(place=1, offered_in=6), told)
    assert prompts(News(place=1, offered_in=5), told)[-1] == "wait.offered_in"


@pytest.mark.parametrize("language", languages())
def test_ten_minutes_do_not_sound_like_a_machine(language: str) -> None:
    wait, told, documents = wait_of(language), Told(), []
    for turn in range(40):
        lines, told = tell(wait, FIRST, told, everything=turn % 4 == 0)
        documents.append(" ".join(line.spoken() for line in lines))
    assert len(set(documents)) >= 10
    assert all(one != following for one, following in pairwise(documents))
    assert max(documents.count(one) for one in documents) <= 6


def test_a_key_that_means_nothing_is_answered() -> None:
    assert [one.prompt for one in words_for_key(WAIT, FIRST)] == ["wait.in_line", "wait.keys", "wait.position"]


@pytest.mark.parametrize("language", languages())
def test_somebody_ill_who_is_held_hears_when_to_dial_911(language: str) -> None:
    for turns in range(4):
        told = " ".join(line.spoken() for line in words_of_hold(language, "", symptom=True, turns=turns))
        assert "911" in told


def test_whoever_is_alone_hears_who_is_coming() -> None:
    assert [one.prompt for one in words_of_hold("en-US", "patient", symptom=False, turns=0)] == ["hold.patient"]
    held = [words_of_hold("en-US", "", symptom=False, turns=turns)[0].prompt for turns in range(3)]
    assert len(set(held)) == 3
