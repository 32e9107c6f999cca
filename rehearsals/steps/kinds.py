"""The kinds of steps, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rehearsals import reading
from rehearsals.reading import Reader
from rehearsals.script import Step
from rehearsals.stage import Stage

Act = Callable[[Stage, Step], None]

NAME = r"[\w-]+"
BLANKS: Mapping[str, tuple[str, Reader]] = {
    "who": (NAME, reading.person),
    "reader": (NAME, reading.person),
    "language": (NAME, reading.language),
    "sort": (NAME, reading.recording_kind),
    "page": (r"/[\w/-]*|the newest \w+", reading.page),
}
"""What may stand in a phrase: ``{who}`` has a phone, ``{reader}`` a browser."""

EXPECTING, ACTING = "steps that expect something", "steps in which somebody acts"
"""What a step that holds other steps may hold."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of step: its phrase, with ``{who}`` where somebody's name stands, and how its values are read.

    ``holds`` says which other steps stand in it; ``acts`` that somebody does it in an instant.
    """

    phrase: str
    value: Reader | None
    optional: bool
    options: Mapping[str, Reader]
    act: Act
    holds: str = ""
    acts: bool = False

    def match(self, written: str) -> dict[str, str] | None:
        """Return what stands in the blanks, or None when ``written`` is another step."""
        found = _pattern(self.phrase).fullmatch(" ".join(written.split()))
        return None if found is None else found.groupdict()

    def fits(self, holds: str) -> bool:
        """Return whether it may stand in a step that holds such steps."""
        return self.acts if holds == ACTING else "within" in self.options

    def people(self, blanks: Mapping[str, str], value: Any) -> tuple[str, ...]:
        """Return everybody with a phone whom such a step names."""
        named = value if self.value is reading.people else (value,) if self.value is reading.person else ()
        return tuple(name for name in (blanks.get("who"), *(named or ())) if name)


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """A phrase with its blanks, each as what may stand in it."""
    pattern = re.escape(phrase)
    for name, (text, _) in BLANKS.items():
        pattern = pattern.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>{text})")
    return re.compile(pattern)


KINDS: list[Kind] = []


def perform(stage: Stage, asked: Step) -> None:
    """Do what a step says, or see that it happens. Raises Unmet."""
    kind = next(kind for kind in KINDS if kind.phrase == asked.phrase)
    kind.act(stage, asked)


def step(
    phrase: str,
    value: Reader | None = None,
    *,
    optional: bool = False,
    holds: str = "",
    acts: bool = False,
    **options: Reader,
) -> Callable[[Act], Act]:
    """Register a step. ``options`` are further keys it may have, such as ``within``."""
    read = {name.rstrip("_").replace("_", " "): reader for name, reader in options.items()}

    def register(act: Act) -> Act:
        KINDS.append(Kind(phrase, value, optional, read, act, holds, acts))
        return act

    return register
