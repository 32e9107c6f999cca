"""A name that must be defined elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator
from typing import TypeVar

from ivr.directory.draft import Draft
from ivr.directory.problems import Problem, nearest
from ivr.directory.yaml_reader import Place

Key = TypeVar("Key", bound=Hashable)


def unknown(draft: Draft, file: str, place: Place, kind: str, name: str, known: Collection[str]) -> Iterator[Problem]:
    """A problem when ``name`` is not among ``known``."""
    if name not in known:
        yield draft.problem(file, place, f"there is no {kind} {name!r}", nearest(name, known))


def repeated(items: Iterable[tuple[Place, Key]]) -> Iterator[tuple[Place, Key]]:
    """The places whose value stood at an earlier place already."""
    seen: set[Key] = set()
    for place, value in items:
        if value in seen:
            yield place, value
        seen.add(value)
