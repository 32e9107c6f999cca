"""What stands in a record: an instant or words, or why neither is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Cell = datetime | str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why something is not known, in words."""

    why: str


def instant_or(at: datetime | None, otherwise: str) -> Cell:
    """An instant, or words where there is none."""
    return otherwise if at is None else at


def say_code(code: str) -> str:
    """A code as words."""
    return code.replace("-", " ").replace("_", " ")
