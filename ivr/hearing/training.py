"""Training of the ear: the same sentences give the same weights. Needs scipy, which listening does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.core.errors import Refusal
from ivr.hearing.classifier import Classifier, Floats
from ivr.hearing.encoder import Vectors
from ivr.hearing.kinds import EVERYDAY, LABELS
from ivr.hearing.spelling import PLACES, Spelling, pieces, spelled_counts
from ivr.hearing.vocabulary import WORD, Vocabulary, learn_words

STRENGTH = 10.0
"""How closely the sentences are followed: the higher, the larger the numbers of a label may grow for them."""
EVERYDAY_COUNTS = 6.0
"""Every label counts the same, however many sentences it has, but for everyday talk: alone against 19 groups of red
flags, it would be heard as one of them too often."""
TOLERANCE, MOST_ROUNDS = 1e-5, 1000
TOLERANCE_OF_PIECES = 1e-4
"""Ten times more steps change what pieces say by less than is heard."""


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
    sparse, _ = _tools()
    texts = [one.text for one in examples]
    vocabulary = learn_words(one.text for one in examples if not one.copied)
    taught = {one.label for one in examples}
    labels = tuple(label for label in LABELS if label in taught)
    numbers = np.array([labels.index(one.label) for one in examples]), np.array(_weights(examples))
    meant = _Cost(vectors.astype(np.float64), _word_rows(sparse, vocabulary, texts), *numbers)
    spelled = _Cost(np.zeros((len(texts), 0)), _piece_rows(sparse, vocabulary, texts), *numbers)
    bias, matrix, of_words = _learned(meant, len(labels), TOLERANCE)
    spelled_bias, _, of_pieces = _learned(spelled, len(labels), TOLERANCE_OF_PIECES)
    return Classifier(labels, bias, matrix, vocabulary, of_words, Spelling(vocabulary, spelled_bias, of_pieces))


def _learned(cost: _Cost, labels: int, tolerance: float) -> tuple[Floats, Floats, Floats]:
    """The numbers at which the cost is smallest: the bias, a row of each label for vectors, a row for each word."""
    _, minimize = _tools()
    width = cost.vectors.shape[1]
    shape = (labels, 1 + width + cost.words.shape[1])
    options = {"maxiter": MOST_ROUNDS, "gtol": tolerance, "ftol": 0.0}
    found = minimize(cost, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=options).x.reshape(shape)
    bias, matrix, words = np.split(found, [1, 1 + width], axis=1)
    return bias[:, 0], matrix, words.T


class _Chain:
    """A product of matrices of few numbers each, which is never made: it would hold ten times as many."""

    def __init__(self, *factors: Any) -> None:
        self.factors = factors
        self.shape = factors[0].shape[0], factors[-1].shape[1]

    def __matmul__(self, right: Floats) -> Floats:
        return reduce(lambda found, factor: factor @ found, reversed(self.factors), right)

    def turned(self) -> _Chain:
        """The same with rows for columns."""
        return _Chain(*(factor.T.tocsr() for factor in reversed(self.factors)))


class _Cost:
    """What is made as small as can be: the surprise at each example by what it counts, and the size of the numbers.

    The vectors are full and the words are rare: each has its own kind of matrix, which makes it five times as fast as
    one matrix for both.
    """

    def __init__(self, vectors: Floats, words: _Chain, labels: NDArray[np.int64], counts: Floats) -> None:
        self.vectors, self.words, self.words_turned = vectors, words, words.turned()
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


def _word_rows(sparse: Any, vocabulary: Vocabulary, texts: Sequence[str]) -> _Chain:
    """What each known word counts in each text."""
    return _Chain(_rows(sparse, [vocabulary.counts(text) for text in texts], len(vocabulary.words)))


def _piece_rows(sparse: Any, vocabulary: Vocabulary, texts: Sequence[str]) -> _Chain:
    """What each word counts in each text, and each piece in each word."""
    places = {word: place for place, word in enumerate(sorted({word for text in texts for word in WORD.findall(text)}))}
    said = [[(places[word], value) for word, value in spelled_counts(vocabulary, text)] for text in texts]
    written = [list(zip(*pieces(word), strict=True)) for word in places]
    return _Chain(_rows(sparse, said, len(places)), _rows(sparse, written, PLACES))


def _rows(sparse: Any, counted: Sequence[Sequence[tuple[int, float]]], width: int) -> Any:
    cells = [(row, place, value) for row, counts in enumerate(counted) for place, value in counts]
    rows, places, values = zip(*cells, strict=True) if cells else ((), (), ())
    return sparse.csr_matrix((values, (rows, places)), shape=(len(counted), width), dtype=np.float64)


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
