"""The releases stored beside the flows."""

from __future__ import annotations

from pathlib import Path

import callflows
from callflows.proof.waiting_points import Release, read

FOLDER = Path(callflows.__file__).parent / "released"


def file_of(flow: str, version: int, folder: Path = FOLDER) -> Path:
    """Where the release of a flow is stored."""
    return folder / f"{flow}-{version}.json"


def releases(folder: Path = FOLDER) -> tuple[Release, ...]:
    """Every stored release. Raises UnreadableRelease."""
    return tuple(read(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))
