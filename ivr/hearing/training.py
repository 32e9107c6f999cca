"""Training of the ear: the same sentences give the same weights. Needs scipy, which listening does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.core.errors import Refusal
from ivr.hearing.classifier import Classifier, Floats
from ivr.hearing.encoder import Vectors
from ivr.hearing.kinds import EVERYDAY, LABELS
from ivr.hearing.vocabulary import Vocabulary, learn_words

STRENGTH = 10.0
"""How closely the sentences are followed: the higher, the larger the numbers of a label may grow for them."""
EVERYDAY_COUNTS = 6.0
"""Every label counts the same, however many sentences it has, but for everyday talk: alone against 19 groups of red
flags, it would be heard as one of them too often."""
TOLERANCE, MOST_ROUNDS = 1e-5, 1000


class CannotTrain(Refusal):
    """The ear cannot be trained here; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Example:
    """Words in small letters, what they teach, and how much they count. ``copied``: nobody wrote them so."""

    text: str
    label: str
    counts: float = 1.0
    copied: bool = False


def train(examples: Sequence[Example], vectors: Vectors) -> Classifier:
    """The classifier that tells labels apart by words and their vectors. Raises CannotTrain."""
    sparse, minimize = _tools()
    texts = [one.text for one in examples]
    vocabulary = learn_words(one.text for one in examples if not one.copied)
    taught = {one.label for one in examples}
    labels = tuple(label for label in LABELS if label in taught)
    cost = _Cost(
        vectors.astype(np.float64),
        _word_rows(sparse, vocabulary, texts),
        np.array([labels.index(one.label) for one in examples]),
        np.array(_weights(examples)),
    )
    shape = (len(labels), 1 + vectors.shape[1] + len(vocabulary.words))
    options = {"maxiter": MOST_ROUNDS, "gtol": TOLERANCE, "ftol": 0.0}
    found = minimize(cost, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=options).x.reshape(shape)
    bias, matrix, words = np.split(found, [1, 1 + vectors.shape[1]], axis=1)
    return Classifier(labels, bias[:, 0], matrix, vocabulary, words.T)


class _Cost:
    """What is made as small as can be: the surprise at each example by what it counts, and the size of the numbers.

    The vectors are full and the words are rare: each has its own kind of matrix, which makes it five times as fast as
    one matrix for both.
    """

    def __init__(self, vectors: Floats, words: Any, labels: NDArray[np.int64], counts: Floats) -> None:
        self.vectors, self.words, self.words_turned = vectors, words, words.T.tocsr()
        self.labels, self.counts = labels, counts
        self.rows = np.arange(len(labels))
        self.scale = counts.sum() * STRENGTH

    def __call__(self, flat: Floats) -> tuple[float, Floats]:
        """The cost of these numbers and its slope."""
        size = 1 + self.vectors.shape[1]
        table = flat.reshape(-1, size + self.words.shape[1])
        raw = self.vectors @ table[:, 1:size].T + self.words @ table[:, size:].T + table[:, 0]
        raw -= raw.max(axis=1, keepdims=True)
        grown = np.exp(raw)
        sums = grown.sum(axis=1)
        surprise = self.counts @ (np.log(sums) - raw[self.rows, self.labels])
        wrong = grown / sums[:, None]
        wrong[self.rows, self.labels] -= 1
        wrong *= self.counts[:, None]
        slope = np.concatenate(
            [wrong.sum(axis=0)[:, None], wrong.T @ self.vectors, (self.words_turned @ wrong).T], axis=1
        )
        slope *= STRENGTH
        slope[:, 1:] += table[:, 1:]
        cost = STRENGTH * surprise + (table[:, 1:] ** 2).sum() / 2
        return float(cost / self.scale), (slope / self.scale).ravel()


def _word_rows(sparse: Any, vocabulary: Vocabulary, texts: Sequence[str]) -> Any:
    cells = [(row, place, value) for row, text in enumerate(texts) for place, value in vocabulary.counts(text)]
    rows, places, values = zip(*cells, strict=True) if cells else ((), (), ())
    return sparse.csr_matrix((values, (rows, places)), shape=(len(texts), len(vocabulary.words)), dtype=np.float64)


def _weights(examples: Sequence[Example]) -> list[float]:
    """What each example counts: together those of each label count the same, everyday talk more."""
    counts: dict[str, float] = defaultdict(float)
    for one in examples:
        counts[one.label] += one.counts
    whole = sum(counts.values()) / len(counts)
    return [one.counts * whole / counts[one.label] * _more(one.label) for one in examples]


def _more(label: str) -> float:
    return EVERYDAY_COUNTS if label == EVERYDAY else 1.0


def _tools() -> tuple[Any, Any]:
    try:
        from scipy import sparse
        from scipy.optimize import minimize
    except ImportError:
        raise CannotTrain("training needs scipy; run: python -m pip install scipy") from None
    return sparse, minimize
