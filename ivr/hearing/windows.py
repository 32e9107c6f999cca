"""What is scored of an answer: all of it, and short stretches of it.

A vector of many words says less of each of them: an emergency behind a greeting and an errand is heard in the stretch
in which it is said. Stretches are the clauses between joining words and marks, which may be short ("and he's choking"),
and in answers that are not short runs of a few words, whatever they are. Every word is in some run, however long the
answer is.
"""

from __future__ import annotations

import re
import unicodedata

WIDTH, STEP = 8, 3
"""Words in a run, and from the beginning of one to that of the next."""
SHORT = 10
"""An answer of no more words than this is scored whole and by its clauses only."""
MOST = 300
"""Runs of one answer, and clauses: the first 900 words have runs as dense as this, longer answers further apart."""
JOINING = {
    *("and", "but", "so", "because", "then", "also", "oh", "ah", "anyway", "well", "now"),
    *("y", "pero", "porque", "entonces", "también", "bueno", "pues", "ahorita"),
}
"""Words between which callers say one thing after another."""
MARKS = ".,;:!?"
LONGEST_CLAUSE = 12
"""Words. A clause that goes on is scored as far as this."""
FEWEST = 2
"""Words of a clause: one alone says too little."""
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
    runs = _runs(words) if len(words) > SHORT else []
    return list(dict.fromkeys([" ".join(words), *_clauses(words), *runs]))


def _clauses(words: list[str]) -> list[str]:
    """From each beginning of a clause to its end, and on over joining words as far as a clause may be long."""
    places = range(1, len(words) - 1)
    ends = [place for place in places if _is_joining(words[place]) or words[place - 1][-1] in MARKS]
    if not ends:
        return []
    starts = [0, *(place + 1 if _is_joining(words[place]) else place for place in ends)]
    found = [words[start:end] for start, end in zip(starts, [*ends, len(words)], strict=True)]
    found += [words[start : start + LONGEST_CLAUSE] for start in starts[1:]]
    kept = [" ".join(clause) for clause in found if FEWEST <= len(clause) <= LONGEST_CLAUSE]
    return kept[:: -(-len(kept) // MOST) or 1]


def _is_joining(word: str) -> bool:
    return word.strip(MARKS) in JOINING


def _runs(words: list[str]) -> list[str]:
    step = max(STEP, -(-len(words) // MOST))
    width = max(WIDTH, step + 1)
    starts = range(0, len(words) - width + step, step)
    return [" ".join(words[start : start + width]) for start in starts]


def _parts(word: str) -> list[str]:
    return [word[start : start + LONGEST_WORD] for start in range(0, len(word), LONGEST_WORD)]
