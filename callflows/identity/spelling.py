"""Letters and digits as people spell them: alone, by an alphabet of words, doubled, or run together."""

from __future__ import annotations

import re

from callflows.identity.number_words import REPEATED
from callflows.identity.numbers import groups
from callflows.identity.spelling_words import ACROPHONES, DIGITS_TOO, EXPLAINING, FILLERS, IN_PAIRS, LETTER_NAMES
from callflows.identity.words import fold, words_of

SHORT = 3
"""Letters that a recogniser runs together when it hears some spelled; a longer word stands for its first one."""
_X_RAY = re.compile(r"\bx[ -]?ray\b")
_PLUS = {ord("+"): " n ", ord("&"): " n "}


def read_spelled(heard: str, language: str) -> tuple[str, ...]:
    """The strings of letters and digits that one alternative can spell, likeliest first.

    The first takes "T for Tommy" and "tango" for their letter; the next takes "for" and "4" for the digit, because
    "uniform 4 November" is no explanation; then words as they are written, for those that were never spelled: "ger
    ald"; and at last nothing but numbers and what they are among: "M twelve".
    """
    plain = _X_RAY.sub("xray", fold(heard.translate(_PLUS)))
    words = words_of(plain)
    numbers = "".join(group.text for group in groups(plain, language))
    found = (
        _Speller(words, EXPLAINING).spell(),
        _Speller(words, EXPLAINING - DIGITS_TOO).spell(),
        "".join(word for word in words if word not in FILLERS),
        numbers,
    )
    return tuple(dict.fromkeys(each for each in found if each))


def is_spelled(heard: str) -> bool:
    """Whether an alternative looks like letters: at least three words, most of them letters or words for such."""
    words = [word for word in words_of(heard) if word not in FILLERS]
    letters = sum(len(word) <= 2 or word in ACROPHONES for word in words)
    return len(words) >= 3 and 2 * letters > len(words)


class _Speller:
    """Reads words from left to right; ``_place`` is the next one."""

    def __init__(self, words: list[str], explaining: frozenset[str]) -> None:
        self._words = words
        self._explaining = explaining
        self._place = 0

    def spell(self) -> str:
        spelled = ""
        while self._place < len(self._words):
            spelled += self._next()
        return spelled

    def _next(self) -> str:
        word, after = self._words[self._place], self._words[self._place + 1 : self._place + 4]
        if explained := _explained(after, self._explaining):
            letter, skipped = explained
            self._place += 1 + skipped
            return letter
        if after and (word, after[0]) in IN_PAIRS:
            self._place += 2
            return IN_PAIRS[word, after[0]]
        if after and word in REPEATED:
            self._place += 2
            return _meaning(after[0])[:1] * REPEATED[word] + _meaning(after[0])[1:]
        self._place += 1
        return _meaning(word)


def _explained(after: list[str], explaining: frozenset[str]) -> tuple[str, int] | None:
    """The letter that the words after one explain, and how many they are; None where they explain nothing.

    The explaining word is better heard than the letter before it, so that its first letter counts.
    """
    for between in (1, 2):
        if len(after) > between and after[0] in explaining and len(after[between]) >= SHORT:
            told = after[between]
            if told.isalpha() and told not in LETTER_NAMES and (between == 1 or after[1] == "in"):
                return told[0], between + 1
    return None


def _meaning(word: str) -> str:
    if word in LETTER_NAMES:
        return LETTER_NAMES[word]
    if word in ACROPHONES:
        return ACROPHONES[word]
    if word in FILLERS:
        return ""
    return word if word.isdigit() or len(word) <= SHORT else word[0]
