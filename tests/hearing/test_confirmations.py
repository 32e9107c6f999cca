"""Only a plain yes confirms what was read back: another one would take one patient for another."""

from __future__ import annotations

import pytest

from callflows.vocabulary.hearing import NO, YES
from ivr.hearing.confirmations import CONFIRMING, DENYING, read_confirmation


@pytest.mark.parametrize(
    "words",
    [
        *(
            "yes",
            "Yes, that's right",
            "yeah you got it",
            "yes ma'am",
            "uh-huh",
            "yes it is",
            "that's correct, thank you",
        ),
        *("sí", "sí señorita", "así es", "sí, está bien", "es correcto", "claro que sí"),
    ],
)
def test_a_plain_yes_confirms(words: str) -> None:
    assert read_confirmation(words) == YES


@pytest.mark.parametrize(
    "words", ["no", "that's not right", "not correct", "wrong", "no, está mal", "no es", "it isn't"]
)
def test_a_plain_no_denies(words: str) -> None:
    assert read_confirmation(words) == NO


@pytest.mark.parametrize(
    "words",
    [
        *("I'm sure that's wrong", "sure isn't", "right day wrong year", "is that right", "it's right except the year"),
        *(
            "that ain't right",
            "yes no",
            "yes, March fifteenth",
            "no, the fifteenth",
            "maybe",
            "yes but my chest hurts",
            "",
        ),
        *("el año está mal", "sí, pero el año no", "es el quince", "sí es correcto, ayúdeme"),
    ],
)
def test_what_is_more_than_a_yes_or_a_no_is_asked_once_more(words: str) -> None:
    assert read_confirmation(words) != YES


def test_no_phrase_both_confirms_and_denies() -> None:
    assert not set(CONFIRMING) & set(DENYING)
