"""How names sound, in keys by which they can be looked up."""

from __future__ import annotations

import jellyfish

from callflows.identity.name_words import name_words
from callflows.identity.nicknames import formal_names

MOST_KEYS = 8


def sound_keys(name: str) -> tuple[str, ...]:
    """Few keys of a name, by which records can be found whose name may be meant; none of nothing.

    Every word gives the key of how it sounds, and of how the name sounds that it is short for, so that Bob finds
    Robert. Names are compared only once a record was found, so that a key in common means nothing by itself.
    """
    words = name_words(name)
    meant = [*words, *(formal for word in words for formal in formal_names(word))]
    keys = [jellyfish.metaphone(word)[:4] for word in meant if len(word) > 1]
    return tuple(dict.fromkeys(key for key in keys if key))[:MOST_KEYS]
