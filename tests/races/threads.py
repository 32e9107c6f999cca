"""Several things at the same time, in real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def at_once(*works: Callable[[], Result]) -> list[Result]:
    """Do all ``works`` at the same moment; what each gave, in their order. Raises what any of them raised."""
    barrier = threading.Barrier(len(works))

    def begin(work: Callable[[], Result]) -> Result:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [found.result() for found in [pool.submit(begin, work) for work in works]]
