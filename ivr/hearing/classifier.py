"""From vectors and words to how likely each thing is that the ear can tell apart: two views of the words, one softmax.

One view is of what words mean (their vector, and the words themselves), the other of how they are spelled. Each has
learned alone; what they say of a whole answer is averaged. Its stretches have one view only: of long harmless talk some
piece is spelled like an emergency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ivr.hearing.encoder import Vectors
from ivr.hearing.kinds import CLINICAL, EVERYDAY, GROUPS, SERVICES
from ivr.hearing.spelling import Spelling
from ivr.hearing.vocabulary import Vocabulary

MEANING, SPELLING = "meaning", "spelling"
SPELLING_COUNTS = 0.3
"""What the spelling counts of the two views. docs/decisions/the-ear.md says how this and the next were chosen."""
LEANS = 0.15
"""What is added for all illness: where views differ, less is left of what either says, and doubt is for the nurse."""
DIGITS = 4
"""Scores are rounded: between kinds of processors they differ in the seventh digit, and no decision may."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Classifier:
    """For each of ``labels`` a bias, a row of ``matrix`` for the vector, a column of ``word_matrix`` for the words.

    ``spelling`` is the second view, of the same labels.
    """

    labels: tuple[str, ...]
    bias: Floats
    matrix: Floats
    vocabulary: Vocabulary
    word_matrix: Floats
    spelling: Spelling

    def probabilities(self, said: Sequence[Sequence[str]], vectors: Vectors) -> Floats:
        """How likely each label is, for what is scored of each answer, the whole first; a row adds up to one.

        ``vectors`` has a row for each text, in order.
        """
        raw = self._meant([text for texts in said for text in texts], vectors)
        rows = [end - len(texts) for end, texts in zip(accumulate(map(len, said)), said, strict=True) if texts]
        spelled = self.spelling.raw([texts[0] for texts in said if texts])
        raw[rows] = (1 - SPELLING_COUNTS) * raw[rows] + SPELLING_COUNTS * spelled + self._leaning()
        return _likely(raw)

    def views(self, text: str, vectors: Vectors) -> dict[str, Floats]:
        """What each view alone would say of a whole answer, in one row."""
        return {MEANING: _likely(self._meant([text], vectors)), SPELLING: _likely(self.spelling.raw([text]))}

    def _meant(self, texts: Sequence[str], vectors: Vectors) -> Floats:
        raw: Floats = vectors.astype(np.float64) @ self.matrix.T + self.bias
        for row, text in enumerate(texts):
            for place, value in self.vocabulary.counts(text):
                raw[row] += value * self.word_matrix[place]
        return raw

    def _leaning(self) -> Floats:
        return np.array([LEANS if label in GROUPS or label == CLINICAL else 0.0 for label in self.labels])


def _likely(raw: Floats) -> Floats:
    grown = np.exp(raw - raw.max(axis=1, keepdims=True))
    found: Floats = grown / grown.sum(axis=1, keepdims=True)
    return found


@dataclass(frozen=True, slots=True)
class Scores:
    """How likely a text is of each kind, to four digits. ``emergent`` is the sum of ``groups``.

    ``office`` is any wish to the office; ``services`` are how likely each is, if it is one.
    """

    emergent: float
    clinical: float
    office: float
    everyday: float
    services: dict[str, float]
    groups: dict[str, float]

    @property
    def ill(self) -> float:
        """The likelihood of illness or worse."""
        return _rounded(self.emergent + self.clinical)


def scores_of(classifier: Classifier, row: Floats) -> Scores:
    """The probabilities of one text, summed by kind."""
    found = {label: float(value) for label, value in zip(classifier.labels, row, strict=True)}
    office = sum(found.get(name, 0.0) for name in SERVICES)
    return Scores(
        emergent=_rounded(sum(found.get(name, 0.0) for name in GROUPS)),
        clinical=_rounded(found.get(CLINICAL, 0.0)),
        office=_rounded(office),
        everyday=_rounded(found.get(EVERYDAY, 0.0)),
        services={name: _rounded(found.get(name, 0.0) / (office or 1.0)) for name in SERVICES},
        groups={name: _rounded(found[name]) for name in GROUPS if name in found},
    )


def _rounded(value: float) -> float:
    return round(min(1.0, value), DIGITS)
