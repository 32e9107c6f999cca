"""The program that proofs depend on, as this process has loaded it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import callflows
import routing
from callflows.proof.dependencies import Program
from ivr.core.clock import SystemClock

SETTLED = timedelta(seconds=30)
"""A process has loaded its modules within this; a file that was changed so shortly before may be another by then."""


def read_sources(folders: Mapping[str, Path], at: datetime) -> Mapping[str, str]:
    """The text of each module in ``folders``, by its name; nothing where one was changed just before ``at``.

    Python loads a module first and we read its file after that. Somebody who saves the file in between would get a
    proof of what was there before.
    """
    found: dict[str, str] = {}
    for package, folder in folders.items():
        for path in sorted(folder.rglob("*.py")):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) > at - SETTLED:
                return {}
            found[_name(package, path.relative_to(folder))] = path.read_text(encoding="utf-8")
    return found


def _name(package: str, path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join((package, *(parts[:-1] if parts[-1] == "__init__" else parts)))


def _folder(package: ModuleType) -> Path:
    return Path(package.__path__[0])


LOADED = Program(
    sources=read_sources({"callflows": _folder(callflows), "routing": _folder(routing)}, SystemClock().now()),
    python=f"{sys.version} {sys.flags.optimize}",
    standard_library=sys.stdlib_module_names,
)
"""Read once, with the modules themselves, so that a file that is saved while we run is never taken for what runs."""
