"""The weights belong to their sentences and their encoder, and the same sentences give the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.hearing.ear import matching_weights
from ivr.hearing.encoder import embedded_encoder
from ivr.hearing.places import RELEASED, Places
from ivr.hearing.sentences import Sentence
from ivr.hearing.trials import lesson_of
from ivr.hearing.weights_file import Weights, WeightsUnusable, read_weights, rounded, write_weights
from tests.conftest import thorough


def test_the_weights_of_the_release_belong_to_its_sentences_and_its_encoder() -> None:
    matching_weights(RELEASED)


def test_what_is_written_is_read_again_and_twice_the_same(tmp_path: Path) -> None:
    weights = read_weights(RELEASED.weights)
    write_weights(tmp_path / "again.json", weights)
    assert (tmp_path / "again.json").read_bytes() == RELEASED.weights.read_bytes()


def test_other_sentences_than_those_that_were_learned_are_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        'language: en-US\nhand: z\nkind: clinical\nsentences:\n  cold:\n    - "sniffles"\n', encoding="utf-8"
    )
    with pytest.raises(WeightsUnusable, match="run: sunline hearing train --yes"):
        matching_weights(Places((*RELEASED.sentences, own), RELEASED.weights))


def test_a_folder_of_sentences_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnusable, match="holds no sentences; name a folder"):
        matching_weights(Places((tmp_path / "gone",), RELEASED.weights))


def test_another_encoder_than_that_of_the_weights_is_refused(tmp_path: Path) -> None:
    weights = read_weights(RELEASED.weights)
    write_weights(tmp_path / "w.json", Weights(weights.classifier, weights.sentences, weights.encoder + "0"))
    with pytest.raises(WeightsUnusable, match="another encoder than the one installed, or its data are damaged"):
        matching_weights(Places(RELEASED.sentences, tmp_path / "w.json"))


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"labels": {}, "words": {}, "pieces": {}}', '{"labels": {"a": ["x"]}, "pieces": {}}']
)
def test_damaged_weights_say_so_and_never_serve(tmp_path: Path, damage: str) -> None:
    (tmp_path / "w.json").write_text(damage, encoding="utf-8")
    with pytest.raises(WeightsUnusable, match="is damaged: restore it, or run"):
        read_weights(tmp_path / "w.json")


def test_weights_of_a_release_that_did_not_hear_spelling_are_named_so(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text('{"labels": {}, "words": {}}', encoding="utf-8")
    with pytest.raises(WeightsUnusable, match="did not hear words by their spelling; run: sunline hearing train"):
        read_weights(tmp_path / "w.json")


def test_missing_weights_say_how_they_are_made(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnusable, match=r"there are no weights.*; run: sunline hearing train --yes"):
        read_weights(tmp_path / "w.json")


def test_the_same_sentences_give_the_same_weights(sentences: list[Sentence]) -> None:
    once = lesson_of(embedded_encoder(), sentences[::60])
    one, other = (rounded(once.learn()) for _ in range(2))
    assert one.labels == other.labels
    assert one.vocabulary == other.vocabulary
    for name in ("bias", "matrix", "word_matrix"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("bias", "matrix"):
        np.testing.assert_array_equal(getattr(one.spelling, name), getattr(other.spelling, name))


@pytest.mark.parametrize("every", [thorough(1)])
def test_the_weights_of_the_release_can_be_made_again(sentences: list[Sentence], every: int) -> None:
    stored, made = (
        read_weights(RELEASED.weights).classifier,
        rounded(lesson_of(embedded_encoder(), sentences[::every]).learn()),
    )
    assert (stored.labels, stored.vocabulary) == (made.labels, made.vocabulary)
    for name in ("bias", "matrix", "word_matrix"):
        np.testing.assert_allclose(getattr(made, name), getattr(stored, name), atol=2e-6, rtol=0)
    for name, least in (("bias", 2e-6), ("matrix", 1.1e-3)):
        np.testing.assert_allclose(getattr(made.spelling, name), getattr(stored.spelling, name), atol=least, rtol=0)
