"""Training of the ear: the same sentences give the same weights. Needs scikit-learn, which listening does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from ivr.core.errors import Refusal
from ivr.hearing.classifier import Classifier
from ivr.hearing.encoder import Vectors
from ivr.hearing.kinds import EVERYDAY, LABELS
from ivr.hearing.vocabulary import Vocabulary, learn_words

STRENGTH = 10.0
"""How closely the sentences are followed (scikit-learn: C)."""
EVERYDAY_COUNTS = 4.0
"""Every label counts the same, however many sentences it has, but for everyday talk: alone against 19 groups of red
flags, it would be heard as one of them too often."""
TOLERANCE, MOST_ROUNDS = 1e-6, 1000


class CannotTrain(Refusal):
    """The ear cannot be trained here; the text says why and what to do."""


def train(texts: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> Classifier:
    """The classifier that tells ``labels`` apart by words in small letters and their vectors. Raises CannotTrain."""
    sparse, regression = _learners(_weights(labels))
    vocabulary = learn_words(texts)
    features = sparse.hstack([sparse.csr_matrix(vectors, dtype=np.float64), _word_rows(sparse, vocabulary, texts)])
    fitted = regression.fit(features.tocsr(), np.array(labels))
    order = [list(fitted.classes_).index(label) for label in LABELS if label in fitted.classes_]
    size = vectors.shape[1]
    return Classifier(
        tuple(str(fitted.classes_[place]) for place in order),
        fitted.intercept_[order],
        fitted.coef_[order, :size],
        vocabulary,
        fitted.coef_[order, size:].T,
    )


def _word_rows(sparse: Any, vocabulary: Vocabulary, texts: Sequence[str]) -> Any:
    cells = [(row, place, value) for row, text in enumerate(texts) for place, value in vocabulary.counts(text)]
    rows, places, values = zip(*cells, strict=True) if cells else ((), (), ())
    return sparse.csr_matrix((values, (rows, places)), shape=(len(texts), len(vocabulary.words)), dtype=np.float64)


def _weights(labels: Sequence[str]) -> dict[str, float]:
    """What a sentence of each label counts."""
    counts = Counter(labels)
    balanced = {label: len(labels) / (len(counts) * count) for label, count in counts.items()}
    return {label: weight * (EVERYDAY_COUNTS if label == EVERYDAY else 1) for label, weight in balanced.items()}


def _learners(weights: dict[str, float]) -> tuple[Any, Any]:
    try:
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise CannotTrain("training needs scikit-learn; run: python -m pip install scikit-learn") from None
    return sparse, LogisticRegression(C=STRENGTH, class_weight=weights, tol=TOLERANCE, max_iter=MOST_ROUNDS)
