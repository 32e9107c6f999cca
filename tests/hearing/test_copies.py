"""Copies teach what their sentences teach, and nothing of a sentence that is left out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ivr.hearing import trials
from ivr.hearing.classifier import Classifier
from ivr.hearing.copies import Copy, copies_of
from ivr.hearing.ear import Ear
from ivr.hearing.encoder import Vectors
from ivr.hearing.sentences import Sentence
from ivr.hearing.styles import without_accents
from ivr.hearing.training import Example, train
from ivr.hearing.trials import lesson_of
from ivr.hearing.windows import WIDTH, plain_words


@pytest.fixture(scope="module")
def copies(sentences: list[Sentence]) -> list[Copy]:
    return copies_of(sentences)


def test_every_sentence_has_a_copy_that_teaches_the_same_the_same_in_every_run(
    sentences: list[Sentence], copies: list[Copy]
) -> None:
    assert copies == copies_of(sentences)
    worn = {min(copy.sources): copy for copy in reversed(copies) if copy.worn}
    assert sorted(worn) == list(range(len(sentences)))
    for place, copy in worn.items():
        assert (copy.label, copy.sources) == (sentences[place].label, {place})
        assert copy.text.split()
    lost = sum(len(plain_words(one.text)) for one in sentences) - sum(len(one.text.split()) for one in worn.values())
    assert 0.1 < lost / sum(len(plain_words(one.text)) for one in sentences) < 0.2


def test_every_second_copy_with_words_lost_has_lost_its_accents_too(
    sentences: list[Sentence], copies: list[Copy]
) -> None:
    """A recogniser writes "niño" or "nino": the ear learns both, beside the sentence as somebody wrote it."""
    worn = {min(copy.sources): copy.text for copy in copies if copy.worn}
    accented = [place for place, one in enumerate(sentences) if one.text.lower() != without_accents(one.text).lower()]
    kept = sum(worn[place] != without_accents(worn[place]) for place in accented)
    assert 0.4 < kept / len(accented) < 0.5


def test_letters_without_accents_are_the_same_letters() -> None:
    assert without_accents("¿Señor, él respiró? güero Ñ it's 9½") == "¿Senor, el respiro? guero N it's 9½"


def test_what_is_lost_from_a_sentence_depends_on_no_other(sentences: list[Sentence], copies: list[Copy]) -> None:
    alone = copies_of(sentences[40:41])[0]
    assert alone.text == [copy for copy in copies if copy.worn][40].text


def test_pieces_are_cut_from_harmless_talk_of_one_language_only(sentences: list[Sentence], copies: list[Copy]) -> None:
    pieces = [copy for copy in copies if not copy.worn]
    assert pieces
    for piece in pieces:
        sources = [sentences[place] for place in piece.sources]
        assert {one.kind for one in sources} <= {"office", "everyday"}
        assert len({one.language for one in sources}) == 1
        assert piece.label in {one.label for one in sources}
    seams = [piece for piece in pieces if len(piece.sources) > 1]
    assert len(seams) > 100
    assert {len(piece.text.split()) for piece in seams} == {WIDTH}


def test_nothing_is_learned_of_what_is_left_out(
    sentences: list[Sentence], ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[Example] = []

    def watched(examples: Sequence[Example], vectors: Vectors) -> Classifier:
        learned.extend(examples)
        assert len(examples) == len(vectors)
        return train(examples, vectors)

    monkeypatch.setattr(trials, "train", watched)
    lesson = lesson_of(ear.encoder, sentences[::40])
    lesson.learn(lambda one: one.hand != "g")
    left_out = {place for place, one in enumerate(lesson.sentences) if one.hand == "g"}
    known = {copy.text for copy in lesson.copies if not copy.sources & left_out}
    assert left_out
    assert {one.text for one in learned if one.copied} <= known
    assert len(learned) < len(lesson.sentences) + len(lesson.copies)
