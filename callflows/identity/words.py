"""Words as they are compared: without case, accents and marks."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 600
"""Characters of one alternative at most: a longer one is no answer to what was asked, and nothing is read in it."""
MOST = 10
"""Alternatives of one answer that are read: those further down say little, and each is one more chance to agree."""

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´"))


def fold(text: str) -> str:
    """Lower case without accents; apostrophes go, so that O'Neil stays one word."""
    if len(text) > LONGEST:
        return ""
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return text.translate(_APOSTROPHES).casefold()


def words_of(text: str) -> list[str]:
    """The words of a text, folded, letters apart from digits: Núñez-O'Neil 2b is nunez oneil 2 b."""
    return re.findall(r"[a-z]+|[0-9]+", fold(text))


def letters_and_digits(text: str) -> str:
    """What is left of a text without spaces and marks."""
    return "".join(words_of(text))
