"""Answers that are numbers or days and nothing else, in which no illness can be told."""

from __future__ import annotations

from callflows.identity.months import MONTHS
from callflows.identity.number_words import JOINING, MULTIPLIERS, ORDINALS, REPEATED, cardinals
from callflows.identity.words import words_of

_ENDINGS = frozenset(("st", "nd", "rd", "th", "of", "de", "del", "the", "el"))
"""What stands around the numbers of a day: 14th of March."""
_WORDS = frozenset((*MONTHS, *ORDINALS, *MULTIPLIERS, *REPEATED, *JOINING, *_ENDINGS))


def is_number(words: str) -> bool:
    """Whether an answer is a number or a day: figures, words for numbers, single letters, months, and no other word."""
    said = words_of(words)
    known = _WORDS | cardinals("en-US").keys() | cardinals("es-US").keys()
    return any(word.isdigit() or word in known for word in said) and all(
        word.isdigit() or len(word) == 1 or word in known for word in said
    )
