"""Single words beside the vectors: a vector tells the topic, a word such as "refill" or "refrigerator" the matter.

Each word of a text counts by how often it stands there and how few sentences have it (tf-idf), to a length of one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

RARE = 3
"""A word that fewer sentences have is left out."""
WORD = re.compile(r"[\w']+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that are known, each with what it counts; any other would count ``strange``."""

    words: tuple[str, ...]
    worth: tuple[float, ...]
    strange: float
    places: dict[str, int]

    def worth_of(self, word: str) -> float:
        """What a word counts where it stands once, known or not."""
        place = self.places.get(word)
        return self.strange if place is None else self.worth[place]

    def counts(self, text: str) -> list[tuple[int, float]]:
        """The known words of a text by their places, with what each counts in it; none for a text of others."""
        found = Counter(self.places[word] for word in WORD.findall(text) if word in self.places)
        worth = [(place, times * self.worth[place]) for place, times in sorted(found.items())]
        length = sqrt(sum(value * value for _, value in worth))
        return [(place, value / length) for place, value in worth]


def known(words: Sequence[str], worth: Sequence[float], strange: float) -> Vocabulary:
    """The vocabulary of these words."""
    return Vocabulary(tuple(words), tuple(worth), strange, {word: place for place, word in enumerate(words)})


def learn_words(texts: Iterable[str]) -> Vocabulary:
    """The words that are not rare in ``texts``, in the order of the alphabet."""
    said = [set(WORD.findall(text)) for text in texts]
    having = Counter(word for words in said for word in words)
    words = sorted(word for word, count in having.items() if count >= RARE)
    return known(words, [_worth(len(said), having[word]) for word in words], _worth(len(said), RARE - 1))


def _worth(texts: int, having: int) -> float:
    return round(log((1 + texts) / (1 + having)) + 1, 6)
