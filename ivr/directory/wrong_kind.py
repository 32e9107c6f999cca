"""A file that is of another kind than the one that is read: one fault, in place of one for each key."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ivr.directory.problems import some

_TELLING: Mapping[str, str] = {
    "rehearsal": "a rehearsal",
    "operator": "operator.yaml",
    "rotas": "oncall.yaml",
    "locations": "a file of practices/",
    "answer_within": "a protocol, a file of protocols/",
    "load": "a plan for sunline simulate",
    "sentences": "a file of sentences that the ear learns from",
}
"""A key that only files of one kind have, and what such a file is."""


def find_other_kind(tree: object, needed: Collection[str], known: Collection[str]) -> str | None:
    """What a file holds that is of another kind: it has keys, none that is ``needed`` and one that is not ``known``.

    None where it may be of the right kind, however much is wrong with it.
    """
    if not isinstance(tree, dict) or set(tree) & set(needed) or set(tree) <= set(known):
        return None
    looks = next((f", and looks like {what}" for key, what in _TELLING.items() if key in tree), "")
    return f"it holds {some(map(str, tree))}{looks}"
