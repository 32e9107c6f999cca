"""How a name sounds, in few keys by which it can be looked up."""

from __future__ import annotations

import jellyfish

from callflows.identity.words import words_of


def sound_keys(name: str) -> tuple[str, ...]:
    """One key for each word of a name, sorted: a record and what was said of it share at least one."""
    return tuple(sorted({jellyfish.metaphone(word) for word in words_of(name) if word.isalpha()} - {""}))
