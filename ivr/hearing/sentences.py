"""The sentences from which the ear learns: YAML files in ``<language>/<kind>-<hand>.yaml``, read and checked.

A hand is one person who wrote. config/hearing/README.md says how sentences are written and reviewed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ivr.core.errors import Refusal
from ivr.hearing.kinds import KINDS, label_of
from ivr.hearing.windows import plain_words

LANGUAGES = ("en-US", "es-US")
MEND = "config/hearing/README.md shows the form"


class UnreadableSentences(Refusal):
    """A file of sentences cannot be used; the text names the file and the mend."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that a caller may say. ``label`` is what it teaches, ``key`` what it stands under in its file."""

    text: str
    label: str
    kind: str
    key: str
    language: str
    hand: str


def read_sentences(folders: Iterable[Path]) -> list[Sentence]:
    """Every sentence in ``folders``, in an order of its own that no file system decides, each once.

    Raises UnreadableSentences for a file that is not as it should be, and where the same words teach two things.
    """
    found: dict[tuple[str, ...], Sentence] = {}
    for folder in folders:
        for path in sentence_files(folder):
            for sentence in read_file(path):
                first = found.setdefault(tuple(plain_words(sentence.text)), sentence)
                _refuse_two_meanings(path, sentence, first)
    return list(found.values())


def sentence_files(folder: Path) -> list[Path]:
    """The files of a folder, or the file that was given instead of one."""
    if folder.is_file():
        return [folder]
    found = sorted(folder.rglob("*.yaml"), key=lambda path: path.relative_to(folder).as_posix())
    if not found:
        raise UnreadableSentences(f"{folder} holds no sentences; name a folder with YAML files in it ({MEND})")
    return found


def fingerprint_of(folders: Iterable[Path]) -> str:
    """A hash of the sentences and of where they stand; weights belong to it. No file is parsed."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sentence_files(folder):
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def read_file(path: Path) -> list[Sentence]:
    """The sentences of one file; raises UnreadableSentences."""
    try:
        tree = YAML(typ="safe").load(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise UnreadableSentences(f"{path} cannot be read: {_first_line(error)}; mend it ({MEND})") from error
    return list(_checked(path, tree))


def _checked(path: Path, tree: Any) -> Iterator[Sentence]:
    head = _mapping(path, tree)
    language, hand, kind = (str(head.get(name, "")) for name in ("language", "hand", "kind"))
    _require(path, "language", language, LANGUAGES)
    _require(path, "kind", kind, KINDS)
    for key, sentences in _mapping(path, head.get("sentences")).items():
        label = label_of(kind, str(key))
        if label is None:
            raise UnreadableSentences(f"{path}: {key} is nothing that a file of kind {kind} can hold; {MEND}")
        for text in _texts(path, key, sentences):
            yield Sentence(text, label, kind, str(key), language, hand)


def _mapping(path: Path, tree: Any) -> dict[str, Any]:
    if not isinstance(tree, dict) or not tree:
        raise UnreadableSentences(f"{path}: is not as a file of sentences should be; {MEND}")
    return tree


def _require(path: Path, name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise UnreadableSentences(f"{path}: {name} is {value or 'missing'}; give one of {', '.join(allowed)}")


def _texts(path: Path, key: str, sentences: Any) -> list[str]:
    if not isinstance(sentences, list) or not all(isinstance(text, str) and plain_words(text) for text in sentences):
        raise UnreadableSentences(f"{path}: what stands under {key} is no list of sentences in quotes; {MEND}")
    return sentences


def _refuse_two_meanings(path: Path, sentence: Sentence, first: Sentence) -> None:
    if first.label != sentence.label:
        raise UnreadableSentences(
            f"{path}: {sentence.text!r} stands under {sentence.key}, and in {first.kind}-{first.hand}"
            f" under {first.key};"
            " leave it where a nurse would put it"
        )


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
