"""Steps that are written once and included in many rehearsals, with values of their own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ivr.directory.problems import Problem, nearest
from ivr.directory.yaml_reader import Document, Place, read_document
from rehearsals.script import Step
from rehearsals.spelling import as_yaml
from rehearsals.written import Source, read_step

INCLUDE = "include"
KEYS = ("snippet", "values", "steps")


class Reading:
    """The steps of a rehearsal with all that it includes, and everything wrong with any of the files."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def steps(self, source: Source, path: Path, within: tuple[Path, ...] = ()) -> tuple[Step, ...]:
        """Return the steps of one file. ``within`` are the files that include it, outermost first."""
        tree = source.document.tree if isinstance(source.document.tree, dict) else {}
        written = tree.get("steps", [])
        if not isinstance(written, list):
            source.problem(("steps",), "the steps are no list", "begin each with '- '")
            written = []
        found = [self._one(source, ("steps", index), item, (*within, path)) for index, item in enumerate(written)]
        self.problems += source.document.problems
        return tuple(step for several in found for step in several)

    def _one(self, source: Source, place: Place, written: Any, within: tuple[Path, ...]) -> tuple[Step, ...]:
        items = source.filled(place, written)
        if isinstance(items, dict) and INCLUDE in items:
            return self._included(source, place, items, within)
        step = read_step(source, place, items)
        return () if step is None else (step,)

    def _included(
        self, source: Source, place: Place, items: Mapping[str, Any], within: tuple[Path, ...]
    ) -> tuple[Step, ...]:
        path = (within[-1].parent / str(items[INCLUDE])).resolve()
        known = [one.resolve() for one in within]
        if path in known:
            round_about = " -> ".join(one.name for one in (*within[known.index(path) :], path))
            source.problem(place, f"a snippet includes itself: {round_about}", "take one of the includes out")
            return ()
        if not path.is_file():
            source.problem(place, f"there is no snippet {items[INCLUDE]!r}", _nearest_file(path, within[-1]))
            return ()
        shown_as = os.path.normpath(Path(source.document.file).parent / str(items[INCLUDE]))
        document = read_document(path, shown_as, as_yaml)
        values = _values(source, place, document, {key: item for key, item in items.items() if key != INCLUDE})
        if values is None:
            return ()
        where = (*source.included_at, f"{source.document.file}:{source.document.line(place)}")
        return self.steps(Source(document, values, where), path, within)


def own_values(document: Document) -> dict[str, str]:
    """Return what a file says its names stand for. Whoever includes it must give those that are empty."""
    tree = document.tree if isinstance(document.tree, dict) else {}
    written = tree.get("values", {})
    if isinstance(written, dict):
        return {name: text for name, text in written.items() if isinstance(text, str)}
    document.problems.append(document.problem(("values",), "the values are no list of names", "write {name: text}"))
    return {}


def _values(source: Source, place: Place, document: Document, given: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the values of a snippet where it is included, or None where one is missing."""
    own = own_values(document)
    _check_keys(document)
    for name, text in given.items():
        if name not in own or not isinstance(text, str):
            source.problem((*place, name), f"{document.file} has no value {name!r}", nearest(name, own))
    found = own | {name: text for name, text in given.items() if isinstance(text, str)}
    missing = [name for name, text in found.items() if not text]
    for name in missing:
        source.problem(place, f"{document.file} needs the value {name!r}", f"write {name}: ... below the include")
    return None if missing else found


def _check_keys(document: Document) -> None:
    tree = document.tree if isinstance(document.tree, dict) else {}
    for name in tree:
        if name not in KEYS:
            document.problems.append(document.problem((name,), f"unknown key {name!r}", nearest(name, KEYS)))
    if not document.problems and ("snippet" not in tree or "steps" not in tree):
        document.problems.append(document.problem((), "this is no snippet", "write snippet: ... and steps: ..."))


def _nearest_file(path: Path, by: Path) -> str:
    there = by.parent.rglob("*.yaml")
    return nearest(path.name, (str(one.relative_to(by.parent)) for one in there if "snippets" in one.parts))
