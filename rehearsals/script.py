"""A rehearsal as it was written: who calls, when, and what then happens step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rehearsals.stage import Stage


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does, or something that must happen. ``text`` is the step as it was written."""

    line: int
    text: str
    act: Callable[[Stage, Step], None]
    who: str = ""
    value: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """One rehearsal. ``phones`` are parties of its own, by name: their number and the one they dial."""

    path: Path
    title: str
    at: datetime
    dial: str
    caller: str
    steps: tuple[Step, ...]
    outcome: str
    withheld: bool = False
    config: Path | None = None
    patients: Path | None = None
    alerts: tuple[str, ...] = ()
    warnings: frozenset[int] = frozenset()
    errors: tuple[str, ...] = ()
    allow_unsigned: bool = False
    others: Mapping[str, str] = field(default_factory=dict)
