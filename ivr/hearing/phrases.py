"""How a phrase is found in what was said. A phrase of the protocol only ever raises a call."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

Phrases = tuple[tuple[str, ...], ...]

SPREAD = 4
"""How many other words may stand between two words of a phrase ("my chest really does feel tight")."""


def raises(words: str, phrases: tuple[str, ...]) -> bool:
    """Whether ``words`` hold one of ``phrases``, in order and close together, whatever the accents and case.

    Negation is deliberately not understood: "no chest pain" raises too, because a nurse can lower a level
    and a recogniser that dropped a word cannot be told from one that did not.
    """
    heard = words_of(words)
    return any(_begin(heard, start, phrases) for start in range(len(heard)))


def _begin(heard: tuple[str, ...], start: int, phrases: tuple[str, ...]) -> bool:
    whole, begun = _by_first_word(phrases)
    candidates = (*whole.get(heard[start], ()), *(one for one in begun if _same(heard[start], one[0])))
    return any(_follows(heard[start + 1 :], phrase[1:]) for phrase in candidates)


@cache
def _by_first_word(phrases: tuple[str, ...]) -> tuple[dict[str, Phrases], Phrases]:
    """The phrases by their first word, and those whose first word is only begun ("hurt*").

    A practice's phrases are the same on every call; what a caller says is never kept.
    """
    split = [tokens for tokens in map(words_of, phrases) if tokens]
    firsts = {tokens[0] for tokens in split if not tokens[0].endswith("*")}
    whole = {first: tuple(tokens for tokens in split if tokens[0] == first) for first in firsts}
    return whole, tuple(tokens for tokens in split if tokens[0].endswith("*"))


def _follows(heard: tuple[str, ...], rest: tuple[str, ...]) -> bool:
    if not rest:
        return True
    window = heard[: SPREAD + 1]
    found = [index for index, word in enumerate(window) if _same(word, rest[0])]
    return any(_follows(heard[index + 1 :], rest[1:]) for index in found)


def _same(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text or a phrase as they are compared: plain letters and digits, a star where more may follow."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    return tuple(re.findall(r"[a-z0-9]+\*?", "".join(c for c in plain if not unicodedata.combining(c))))
