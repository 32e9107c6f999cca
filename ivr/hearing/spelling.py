"""The second view of words, by how they are written: a word that was never learned is heard by pieces of it.

A word is itself and its runs of three to five letters, its beginning and end among them, without accents: "ahogo",
"ahogando" and "me aogo" share most. Pieces have their places in a table of fixed size by a checksum; those that meet
in one place share its numbers.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ivr.hearing.vocabulary import WORD, Vocabulary

PLACES = 8192
LENGTHS = (3, 4, 5)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spelling:
    """For each label a bias and, for each place of pieces, a number. ``vocabulary`` tells what each word counts."""

    vocabulary: Vocabulary
    bias: Floats
    matrix: Floats

    def raw(self, texts: Sequence[str]) -> Floats:
        """For each text the sum of what its words say for each label, each word by what it counts, to length one."""
        rows: dict[str, Floats] = {}
        found = np.tile(self.bias, (len(texts), 1))
        for row, text in enumerate(texts):
            for word, value in spelled_counts(self.vocabulary, text):
                if word not in rows:
                    places, shares = pieces(word)
                    rows[word] = np.array(shares) @ self.matrix[list(places)]
                found[row] += value * rows[word]
        return found


def spelled_counts(vocabulary: Vocabulary, text: str) -> list[tuple[str, float]]:
    """Every word of a text with what it counts in it, to a length of one; a word that is not known is a rare one."""
    said = Counter(WORD.findall(text))
    worth = [(word, times * vocabulary.worth_of(word)) for word, times in sorted(said.items())]
    length = sqrt(sum(value * value for _, value in worth))
    return [(word, value / length) for word, value in worth]


def pieces(word: str) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The places of a word's pieces, and what each counts, to a length of one."""
    found = Counter(crc32(piece.encode()) % PLACES for piece in _written(word))
    length = sqrt(sum(times * times for times in found.values()))
    places = tuple(sorted(found))
    return places, tuple(found[place] / length for place in places)


def _written(word: str) -> set[str]:
    letters = unicodedata.normalize("NFKD", word)
    whole = f"<{''.join(letter for letter in letters if not unicodedata.combining(letter))}>"
    return {whole, *(whole[at : at + size] for size in LENGTHS for at in range(len(whole) - size + 1))}
