"""What stands between an installation and patients: each finding with its mend, never with a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection

from ivr.core.settings import Settings


class Severity(Enum):
    """How bad it is. No patient should call before a risk is mended."""

    RISK = "RISK"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be."""

    severity: Severity
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.severity.value}: {self.what}; {self.mend}"


def risk(what: str, mend: str) -> Finding:
    """What no patient should call before."""
    return Finding(Severity.RISK, what, mend)


def advice(what: str, mend: str) -> Finding:
    """What would be better otherwise."""
    return Finding(Severity.ADVICE, what, mend)


@dataclass(frozen=True, slots=True)
class Examined:
    """An installation as a check sees it. ``organisation`` is the one in force, or None before any was loaded."""

    settings: Settings
    connection: Connection
    organisation: Any
    at: datetime


Check = Callable[[Examined], Iterator[Finding]]
"""Looks at what is stored. It is given only a database that is up to date."""
