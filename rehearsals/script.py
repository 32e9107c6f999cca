"""A rehearsal as it was written: who calls, when, and what then happens step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does, or something that must happen. ``text`` is the step as it was written.

    ``phrase`` names its kind, ``blanks`` is what stands in the phrase, ``steps`` are the steps that it holds. A step of
    a snippet has the snippet's ``file``, and says where that was included, outermost first.
    """

    file: str
    line: int
    text: str
    phrase: str
    blanks: Mapping[str, Any] = field(default_factory=dict)
    value: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    included_at: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """The person whose step it is, or "" where nobody is named."""
        return str(self.blanks.get("who", ""))

    @property
    def reader(self) -> str:
        """The person who looks at a page, or "" where nobody does."""
        return str(self.blanks.get("reader", ""))

    @property
    def place(self) -> str:
        """The file and line where it was written."""
        return f"{self.file}:{self.line}"

    def all(self) -> tuple[Step, ...]:
        """This step and every step in it."""
        return (self, *(inner for one in self.steps for inner in one.all()))


@dataclass(frozen=True, slots=True)
class Script:
    """One rehearsal. ``others`` are parties of its own, by name, with their numbers."""

    path: Path
    title: str
    at: datetime
    dial: str
    caller: str
    steps: tuple[Step, ...]
    outcome: tuple[str, ...]
    withheld: bool = False
    config: Path | None = None
    patients: Path | None = None
    representatives: Path | None = None
    alerts: tuple[str, ...] = ()
    warnings: frozenset[int] = frozenset()
    errors: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    allow_unsigned: bool = False
    fallback_elsewhere: bool = False
    others: Mapping[str, str] = field(default_factory=dict)

    def all_steps(self) -> tuple[Step, ...]:
        """Return every step, with those that stand in another."""
        return tuple(inner for one in self.steps for inner in one.all())
