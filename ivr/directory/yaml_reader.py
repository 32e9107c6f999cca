"""YAML without surprises: every scalar stays the text that was written, every node knows its line.

The tree is built from parser events, so nothing resolves ``no`` to false or ``012`` to ten, and an
alias can neither expand nor share. Anchors, aliases, merge keys and tags are refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ivr.directory.problems import Problem

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
Place: TypeAlias = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 12


@dataclass(slots=True)
class Document:
    """One file as text: its tree, the line of every place in it, and what could not be read."""

    file: str
    tree: Tree = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of ``place``, or of the nearest thing around it that was written."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(
        self, place: Place, what: str, mend: str, *, warning: bool = False, cause: str = "", about: str = ""
    ) -> Problem:
        """A problem at ``place`` of this file; see :class:`Problem` for what it may share a cause with."""
        return Problem(self.file, self.line(place), what, mend, warning, cause, about)


def _as_written(text: str) -> str:
    return text


def read_document(path: Path, name: str, spelled: Callable[[str], str] = _as_written) -> Document:
    """Read one file; ``name`` is what problems call it. Never raises for bad content: see ``problems``.

    ``spelled`` puts the text as YAML wants it, line by line.
    """
    document = Document(name)
    try:
        content = path.read_bytes()
    except OSError as error:
        document.problems.append(
            Problem(name, 1, f"the file cannot be read ({error.strerror})", "mend its permissions")
        )
        return document
    if len(content) > MAX_BYTES:
        document.problems.append(Problem(name, 1, "the file is larger than a megabyte", "split it"))
        return document
    return _parse(content, document, spelled)


def _parse(content: bytes, document: Document, spelled: Callable[[str], str]) -> Document:
    try:
        _Builder(document, YAML(typ="safe", pure=True).parse(spelled(content.decode("utf-8")))).build()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        document.problems.append(Problem(document.file, line, "a byte is not UTF-8", "save the file as UTF-8"))
    except _StopReading:
        pass
    except YAMLError as error:
        document.problems.append(_syntax(document.file, error))
    return document


def _syntax(file: str, error: YAMLError) -> Problem:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    reason = (error.problem if isinstance(error, MarkedYAMLError) else None) or "unreadable"
    line = mark.line + 1 if mark is not None else 1
    return Problem(file, line, f"this is not YAML ({reason})", "mend the indentation, quotes or brackets here")


class _StopReading(Exception):
    """The rest of the file cannot be read after what was noted."""


class _Builder:
    """Builds one document's tree from parser events."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self._document, self._events = document, events

    def build(self) -> None:
        self._skip("StreamStartEvent")
        if type(event := next(self._events)).__name__ == "StreamEndEvent":
            self._refuse(event, "the file is empty", "write its keys, or delete it", stop=True)
        self._document.lines[()] = 1
        self._document.tree = self._node(next(self._events), ())
        self._skip("DocumentEndEvent")
        if type(event := next(self._events)).__name__ == "DocumentStartEvent":
            self._refuse(event, "a second document begins here", "keep one document a file", stop=True)

    def _skip(self, expected: str) -> None:
        assert type(next(self._events)).__name__ == expected

    def _refuse(self, event: Any, what: str, mend: str, *, stop: bool = False) -> None:
        self._document.problems.append(Problem(self._document.file, event.start_mark.line + 1, what, mend))
        if stop:
            raise _StopReading

    def _node(self, event: Any, place: Place) -> Tree:
        kind = type(event).__name__
        if len(place) > MAX_DEPTH:
            self._refuse(event, "this is nested too deeply", "write it flatter", stop=True)
        if kind == "AliasEvent":
            self._refuse(event, f"'*{event.anchor}' is an alias", "write the value out, or quote it if it is text")
            return ""
        if event.anchor is not None:
            self._refuse(event, f"'&{event.anchor}' is an anchor", "remove it and write values out where needed")
        if event.tag is not None:
            self._refuse(event, "this has a tag ('!')", "remove the tag; every value is read as text")
        if kind == "MappingStartEvent":
            return self._mapping(place)
        return self._sequence(place) if kind == "SequenceStartEvent" else str(event.value)

    def _mapping(self, place: Place) -> Tree:
        mapping: dict[str, Tree] = {}
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            key = self._key(event, mapping)
            self._document.lines.setdefault((*place, key), event.start_mark.line + 1)
            value = self._node(next(self._events), (*place, key))
            mapping.setdefault(key, value)
        return mapping

    def _key(self, event: Any, mapping: Mapping[str, Tree]) -> str:
        if type(event).__name__ != "ScalarEvent":
            self._refuse(event, "a key must be plain text", "write the key as one word before the colon", stop=True)
        key = str(event.value)
        if key == "<<":
            self._refuse(event, "'<<' merges are not supported", "write the keys out")
        elif key in mapping:
            self._refuse(event, f"the key {key!r} is written twice", "keep one of the two")
        return key

    def _sequence(self, place: Place) -> Tree:
        items: list[Tree] = []
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            self._document.lines[(*place, len(items))] = event.start_mark.line + 1
            items.append(self._node(event, (*place, len(items))))
        return items
