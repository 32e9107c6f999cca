"""The words of a name: without titles, in the order of saying, with what else is said around it taken away."""

from __future__ import annotations

from callflows.identity.framing import AROUND_A_NAME
from callflows.identity.words import words_of

MOST_WORDS = 12
"""Words of a name that are read, on file and with what is said around it."""

_TITLE_WORDS = "mr mrs ms miss dr doctor sir madam mister senor senora senorita jr sr junior senior"
TITLES = frozenset(_TITLE_WORDS.split())
_PARTICLE_WORDS = "de del la las los van von der den da dos di du le el al bin ibn y e"
PARTICLES = frozenset(_PARTICLE_WORDS.split())


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name on file: "Savage, Max" in the order of saying, no title, no particle unless alone."""
    family, comma, given = name.partition(",")
    words = [word for word in words_of(f"{given} {family}" if comma and given.strip() else name) if word.isalpha()]
    return _without_particles(_without(words[:MOST_WORDS], TITLES))


def said_words(heard: str) -> tuple[str, ...]:
    """The words of what was said that can belong to a name."""
    words = [word for word in words_of(heard) if word.isalpha()][:MOST_WORDS]
    return _without_particles(_without(_without(words, TITLES), AROUND_A_NAME))


def _without(words: list[str], left_out: frozenset[str]) -> list[str]:
    """The words less some, as long as any stays: somebody is called Miss."""
    return [word for word in words if word not in left_out] or words


def _without_particles(words: list[str]) -> tuple[str, ...]:
    """The words less what only joins them, which is never the first or the last: Al Smith and Anh Le keep theirs."""
    last = len(words) - 1
    return tuple(word for place, word in enumerate(words) if place in (0, last) or word not in PARTICLES)
