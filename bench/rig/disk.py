"""What durability costs here at the least, whatever the software above does."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

TRIES = 60
PAGE = bytes(4096)


def commit_ms(folder: Path) -> float:
    """The median of appending a page to a file in ``folder`` and waiting until the disk has it (fdatasync)."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        return statistics.median(_once(file.fileno()) for _ in range(TRIES)) * 1000


def _once(handle: int) -> float:
    start = time.perf_counter()
    os.write(handle, PAGE)
    os.fdatasync(handle)
    return time.perf_counter() - start
