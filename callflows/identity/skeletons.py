"""A rough skeleton of how a word sounds, for comparing what was heard with what is written."""

from __future__ import annotations

import re

_RULES = (
    ("tch|sch|sh|ch|ti(?=on)|ci(?=a)", "X"),
    ("ph|v|ff", "F"),
    ("^wh|^w", "W"),
    ("^y", "Y"),
    ("^kn|^gn", "N"),
    ("^wr|rh", "R"),
    ("^ps", "S"),
    ("augh|ough|igh|eigh", "A"),
    ("gh", "K"),
    ("dg|j|g(?=[eiy])", "J"),
    ("x", "KS"),
    ("sc(?=[eiy])|c(?=[eiy])|z|s", "S"),
    ("ck|c|q|k|g", "K"),
    ("th|d|t", "T"),
    ("b|p", "P"),
    ("m|n", "N"),
    ("l", "L"),
    ("r(?=[aeiouy])", "R"),
    ("^[aeiou]", "A"),
)
_SOUNDS = re.compile("|".join(f"(?P<_{place}>{pattern})" for place, (pattern, _) in enumerate(_RULES)))
_RUNS = re.compile(r"(.)\1+")


def skeleton(word: str) -> str:
    """The consonants of a folded word as they sound, voiced and unvoiced alike, without an r that nobody hears.

    Max Savage and Mac's salvage differ in one letter.
    """
    sounds = "".join(_RULES[int(found.lastgroup[1:])][1] for found in _SOUNDS.finditer(word) if found.lastgroup)
    return _RUNS.sub(r"\1", sounds)
