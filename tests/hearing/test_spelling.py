"""The second view: words are heard by how they are written, known or not."""

from __future__ import annotations

import unicodedata
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing.classifier import MEANING, SPELLING, SPELLING_COUNTS
from ivr.hearing.ear import Ear
from ivr.hearing.spelling import PLACES, pieces, spelled_counts
from ivr.hearing.vocabulary import learn_words

word = st.text(alphabet="abcdehoáéíñ'0123456789", min_size=1, max_size=14)


@given(word)
def test_a_word_is_pieces_of_length_one_with_and_without_accents(written: str) -> None:
    places, values = pieces(written)
    assert sqrt(sum(value * value for value in values)) == pytest.approx(1)
    assert all(0 <= place < PLACES for place in places)
    letters = unicodedata.normalize("NFKD", written)
    assert pieces("".join(one for one in letters if not unicodedata.combining(one))) == (places, values)


def test_forms_of_a_word_share_most_of_it_and_other_words_little() -> None:
    def alike(one: str, other: str) -> float:
        left, right = (dict(zip(*pieces(each), strict=True)) for each in (one, other))
        return sum(value * right.get(place, 0) for place, value in left.items())

    assert alike("ahogando", "ahogándose") > 0.6
    assert alike("prescription", "prescriptions") > 0.6
    assert alike("ahogando", "refrigerator") < 0.2


def test_a_word_that_is_not_known_counts_as_a_rare_one() -> None:
    vocabulary = learn_words(["my chest hurts", "my chest", "my chest", "my arm"])
    counts = dict(spelled_counts(vocabulary, "my elbow"))
    assert counts["elbow"] > counts["my"]
    assert sum(value * value for value in counts.values()) == pytest.approx(1)
    assert vocabulary.worth_of("elbow") == vocabulary.strange > vocabulary.worth_of("my")


@pytest.mark.parametrize("said", ["se esta aogandose con un huesso", "hes chokking and cantt breath"])
def test_a_misspelled_emergency_is_heard_by_its_spelling(ear: Ear, said: str) -> None:
    assert ear.views(said)[SPELLING].emergent > 0.5
    assert ear.views("...") == {}


def test_the_whole_is_heard_between_the_views_and_a_stretch_by_its_meaning(ear: Ear) -> None:
    said = ("quiero una cita y la receta", "quiero una cita", "y la receta")
    vectors = ear.encoder.encode(said)
    found = np.log(ear.classifier.probabilities([said, ()], vectors))
    office = [ear.classifier.labels.index(name) for name in ("scheduling", "prescriptions")]
    for row, share in enumerate((SPELLING_COUNTS, 0.0, 0.0)):
        views = ear.classifier.views(said[row], vectors[[row]])
        meaning, spelling = (np.subtract(*np.log(views[name])[0, office]) for name in (MEANING, SPELLING))
        assert np.subtract(*found[row, office]) == pytest.approx((1 - share) * meaning + share * spelling)
