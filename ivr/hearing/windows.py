"""What is scored of an answer: all of it, and short stretches of it.

A vector of many words says less of each of them: an emergency behind a greeting and an errand is heard in the stretch
in which it is said. Every word is in some stretch, however long the answer is.
"""

from __future__ import annotations

import re
import unicodedata

WIDTH, STEP = 8, 3
"""Words in a stretch, and from the beginning of one to that of the next."""
SHORT = 10
"""An answer of no more words than this is scored whole only."""
MOST = 300
"""Stretches of one answer: the first 900 words have them as dense as this, longer answers have them further apart."""
LONGEST_WORD = 60
"""What has more characters is several words to the ear: no recogniser writes such a word."""


def plain_words(text: str) -> list[str]:
    """The words of ``text`` in small letters; none where it holds neither a letter nor a digit."""
    written = unicodedata.normalize("NFC", text).replace("’", "'").lower()
    if not re.search(r"[^\W_]", written):
        return []
    return [part for word in written.split() for part in _parts(word)]


def windows(text: str) -> list[str]:
    """What is scored of ``text``, the whole first; empty where there is nothing to hear."""
    words = plain_words(text)
    if not words:
        return []
    whole = " ".join(words)
    if len(words) <= SHORT:
        return [whole]
    return list(dict.fromkeys([whole, *_stretches(words)]))


def _stretches(words: list[str]) -> list[str]:
    step = max(STEP, -(-len(words) // MOST))
    width = max(WIDTH, step + 1)
    starts = range(0, len(words) - width + step, step)
    return [" ".join(words[start : start + width]) for start in starts]


def _parts(word: str) -> list[str]:
    return [word[start : start + LONGEST_WORD] for start in range(0, len(word), LONGEST_WORD)]
