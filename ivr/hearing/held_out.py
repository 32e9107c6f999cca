"""Sentences that are held out for testing: a YAML file for each language, with the frames that put other talk around.

tests/hearing/sentences/README.md describes them. Nothing that learns reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ivr.hearing.kinds import CLINICAL, EVERYDAY, label_of
from ivr.hearing.sentences import LANGUAGES, Sentence, UnreadableSentences, sentence_files

PARTS: Mapping[str, str] = {
    "emergent": "emergent",
    "urgent": CLINICAL,
    "office": "office",
    "errand": "errand",
    "everyday": EVERYDAY,
}
"""The parts of a file, each with the kind of its sentences."""
HAND = "held out"
FORM = "tests/hearing/sentences/README.md shows the form"
WORDS = "{words}"
Frames = Mapping[str, Mapping[str, Sequence[str]]]
"""By language and name, the talk that is put around ``{words}``."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the ear is tested with."""

    sentences: tuple[Sentence, ...]
    frames: Frames


def read_held_out(place: Path) -> HeldOut:
    """The sentences of a file, or of the files of a folder but not of folders in it; raises UnreadableSentences."""
    found = [path for path in sentence_files(place) if place in (path, path.parent)]
    if not found:
        raise UnreadableSentences(f"{place} holds no sentences itself; name a folder in it")
    trees = [(path, _tree(path)) for path in found]
    sentences = tuple(one for path, tree in trees for one in _sentences(path, tree))
    frames = {str(tree["language"]): tree.get("wrappers") or {} for _, tree in trees}
    if wrong := next(
        (frame for named in frames.values() for row in named.values() for frame in row if WORDS not in frame), ""
    ):
        raise UnreadableSentences(f"{place}: the frame {wrong!r} has no {WORDS}; put it where the sentence belongs")
    return HeldOut(sentences, frames)


def _tree(path: Path) -> dict[str, Any]:
    try:
        tree = YAML(typ="safe").load(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise UnreadableSentences(f"{path} cannot be read: {' '.join(str(error).split())[:200]}; {FORM}") from error
    if not isinstance(tree, dict) or not set(tree) & set(PARTS):
        raise UnreadableSentences(f"{path} is no file of held-out sentences: it has none of {', '.join(PARTS)}; {FORM}")
    if tree.get("language") not in LANGUAGES:
        raise UnreadableSentences(f"{path}: has no language; give language: {' or '.join(LANGUAGES)}")
    return tree


def _sentences(path: Path, tree: dict[str, Any]) -> Iterator[Sentence]:
    for part, kind in PARTS.items():
        for key, texts in (tree.get(part) or {}).items():
            label = label_of(kind, str(key))
            if label is None or not isinstance(texts, list):
                raise UnreadableSentences(f"{path}: {part} cannot hold {key}; name a group or a service, with a list")
            for text in texts:
                yield Sentence(str(text), label, kind, str(key), tree["language"], HAND)
