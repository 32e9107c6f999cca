"""Characters that nobody hears or sees: a name that holds one is not the name that somebody meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr.directory.draft import Draft
from ivr.directory.problems import Problem
from ivr.directory.yaml_reader import Place, Tree

STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Controls, what turns the order of letters about, and what no document can hold."""


def problems(draft: Draft) -> Iterator[Problem]:
    """Every text of every file with such a character."""
    for file, document in draft.documents.items():
        for place, text in _texts(document.tree):
            if strange := STRANGE.search(text):
                what = f"a character here is no writing (U+{ord(strange[0]):04X})"
                yield draft.problem(file, place, what, "type the text anew, without it")


def _texts(tree: Tree, place: Place = ()) -> Iterator[tuple[Place, str]]:
    if isinstance(tree, str):
        yield place, tree
    for key, below in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from _texts(below, (*place, key))
